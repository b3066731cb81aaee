//! A rate that all connections of a gate share.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// No more than this passes at once, however fast.
const LARGEST_PIECE: u64 = 64 << 10;

/// How far behind its rate a flow may catch up.
const CATCH_UP: Duration = Duration::from_millis(50);

/// A wait that ends with a change as a rule.
const LONG: Duration = Duration::from_secs(3600);

/// How many bytes may pass, and when.
#[derive(Debug)]
pub(super) struct Flow {
    budget: Mutex<Budget>,
    changed: Condvar,
}

#[derive(Debug)]
struct Budget {
    /// Bytes per second; none is as fast as it goes.
    rate: Option<u64>,
    /// When what has passed so far was due.
    due: Instant,
}

impl Flow {
    /// As fast as it goes.
    pub(super) fn unlimited() -> Self {
        Self {
            budget: Mutex::new(Budget {
                rate: None,
                due: Instant::now(),
            }),
            changed: Condvar::new(),
        }
    }

    /// Sets the rate in bytes per second; 0 lets nothing pass until the next call.
    pub(super) fn set(&self, rate: Option<u64>) {
        let mut budget = self.budget();
        budget.rate = rate;
        budget.due = Instant::now();
        self.changed.notify_all();
    }

    /// Waits until some of `wanted` bytes may pass, which must not be none; returns how many.
    pub(super) fn take(&self, wanted: usize) -> usize {
        let mut budget = self.budget();
        loop {
            let Some(rate) = budget.rate else {
                return wanted;
            };
            let now = Instant::now();
            if rate > 0 && budget.due <= now {
                // A twentieth of a second's worth when slow, so that a slow body trickles.
                let piece = (rate / 20).clamp(1, LARGEST_PIECE).min(wanted as u64);
                let time = Duration::from_nanos(piece.saturating_mul(1_000_000_000) / rate);
                // What was late by the system's timers is caught up with, what was not wanted in time is not.
                budget.due = budget.due.max(now.checked_sub(CATCH_UP).unwrap_or(now)) + time;
                return usize::try_from(piece).unwrap_or(wanted);
            }
            let time = if rate == 0 { LONG } else { budget.due - now };
            let woken = self.changed.wait_timeout(budget, time);
            budget = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn budget(&self) -> MutexGuard<'_, Budget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
