//! How often a job's progress goes out.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How many progress events a job may have in ten intervals.
const BUDGET: usize = 10;

/// Holds a job's progress events to ten in ten intervals.
///
/// Running steps share eight of them, evenly spaced. The rest is for the last values of steps that
/// end, which go out at once: sums would be wrong without them. Should more steps end than that,
/// they go out nevertheless, and running steps wait.
#[derive(Debug)]
pub(super) struct Pace {
    spacing: Duration,
    window: Duration,
    sent: VecDeque<Instant>,
}

impl Pace {
    /// A pace of one event per `interval`.
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            spacing: interval * 5 / 4,
            window: interval * 10,
            sent: VecDeque::new(),
        }
    }

    /// When the next progress of a running step may go out; none if at any time.
    pub(super) fn next(&self) -> Option<Instant> {
        let spaced = *self.sent.back()? + self.spacing;
        let oldest = self.sent.len().checked_sub(BUDGET);
        let free = oldest.and_then(|index| self.sent.get(index));
        Some(free.map_or(spaced, |sent| spaced.max(*sent + self.window)))
    }

    /// Whether progress of a running step may go out.
    pub(super) fn allows(&self, now: Instant) -> bool {
        self.next().is_none_or(|next| next <= now)
    }

    /// Notes that one went out.
    pub(super) fn sent(&mut self, now: Instant) {
        self.sent.push_back(now);
        while self.sent.len() > BUDGET {
            self.sent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::Pace;

    fn sent_in(pace: &mut Pace, from: Instant, milliseconds: u64) -> usize {
        let moments = (0..milliseconds).map(|later| from + Duration::from_millis(later));
        moments
            .filter(|now| {
                let allowed = pace.allows(*now);
                if allowed {
                    pace.sent(*now);
                }
                allowed
            })
            .count()
    }

    #[test]
    fn running_steps_leave_room_for_the_last_values_of_others() {
        let (mut pace, start) = (Pace::new(Duration::from_millis(100)), Instant::now());
        assert!(pace.allows(start), "the first goes out at once");
        assert_eq!(sent_in(&mut pace, start, 1000), 8);
    }

    #[test]
    fn last_values_are_paid_for_afterwards() {
        let (mut pace, start) = (Pace::new(Duration::from_millis(100)), Instant::now());
        (0..10).for_each(|_| pace.sent(start));
        assert_eq!(sent_in(&mut pace, start, 1000), 0);
        assert!(pace.allows(start + Duration::from_secs(1)));
    }
}
