//! Numbers as people read them. Amounts are cut, never rounded up: what is shown was reached.

use labwright_jobs::{Progress, Timestamp, Unit};

const SIZES: [(&str, u64); 4] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
];

/// A number of bytes in three digits: `462 MiB`, `2.60 GiB`.
pub(crate) fn bytes(amount: u64) -> String {
    let unit = SIZES.iter().find(|(_, size)| amount >= *size);
    let Some((name, size)) = unit else {
        return format!("{amount} B");
    };
    let whole = amount / size;
    let hundredths = u128::from(amount % size) * 100 / u128::from(*size);
    match whole {
        0..10 => format!("{whole}.{hundredths:02} {name}"),
        10..100 => format!("{whole}.{} {name}", hundredths / 10),
        _ => format!("{whole} {name}"),
    }
}

/// A time that passed, in milliseconds: `0.3 s`, `41 s`, `2 m 10 s`, `1 h 02 m`, `3 d 4 h`.
pub(crate) fn duration(milliseconds: i64) -> String {
    let milliseconds = milliseconds.max(0);
    if milliseconds < 10_000 {
        return format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100);
    }
    whole_seconds(milliseconds / 1000)
}

/// A time in whole seconds: `8 s`, `2 m 10 s`.
pub(crate) fn whole_seconds(seconds: i64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} m {:02} s", seconds % 60),
        3600..86_400 => format!("{hours} h {:02} m", minutes % 60),
        _ => format!("{} d {} h", hours / 24, hours % 24),
    }
}

/// How long ago something was, in one unit: `40 s`, `5 m`, `3 h`, `12 d`.
pub(crate) fn age(then: Timestamp, now: Timestamp) -> String {
    let seconds = (now.millis() - then.millis()).max(0) / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} m", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// How far a step is: `231 MiB of 462 MiB`, `1 item`, `3 items`.
pub(crate) fn amount(progress: &Progress) -> String {
    let one = |count| match progress.unit {
        Unit::Bytes => bytes(count),
        Unit::Items => count.to_string(),
        Unit::Seconds => whole_seconds(i64::try_from(count).unwrap_or(i64::MAX)),
    };
    match progress.total {
        Some(total) => format!("{} of {}", one(progress.done), one(total)),
        None if progress.unit == Unit::Items && progress.done == 1 => "1 item".to_owned(),
        None if progress.unit == Unit::Items => format!("{} items", progress.done),
        None => one(progress.done),
    }
}

/// How fast a step is, where that was measured: `38.4 MiB/s`. Of things that take longer each, their count says more.
pub(crate) fn rate(progress: &Progress) -> Option<String> {
    let rate = progress.rate?;
    match progress.unit {
        Unit::Bytes => Some(format!("{}/s", bytes(rate))),
        Unit::Items => (rate > 0).then(|| format!("{rate}/s")),
        Unit::Seconds => None,
    }
}

/// How long a step will still take at its rate; none where total or rate is unknown, or where
/// nothing moves.
pub(crate) fn time_left(progress: &Progress) -> Option<String> {
    let rate = progress.rate.filter(|rate| *rate > 0)?;
    let rest = progress.total?.saturating_sub(progress.done);
    let seconds = i64::try_from(rest.div_ceil(rate)).ok()?;
    (seconds > 0).then(|| format!("{} left", whole_seconds(seconds)))
}

#[cfg(test)]
mod tests {
    use labwright_jobs::{Progress, Timestamp, Unit};

    use super::{age, amount, bytes, duration, rate, time_left};

    const MIB: u64 = 1 << 20;

    #[test]
    fn bytes_have_three_digits_and_are_never_rounded_up() {
        for (amount, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.00 KiB"),
            (462 * MIB, "462 MiB"),
            (MIB * 1024 - 1, "1023 MiB"),
            (MIB * 2662, "2.59 GiB"),
            (40_265_318, "38.3 MiB"),
            (u64::MAX, "16777215 TiB"),
        ] {
            assert_eq!(bytes(amount), shown);
        }
    }

    #[test]
    fn times_have_two_units_at_the_most() {
        for (milliseconds, shown) in [
            (-5, "0.0 s"),
            (340, "0.3 s"),
            (9_999, "9.9 s"),
            (41_900, "41 s"),
            (130_000, "2 m 10 s"),
            (3_720_000, "1 h 02 m"),
            (273_600_000, "3 d 4 h"),
        ] {
            assert_eq!(duration(milliseconds), shown);
        }
        let days = 3 * 86_400_000 + 5;
        assert_eq!(age(Timestamp(0), Timestamp(days)), "3 d");
        assert_eq!(age(Timestamp(9_000), Timestamp(0)), "0 s");
    }

    fn progress(done: u64, total: Option<u64>, unit: Unit, rate: Option<u64>) -> Progress {
        Progress {
            done,
            total,
            unit,
            rate,
        }
    }

    #[test]
    fn nothing_is_said_that_was_not_measured() {
        let known = progress(231 * MIB, Some(462 * MIB), Unit::Bytes, Some(38 * MIB));
        assert_eq!(amount(&known), "231 MiB of 462 MiB");
        assert_eq!(rate(&known).as_deref(), Some("38.0 MiB/s"));
        assert_eq!(time_left(&known).as_deref(), Some("7 s left"));
        let unknown = progress(231 * MIB, None, Unit::Bytes, Some(38 * MIB));
        assert_eq!(amount(&unknown), "231 MiB");
        assert_eq!(time_left(&unknown), None);
        let still = progress(1, Some(3), Unit::Items, Some(0));
        assert_eq!(amount(&still), "1 of 3");
        assert_eq!(time_left(&still), None);
        for (done, shown) in [(0, "0 items"), (1, "1 item"), (3, "3 items")] {
            assert_eq!(amount(&progress(done, None, Unit::Items, None)), shown);
        }
        let clock = progress(75, None, Unit::Seconds, None);
        assert_eq!(amount(&clock), "1 m 15 s");
        assert_eq!(rate(&clock), None);
    }
}
