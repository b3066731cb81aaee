//! How fast a step is, measured over its last seconds.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How far back a rate looks.
const WINDOW: Duration = Duration::from_secs(5);

/// Less than this is too short to measure a rate.
const SHORTEST: Duration = Duration::from_millis(500);

/// The last seconds of a step's progress.
#[derive(Debug, Default)]
pub(super) struct RateWindow {
    samples: VecDeque<(Instant, u64)>,
}

impl RateWindow {
    /// Takes a measurement, and gives the rate per second if there are enough of them.
    pub(super) fn measure(&mut self, now: Instant, done: u64) -> Option<u64> {
        self.samples.push_back((now, done));
        // The newest sample beyond the window stays: a slow step is measured over longer.
        while self
            .samples
            .get(1)
            .is_some_and(|(at, _)| now - *at >= WINDOW)
        {
            self.samples.pop_front();
        }
        let (since, before) = *self.samples.front()?;
        let elapsed = now - since;
        if elapsed < SHORTEST {
            return None;
        }
        let moved = u128::from(done.saturating_sub(before));
        u64::try_from(moved * 1000 / elapsed.as_millis()).ok()
    }

    /// Forgets everything: what comes next has nothing to do with what was.
    pub(super) fn clear(&mut self) {
        self.samples.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::RateWindow;

    #[test]
    fn a_rate_follows_the_last_seconds() {
        let (mut rate, start) = (RateWindow::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(
            rate.measure(at(0), 1_000),
            None,
            "where it began is no rate"
        );
        assert_eq!(rate.measure(at(1), 3_000), Some(2_000));
        for second in 2..20 {
            rate.measure(at(second), 3_000 + (second - 1) * 10);
        }
        assert_eq!(rate.measure(at(20), 3_190), Some(10));
    }

    #[test]
    fn a_rate_after_a_long_silence_is_an_average_over_it() {
        let (mut rate, start) = (RateWindow::default(), Instant::now());
        rate.measure(start, 0);
        let later = start + Duration::from_secs(100);
        assert_eq!(rate.measure(later, 1_000), Some(10));
    }
}
