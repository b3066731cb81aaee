//! Moments as people and programs read them.

use jiff::tz::TimeZone;
use labwright_jobs::Timestamp;

/// A moment in local time: `2026-11-21 10:02:11`.
pub(crate) fn local(moment: Timestamp, zone: &TimeZone) -> String {
    let zoned = instant(moment).to_zoned(zone.clone());
    zoned.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The time of day in local time: `10:02:11`.
pub(super) fn time_of_day(moment: Timestamp, zone: &TimeZone) -> String {
    let zoned = instant(moment).to_zoned(zone.clone());
    zoned.strftime("%H:%M:%S").to_string()
}

/// A moment in ISO 8601 and UTC, with milliseconds: `2026-11-21T09:02:11.000Z`.
pub(crate) fn iso(moment: Timestamp) -> String {
    format!("{:.3}", instant(moment))
}

/// A moment beyond the years 9999 and -9999 reads as 1970.
fn instant(moment: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(moment.millis()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};
    use labwright_jobs::Timestamp;

    use super::{iso, local};

    #[test]
    fn people_get_local_time_and_programs_utc() {
        let moment = Timestamp(1_795_248_000_250);
        let zone = TimeZone::fixed(offset(2));
        assert_eq!(local(moment, &zone), "2026-11-21 10:00:00");
        assert_eq!(iso(moment), "2026-11-21T08:00:00.250Z");
        assert_eq!(iso(Timestamp(i64::MAX)), "1970-01-01T00:00:00.000Z");
    }
}
