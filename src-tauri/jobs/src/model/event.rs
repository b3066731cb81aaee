//! The one event enum that feeds the window, the terminal, the history and the notifications.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{JobId, Outcome, StepId, StepOutcome, Timestamp};

/// One change of one job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct JobEvent {
    /// The job that changed.
    pub job: JobId,
    /// Consecutive over all jobs of one monitor, from 1: a gap is visible.
    #[ts(type = "number")]
    pub seq: u64,
    /// When it happened. Order events by `seq`, not by this.
    pub at: Timestamp,
    /// What happened.
    pub change: Change,
}

/// What can happen to a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Change {
    /// The job exists and waits for its turn.
    Queued {
        /// What kind of work it is, for code: `import`, `pull`, …
        kind: String,
        /// What it does, for people.
        title: String,
    },
    /// The work began.
    Started,
    /// What the job makes or works on is known: the reference of the image that an import will give. The latest counts.
    Subject {
        /// Its name.
        subject: String,
    },
    /// A step is known, and pending. Later steps are announced before they start.
    StepAdded {
        /// The new step.
        step: StepId,
        /// The step it belongs to; none at the top.
        parent: Option<StepId>,
        /// What it does, for people.
        name: String,
    },
    /// A step began.
    StepStarted {
        /// The step.
        step: StepId,
    },
    /// A step came further. Merged: only the latest value of a step is worth showing.
    Progress {
        /// The step.
        step: StepId,
        /// How far it is.
        progress: Progress,
    },
    /// A step waits for something that it knows, or does not any more. The latest counts.
    Waiting {
        /// The step.
        step: StepId,
        /// What it waits for, for people; none once it goes on.
        waiting_for: Option<String>,
    },
    /// Nothing moved in a step for a while. It is not failed; it may move again.
    Stalled {
        /// The step.
        step: StepId,
        /// What it waits for, for people.
        waiting_for: String,
    },
    /// A line of output.
    Log {
        /// The step that said it.
        step: StepId,
        /// The line, without its line end.
        line: String,
    },
    /// A step ended.
    StepFinished {
        /// The step.
        step: StepId,
        /// How it ended.
        outcome: StepOutcome,
    },
    /// The job ended: its last event, and exactly one.
    Finished {
        /// How it ended.
        outcome: Outcome,
    },
}

impl Change {
    /// The step it is about, if it is about one.
    pub fn step(&self) -> Option<StepId> {
        match self {
            Self::Queued { .. } | Self::Started | Self::Subject { .. } | Self::Finished { .. } => {
                None
            }
            Self::StepAdded { step, .. }
            | Self::StepStarted { step }
            | Self::Progress { step, .. }
            | Self::Waiting { step, .. }
            | Self::Stalled { step, .. }
            | Self::Log { step, .. }
            | Self::StepFinished { step, .. } => Some(*step),
        }
    }
}

/// How far a step is. Only measured numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Progress {
    /// How much is done. Never falls within a step.
    #[ts(type = "number")]
    pub done: u64,
    /// Out of how much, where that is known. Never less than `done`.
    #[ts(type = "number | null")]
    pub total: Option<u64>,
    /// What is counted.
    pub unit: Unit,
    /// Units per second, measured over the last seconds. None for seconds and while unknown.
    #[ts(type = "number | null")]
    pub rate: Option<u64>,
}

/// What a step's progress counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Things: layers, nodes, files.
    Items,
    /// Seconds that passed: a clock, no sign of movement.
    Seconds,
}

impl Unit {
    /// Whether counting up means that something moved. Time passes by itself.
    pub fn shows_movement(self) -> bool {
        !matches!(self, Self::Seconds)
    }
}
