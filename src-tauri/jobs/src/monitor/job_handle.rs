//! Holding a job.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::message::Message;
use crate::{CancelReason, CancelToken, JobId, Outcome};

/// Holds a job. When the last handle of a job is dropped and none of them was detached, the job is
/// cancelled.
#[derive(Clone)]
pub struct JobHandle {
    guard: Arc<Guard>,
    outcome: watch::Receiver<Option<Outcome>>,
}

impl JobHandle {
    pub(super) fn new(guard: Arc<Guard>, outcome: watch::Receiver<Option<Outcome>>) -> Self {
        Self { guard, outcome }
    }

    /// The job's name.
    pub fn id(&self) -> &JobId {
        &self.guard.job
    }

    /// Tells the job to stop. The first reason wins; a job that ended stays as it is.
    pub fn cancel(&self, reason: CancelReason) {
        self.guard.cancel(reason);
    }

    /// Waits for the job's end, which is written by then, as far as it can be written.
    ///
    /// Can be dropped and called again at will.
    pub async fn outcome(&self) -> Outcome {
        self.end().await.unwrap_or_else(|| Outcome::Lost {
            why: "the monitor stopped before the job ended".to_owned(),
        })
    }

    /// The same; none if the job was left, or the monitor stopped before.
    pub async fn end(&self) -> Option<Outcome> {
        let mut outcome = self.outcome.clone();
        let ended = outcome.wait_for(Option::is_some).await;
        ended.ok().and_then(|outcome| outcome.clone())
    }

    /// Lets the job go on without anyone holding it, for good.
    pub fn detach(self) {
        self.guard.detached.store(true, Ordering::Release);
    }
}

impl fmt::Debug for JobHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("JobHandle").field(self.id()).finish()
    }
}

/// Cancels a job when it is dropped, unless the job was detached.
pub(super) struct Guard {
    pub(super) job: JobId,
    pub(super) token: CancelToken,
    pub(super) detached: Arc<AtomicBool>,
    pub(super) owner: UnboundedSender<Message>,
}

impl Guard {
    fn cancel(&self, reason: CancelReason) {
        self.token.cancel(reason);
        // A job that waits for its turn has no work that could hear the token.
        let _owner_gone = self.owner.send(Message::Cancelled(self.job.clone()));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.detached.load(Ordering::Acquire) {
            self.cancel(CancelReason::HandleDropped);
        }
    }
}
