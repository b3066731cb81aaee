//! When to look for what is missing: often at first, then once a second.

use std::time::{Duration, Instant};

/// The first pause.
const SHORTEST: Duration = Duration::from_millis(20);

/// The longest.
const LONGEST: Duration = Duration::from_secs(1);

/// The pauses between two looks.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pause: Duration,
    next: Option<Instant>,
    anew: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            pause: SHORTEST,
            next: None,
            anew: true,
        }
    }
}

impl Search {
    /// Something was lost, or is about to come: pauses are short again.
    pub(super) fn begin_anew(&mut self) {
        self.anew = true;
    }

    /// When to look next, if something is `missing`.
    pub(super) fn next(&mut self, missing: bool, now: Instant) -> Option<Instant> {
        if !missing {
            self.next = None;
            return None;
        }
        if self.anew || self.next.is_none() {
            self.pause = SHORTEST;
            self.next = Some(now + self.pause);
            self.anew = false;
        }
        self.next
    }

    /// Whether it is time to look. The pause behind it is twice as long.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let due = self.next.is_some_and(|next| next <= now);
        if due {
            self.pause = (self.pause * 2).min(LONGEST);
            self.next = Some(now + self.pause);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_second_and_begin_anew() {
        let mut search = Search::default();
        let mut now = Instant::now();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let next = search.next(true, now).unwrap_or(now);
            pauses.push((next - now).as_millis());
            now = next;
            assert!(search.is_due(now));
        }
        assert_eq!(pauses, [20, 40, 80, 160, 320, 640, 1000, 1000]);
        search.begin_anew();
        assert_eq!(search.next(true, now), Some(now + SHORTEST));
        assert_eq!(search.next(false, now), None);
        assert!(!search.is_due(now + LONGEST));
    }
}
