//! What is done to frames, in words. Pure.

use labwright_labs::links::Impairments;

const TIMES: [(&str, u64); 3] = [("s", 1_000_000), ("ms", 1_000), ("µs", 1)];
const SHARES: [(&str, u64); 1] = [("%", 10_000)];
const RATES: [(&str, u64); 4] = [
    ("gbit/s", 1_000_000_000),
    ("mbit/s", 1_000_000),
    ("kbit/s", 1_000),
    ("bit/s", 1),
];

/// `delayed 10ms ±2ms, 1% lost, 10mbit/s`; empty where nothing is done.
pub(crate) fn impairments(impairments: &Impairments) -> String {
    let time = |us: u32| amount(us.into(), &TIMES);
    let share = |ppm: u32| amount(ppm.into(), &SHARES);
    let Impairments {
        delay_us,
        jitter_us,
        loss_ppm,
        corruption_ppm,
        rate_bps,
    } = *impairments;
    let words = [
        (delay_us > 0 && jitter_us == 0).then(|| format!("delayed {}", time(delay_us))),
        (jitter_us > 0).then(|| format!("delayed {} ±{}", time(delay_us), time(jitter_us))),
        (loss_ppm > 0).then(|| format!("{} lost", share(loss_ppm))),
        (corruption_ppm > 0).then(|| format!("{} damaged", share(corruption_ppm))),
        (rate_bps > 0).then(|| amount(rate_bps, &RATES)),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    words.join(", ")
}

/// The whole amount in the largest unit that it reaches.
fn amount(amount: u64, units: &[(&str, u64)]) -> String {
    let unit = units.iter().find(|(_, size)| amount >= *size);
    let Some((name, size)) = unit.or(units.last()) else {
        return amount.to_string();
    };
    let rest = amount % size;
    let digits = size.ilog10() as usize;
    let fraction = format!("{rest:0digits$}");
    match fraction.trim_end_matches('0') {
        "" => format!("{}{name}", amount / size),
        fraction => format!("{}.{fraction}{name}", amount / size),
    }
}

#[cfg(test)]
mod tests {
    use labwright_labs::links::Impairments;

    use super::impairments;

    #[test]
    fn what_is_done_is_said_exactly() {
        let said = |impairment: Impairments| impairments(&impairment);
        assert_eq!(said(Impairments::NONE), "");
        let all = Impairments {
            delay_us: 1_500_000,
            jitter_us: 250,
            loss_ppm: 1,
            corruption_ppm: 1_000_000,
            rate_bps: 1_500_000_001,
        };
        let expected = "delayed 1.5s ±250µs, 0.0001% lost, 100% damaged, 1.500000001gbit/s";
        assert_eq!(said(all), expected);
        let one = Impairments {
            delay_us: 10_000,
            ..Impairments::NONE
        };
        assert_eq!(said(one), "delayed 10ms");
    }
}
