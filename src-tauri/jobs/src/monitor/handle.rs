//! The handle to the monitor.

use std::future::Future;

use tokio::sync::{mpsc, oneshot};

use super::job_handle::JobHandle;
use super::message::{Message, Request, Wish};
use super::options::MonitorOptions;
use super::owner::Owner;
use super::subscription::Subscription;
use super::work::{JobContext, JobSpec, Work, WorkResult, boxed};
use crate::history::History;
use crate::{CancelReason, ErrorReport, JobId, Snapshot};

/// Owns the state of all jobs of this process. Clones are handles to the same monitor.
///
/// It lives as long as any handle to it or to one of its jobs, and as any of its jobs.
#[derive(Clone, Debug)]
pub struct Monitor {
    owner: mpsc::UnboundedSender<Message>,
    history: History,
}

/// A job that was asked for.
#[derive(Debug)]
pub struct Submission {
    /// Holds the job.
    pub handle: JobHandle,
    /// Whether the job was there before: its key was the same, and the new work was not begun.
    pub resumed: bool,
}

/// Why a job that was asked for is not there.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The same is done by another process.
    #[error("“{title}” runs already, in the process {pid}")]
    RunsElsewhere {
        /// The job there.
        job: JobId,
        /// What it does, for people.
        title: String,
        /// The process that runs it.
        pid: u32,
    },
    /// It cannot be joined: it ended, or somebody follows it.
    #[error("the job {job} is not one that was left")]
    NotLeft {
        /// The job.
        job: JobId,
    },
    /// The monitor has gone.
    #[error("the program is about to end and takes no more jobs")]
    Stopped,
}

impl SubmitError {
    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::RunsElsewhere { .. } => {
                vec!["Watch that job or wait for its end, then ask again.".to_owned()]
            }
            Self::NotLeft { job } => vec![format!("lw jobs show {job} says how it stands.")],
            Self::Stopped => Vec::new(),
        }
    }

    /// What code branches on. Stable.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RunsElsewhere { .. } => "runs_elsewhere",
            Self::NotLeft { .. } => "job_not_left",
            Self::Stopped => "stopped",
        }
    }

    /// The error as it crosses borders.
    pub fn report(&self) -> ErrorReport {
        let mut report = ErrorReport::of(self.code(), self);
        report.hints = self.hints();
        report
    }
}

impl Monitor {
    /// Starts a monitor that keeps its jobs in `history`. Must be called within a tokio runtime.
    pub fn start(history: History, options: MonitorOptions) -> Self {
        let (owner, messages) = mpsc::unbounded_channel();
        let task = Owner::new(history.clone(), options, owner.downgrade());
        tokio::spawn(task.run(messages));
        Self { owner, history }
    }

    /// Asks for a job. If one with the same key runs or waits in this process, it is given instead,
    /// and `work` is dropped; if that one was cancelled and is about to end, the new one follows it.
    ///
    /// Dropping the future before it is ready cancels the job.
    pub async fn submit<W, F>(&self, spec: JobSpec, work: W) -> Result<Submission, SubmitError>
    where
        W: FnOnce(JobContext) -> F + Send + 'static,
        F: Future<Output = WorkResult> + Send + 'static,
    {
        self.request(spec, Wish::Bound, boxed(work)).await
    }

    /// The same for work that goes on elsewhere, whatever becomes of this process: it says where it stands with
    /// [`JobContext::checkpoint`], and a job that was left is joined there, with the steps that it had.
    ///
    /// It is left when its process ends, or when the work ends with [`Failure::Left`](crate::Failure::Left).
    pub async fn submit_durable<W, F>(
        &self,
        spec: JobSpec,
        work: W,
    ) -> Result<Submission, SubmitError>
    where
        W: FnOnce(JobContext) -> F + Send + 'static,
        F: Future<Output = WorkResult> + Send + 'static,
    {
        self.request(spec, Wish::Durable, boxed(work)).await
    }

    /// Joins one job that was left: `spec` is what it was asked to be. Nothing new is begun.
    pub async fn join<W, F>(
        &self,
        job: &JobId,
        spec: JobSpec,
        work: W,
    ) -> Result<Submission, SubmitError>
    where
        W: FnOnce(JobContext) -> F + Send + 'static,
        F: Future<Output = WorkResult> + Send + 'static,
    {
        let wish = Wish::Left(job.clone());
        self.request(spec, wish, boxed(work)).await
    }

    async fn request(
        &self,
        spec: JobSpec,
        wish: Wish,
        work: Work,
    ) -> Result<Submission, SubmitError> {
        let request = |reply| {
            Message::Submit(Box::new(Request {
                spec,
                work,
                wish,
                reply,
            }))
        };
        self.ask(request).await.unwrap_or(Err(SubmitError::Stopped))
    }

    /// Tells a job to stop. Says whether it ran or waited here.
    pub async fn cancel(&self, job: &JobId, reason: CancelReason) -> bool {
        let job = job.clone();
        let request = |reply| Message::Cancel {
            job,
            reason,
            reply: Some(reply),
        };
        self.ask(request).await.unwrap_or(false)
    }

    /// Lets another number of a queue's jobs run at once, at least one. What runs already goes on.
    pub fn set_queue_limit(&self, queue: &str, limit: usize) {
        let message = Message::QueueLimit {
            queue: queue.to_owned(),
            limit,
        };
        // Without an owner nothing runs any more.
        let _owner_gone = self.owner.send(message);
    }

    /// All jobs as they are after some event, and every event after that one.
    pub async fn subscribe(&self) -> (Snapshot, Subscription) {
        let answer = self.ask(Message::Subscribe).await;
        answer.unwrap_or_else(|| (Snapshot::default(), Subscription::ended()))
    }

    /// Takes no more jobs, tells all to stop, and waits until they did.
    pub async fn shutdown(&self) {
        self.ask(Message::Shutdown).await.unwrap_or_default();
    }

    /// The history it keeps its jobs in.
    pub fn history(&self) -> &History {
        &self.history
    }

    async fn ask<T>(&self, message: impl FnOnce(oneshot::Sender<T>) -> Message) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.owner.send(message(reply)).ok()?;
        answer.await.ok()
    }
}
