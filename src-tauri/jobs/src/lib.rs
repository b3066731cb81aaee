//! Jobs, steps, progress, events, cancellation and history.
//!
//! Work is a future that gets a [`JobContext`]: a [`Reporter`] to say how far it is, and a
//! [`CancelToken`] to hear that it should stop. One [`Monitor`] owns the state of all jobs and
//! publishes every change as a numbered [`JobEvent`]; the window, the terminal and the
//! notifications are subscribers to the same events. The [`History`] keeps jobs beyond the process
//! and is shared by several.
//!
//! This crate knows no engine, no SSH, no window and no terminal.

mod cancel;
mod history;
mod key;
mod model;
mod monitor;
mod report;

pub use cancel::CancelToken;
pub use history::{
    History, HistoryError, HistoryPage, HistoryQuery, JobFilter, JobRecord, OutcomeCounts,
    OutcomeKind, ProcessIdentity,
};
pub use key::PART;
pub use model::{
    CancelReason, Change, ErrorReport, Failure, Gap, JobEvent, JobId, JobState, LOG_LINES_KEPT,
    LogLine, MAX_STEP_DEPTH, Outcome, Progress, Snapshot, StepId, StepOutcome, StepState,
    StepStatus, Timestamp, Unit, changes_between,
};
pub use monitor::{
    Earlier, JobContext, JobHandle, JobSpec, Monitor, MonitorOptions, Submission, SubmitError,
    Subscription,
};
pub use report::{LOG_LINE_BYTES, LOG_LINES_REPORTED, Reporter, Step};
