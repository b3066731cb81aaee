//! What is known of one step.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Progress, StepId, StepOutcome, Timestamp, Unit};

/// What is known of one step after some events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct StepState {
    /// Its name within the job.
    pub id: StepId,
    /// The step it belongs to; none at the top.
    pub parent: Option<StepId>,
    /// What it does, for people.
    pub name: String,
    /// Where it stands.
    pub status: StepStatus,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How far it is, once anything was measured.
    pub progress: Option<Progress>,
    /// What it said that it waits for. That is no stall.
    #[serde(default)]
    pub waiting: Option<String>,
    /// What it waits for, while nothing moves.
    pub stalled: Option<String>,
    /// How it ended.
    pub outcome: Option<StepOutcome>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum StepStatus {
    /// It is known, but did not begin.
    Pending,
    /// It runs.
    Running,
    /// It ended: see its outcome.
    Finished,
}

impl StepState {
    pub(super) fn pending(id: StepId, parent: Option<StepId>, name: String) -> Self {
        Self {
            id,
            parent,
            name,
            status: StepStatus::Pending,
            started_at: None,
            finished_at: None,
            progress: None,
            waiting: None,
            stalled: None,
            outcome: None,
        }
    }

    /// Whether it did not end yet.
    pub fn is_open(&self) -> bool {
        self.status != StepStatus::Finished
    }

    pub(super) fn start(&mut self, at: Timestamp) -> bool {
        if self.status != StepStatus::Pending {
            return false;
        }
        self.status = StepStatus::Running;
        self.started_at = Some(at);
        true
    }

    /// Takes over `next` if it says something new and does not lead backwards.
    pub(super) fn advance(&mut self, next: Progress) -> bool {
        if self.status != StepStatus::Running {
            return false;
        }
        let Some(next) = forward(self.progress, next) else {
            return false;
        };
        if moved(self.progress, next) {
            self.stalled = None;
        }
        self.progress = Some(next);
        true
    }

    /// What it waits for from now on. Where it was stalled, it is not any more.
    pub(super) fn wait(&mut self, waiting_for: Option<&str>) -> bool {
        let says_something = self.waiting.as_deref() != waiting_for || self.stalled.is_some();
        if self.status != StepStatus::Running || !says_something {
            return false;
        }
        self.waiting = waiting_for.map(str::to_owned);
        self.stalled = None;
        true
    }

    pub(super) fn stall(&mut self, waiting_for: &str) -> bool {
        if self.status != StepStatus::Running {
            return false;
        }
        self.stalled = Some(waiting_for.to_owned());
        if let Some(progress) = &mut self.progress {
            // A rate measured before nothing moved is no longer true.
            progress.rate = None;
        }
        true
    }

    pub(super) fn finish(&mut self, outcome: &StepOutcome, at: Timestamp) -> bool {
        if self.status == StepStatus::Finished {
            return false;
        }
        self.status = StepStatus::Finished;
        self.finished_at = Some(at);
        self.waiting = None;
        self.stalled = None;
        if let Some(progress) = &mut self.progress {
            progress.rate = None;
        }
        self.outcome = Some(outcome.clone());
        true
    }
}

/// What the step's progress becomes if `next` is reported after `last`; none if it would lead
/// backwards, change what is counted, or say nothing new.
///
/// A clock may give way to something measured, but not the reverse. A total that was passed was
/// wrong: it is unknown from then on, rather than a 100 % that nobody confirmed.
pub(crate) fn forward(last: Option<Progress>, next: Progress) -> Option<Progress> {
    let next = Progress {
        total: next.total.filter(|total| *total >= next.done),
        ..next
    };
    match last {
        None => Some(next),
        Some(last) if last.unit == Unit::Seconds && next.unit != Unit::Seconds => Some(next),
        Some(last) => {
            let onward = last.unit == next.unit && last.done <= next.done;
            (onward && last != next).then_some(next)
        }
    }
}

/// Whether going from `last` to `next` shows that something moved.
pub(crate) fn moved(last: Option<Progress>, next: Progress) -> bool {
    let before = last
        .filter(|last| last.unit == next.unit)
        .map_or(0, |last| last.done);
    next.unit.shows_movement() && next.done > before
}
