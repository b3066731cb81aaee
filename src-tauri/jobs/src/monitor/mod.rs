//! The monitor: one task that owns the state of all jobs, and the handles to it.

mod admission;
mod bulletin;
mod ending;
mod handle;
mod job;
mod job_handle;
mod message;
mod options;
mod owner;
mod pace;
mod rate;
mod recorder;
mod steps;
mod subscription;
mod track;
mod work;

pub use handle::{Monitor, Submission, SubmitError};
pub use job_handle::JobHandle;
pub(crate) use message::{Message, StepMessage};
pub use options::MonitorOptions;
pub use subscription::Subscription;
pub use work::{Earlier, JobContext, JobSpec};
