//! What a job is and what can happen to it: plain data and one pure reducer.

mod changes;
mod event;
mod id;
mod job_state;
mod outcome;
mod snapshot;
mod step_state;
mod timestamp;

pub use changes::changes_between;
pub use event::{Change, JobEvent, Progress, Unit};
pub use id::{JobId, StepId};
pub use job_state::{JobState, LOG_LINES_KEPT, LogLine, MAX_STEP_DEPTH};
pub use outcome::{CancelReason, ErrorReport, Failure, Outcome, StepOutcome};
pub use snapshot::{Gap, Snapshot};
pub use step_state::{StepState, StepStatus};
pub(crate) use step_state::{forward, moved};
pub use timestamp::Timestamp;
