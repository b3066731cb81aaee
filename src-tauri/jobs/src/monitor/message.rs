//! What the monitor's task is told.

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::JoinError;

use super::handle::{Submission, SubmitError};
use super::subscription::Subscription;
use super::work::{JobSpec, Work, WorkResult};
use crate::history::{Claim, HistoryError};
use crate::report::Slot;
use crate::{CancelReason, JobId, Snapshot, StepId, StepOutcome};

/// Where a request for a job is answered.
pub(crate) type SubmitReply = oneshot::Sender<Result<Submission, SubmitError>>;

/// A request for a job.
pub(crate) struct Request {
    pub(crate) spec: JobSpec,
    pub(crate) work: Work,
    pub(crate) wish: Wish,
    pub(crate) reply: SubmitReply,
}

/// What kind of job is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// One whose work is this process's, and ends with it.
    Bound,
    /// One whose work goes on without us. If it was left, it is joined.
    Durable,
    /// This one, which was left, and no other.
    Left(JobId),
}

/// What the monitor's task is told, in one order for all.
pub(crate) enum Message {
    /// Somebody wants a job.
    Submit(Box<Request>),
    /// The history answered whether a job may be.
    Claimed {
        job: JobId,
        claim: Result<Claim, HistoryError>,
    },
    /// Somebody wants to watch.
    Subscribe(oneshot::Sender<(Snapshot, Subscription)>),
    /// Somebody wants a job to stop; answers whether it ran or waited.
    Cancel {
        job: JobId,
        reason: CancelReason,
        reply: Option<oneshot::Sender<bool>>,
    },
    /// Another number of a queue's jobs may run at once.
    QueueLimit { queue: String, limit: usize },
    /// A job's token was cancelled.
    Cancelled(JobId),
    /// The work says where it stands, after all that it said before.
    Checkpoint {
        job: JobId,
        checkpoint: serde_json::Value,
    },
    /// The work says what the job is about.
    Subject { job: JobId, subject: String },
    /// A step's work says something.
    Step {
        job: JobId,
        step: StepId,
        message: StepMessage,
    },
    /// There is progress to fetch.
    Moved(JobId),
    /// The work came to an end.
    Ended {
        job: JobId,
        result: Result<WorkResult, JoinError>,
    },
    /// The history answered whether a job's end is written.
    Recorded {
        job: JobId,
        result: Result<(), HistoryError>,
    },
    /// The program ends; answers when all jobs did.
    Shutdown(oneshot::Sender<()>),
}

/// What a step's work says.
#[derive(Debug)]
pub(crate) enum StepMessage {
    /// It is known.
    Added {
        parent: Option<StepId>,
        name: String,
        slot: Arc<Slot>,
    },
    /// It began, with a clock as its progress or without.
    Started { clock: bool },
    /// What it waits for; none once it goes on.
    Waits(Option<String>),
    /// A line of output.
    Log(String),
    /// It ended.
    Finished(StepOutcome),
}
