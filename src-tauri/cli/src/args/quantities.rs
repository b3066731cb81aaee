//! Quantities with units, and times, as they are typed. Pure.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp};

const TIMES: [(&str, u64); 4] = [("us", 1), ("µs", 1), ("ms", 1_000), ("s", 1_000_000)];
const SHARES: [(&str, u64); 1] = [("%", 10_000)];
const RATES: [(&str, u64); 4] = [
    ("bit", 1),
    ("kbit", 1_000),
    ("mbit", 1_000_000),
    ("gbit", 1_000_000_000),
];
/// All of it, in millionths.
const ALL: u32 = 1_000_000;

/// Reads a time, `10ms`.
pub(super) fn microseconds(text: &str) -> Result<u32, String> {
    let time = quantity(text, &TIMES, "10ms, 250us or 1.5s")?;
    u32::try_from(time).map_err(|_| "longer than an hour is too long".to_owned())
}

/// Reads a share, `0.5%`.
pub(super) fn parts_per_million(text: &str) -> Result<u32, String> {
    let share = quantity(text, &SHARES, "1% or 0.1%")?;
    let share = u32::try_from(share).ok().filter(|share| *share <= ALL);
    share.ok_or_else(|| "there is no more than 100%".to_owned())
}

/// Reads a rate, `10mbit`, with or without `/s`.
pub(super) fn bits_per_second(text: &str) -> Result<u64, String> {
    let text = text.strip_suffix("/s").unwrap_or(text);
    let rate = quantity(text, &RATES, "10mbit, 64kbit or 1gbit")?;
    if rate == 0 {
        return Err("nothing would pass: lw link down does that".to_owned());
    }
    Ok(rate)
}

/// A number with one of these units, in the smallest of them.
fn quantity(text: &str, units: &[(&str, u64)], examples: &str) -> Result<u64, String> {
    let split = text.find(|character: char| !character.is_ascii_digit() && character != '.');
    let (number, unit) = text.split_at(split.unwrap_or(text.len()));
    let unit = unit.trim().to_lowercase();
    let size = units.iter().find(|(name, _)| *name == unit);
    let expected = || format!("a number and its unit are expected: {examples}");
    let (_, size) = size.ok_or_else(expected)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || fraction.contains('.') {
        return Err(expected());
    }
    scaled(whole, fraction, *size).ok_or_else(|| format!("{text} is too large, or too exact"))
}

/// None where it is too large, or where a part of the smallest unit would be lost.
fn scaled(whole: &str, fraction: &str, size: u64) -> Option<u64> {
    let fraction = fraction.trim_end_matches('0');
    let digits: u64 = [whole, fraction].concat().parse().ok()?;
    let parts = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let scaled = digits.checked_mul(size)?;
    scaled.is_multiple_of(parts).then(|| scaled / parts)
}

/// A moment, or how long ago it was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Since {
    /// In UTC, or with its zone.
    At(Timestamp),
    /// Where the user is.
    Local(DateTime),
    /// So many seconds ago.
    Ago(i64),
}

impl Since {
    /// Reads `10m`, `2026-11-20T10:00:00Z` or `2026-11-20 10:00`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let moment = text.parse().map(Self::At);
        let moment = moment.or_else(|_| text.parse().map(Self::Local));
        let moment = moment.or_else(|_| text.parse::<Span>().and_then(ago));
        moment.map_err(|_| {
            format!("{text} is neither a time nor a duration: 10m, 2h30m, 2026-11-20T10:00:00Z")
        })
    }

    /// Seconds since 1970-01-01 UTC; a moment in the future is now.
    pub(crate) fn seconds(&self, now: Timestamp, zone: &TimeZone) -> i64 {
        let now = now.as_second();
        let then = match self {
            Self::At(moment) => moment.as_second(),
            Self::Local(moment) => {
                let zoned = moment.to_zoned(zone.clone());
                zoned.map_or(now, |zoned| zoned.timestamp().as_second())
            }
            Self::Ago(seconds) => now.saturating_sub(*seconds),
        };
        // Nothing was printed before 1970.
        then.clamp(0, now)
    }
}

fn ago(span: Span) -> Result<Since, jiff::Error> {
    let time = span.to_duration(SpanRelativeTo::days_are_24_hours())?;
    Ok(Since::Ago(time.as_secs().saturating_abs()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use jiff::Timestamp;
    use jiff::tz::{TimeZone, offset};

    use super::*;

    #[test]
    fn quantities_are_exact() {
        assert_eq!(microseconds("1.5s"), Ok(1_500_000));
        assert_eq!(microseconds("0.25 ms"), Ok(250));
        assert_eq!(microseconds("4294s"), Ok(4_294_000_000));
        assert_eq!(parts_per_million("100%"), Ok(1_000_000));
        assert_eq!(parts_per_million("0.0001%"), Ok(1));
        assert_eq!(bits_per_second("1.5Mbit/s"), Ok(1_500_000));
        assert_eq!(bits_per_second("10gbit"), Ok(10_000_000_000));
    }

    #[test]
    fn what_is_no_quantity_says_what_is_expected() {
        let said = [
            microseconds("10").unwrap_err(),
            microseconds(".5s").unwrap_err(),
            microseconds("1.2.3s").unwrap_err(),
            microseconds("0.5us").unwrap_err(),
            microseconds("99999999s").unwrap_err(),
            parts_per_million("100.1%").unwrap_err(),
            parts_per_million("-1%").unwrap_err(),
            bits_per_second("0bit").unwrap_err(),
            bits_per_second("10mb").unwrap_err(),
            bits_per_second("99999999999gbit").unwrap_err(),
        ];
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn a_moment_is_a_time_or_a_duration() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(offset(2));
        let seconds =
            |text: &str| now.as_second() - Since::parse(text).unwrap().seconds(now, &zone);
        assert_eq!(seconds("10m"), 600);
        assert_eq!(seconds("2h30m"), 9000);
        assert_eq!(seconds("1h 5s"), 3605);
        assert_eq!(seconds("2d"), 172_800);
        assert_eq!(seconds("2026-11-21T11:00:00Z"), 3600);
        assert_eq!(seconds("2026-11-21T11:00:00+02:00"), 10_800);
        assert_eq!(seconds("2026-11-21 13:00"), 3600);
        assert_eq!(seconds("2026-11-21"), 50_400);
        assert_eq!(seconds("2027-01-01"), 0);
        for wrong in ["", "10", "yesterday", "10x", "2026-13-01"] {
            assert!(Since::parse(wrong).is_err(), "{wrong}");
        }
    }
}
