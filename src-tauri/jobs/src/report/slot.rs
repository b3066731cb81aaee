//! Where a step's latest progress lies until the monitor fetches it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Progress, Unit};

/// A step's latest progress: newer values replace older ones, so a fast producer costs no memory.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    latest: Mutex<Latest>,
}

/// What a producer said since the monitor last looked.
#[derive(Debug, Default)]
struct Latest {
    progress: Option<Progress>,
    spoke: bool,
    if_stalled: Option<String>,
}

/// What the monitor fetches.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fetched {
    /// The latest progress, if any came.
    pub(crate) progress: Option<Progress>,
    /// Whether there was output too much to be reported.
    pub(crate) spoke: bool,
}

impl Slot {
    /// Puts progress in the place of what lies there, unless two producers overtook each other.
    pub(crate) fn put(&self, done: u64, total: Option<u64>, unit: Unit) {
        let mut latest = self.lock();
        let overtaken = latest
            .progress
            .is_some_and(|lying| lying.unit == unit && lying.done > done);
        if !overtaken {
            latest.progress = Some(Progress {
                done,
                total,
                unit,
                rate: None,
            });
        }
    }

    /// Notes that there was output, though none that is reported.
    pub(crate) fn speak(&self) {
        self.lock().spoke = true;
    }

    /// Sets what the step waits for, should it stall.
    pub(crate) fn put_if_stalled(&self, text: String) {
        self.lock().if_stalled = Some(text);
    }

    /// What the step waits for if it stalls, where it ever said so.
    pub(crate) fn if_stalled(&self) -> Option<String> {
        self.lock().if_stalled.clone()
    }

    /// Takes out what lies there.
    pub(crate) fn fetch(&self) -> Fetched {
        let mut latest = self.lock();
        Fetched {
            progress: latest.progress.take(),
            spoke: std::mem::take(&mut latest.spoke),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        // The values are whole after every statement: a panic elsewhere cannot have spoiled them.
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
