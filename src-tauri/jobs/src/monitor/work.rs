//! Work: what a job does.

use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use crate::{CancelToken, Failure, JobId, JobState, Reporter, Step, StepId};

/// What a job is asked to be.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct JobSpec {
    /// What kind of work it is, for code: `import`, `pull`, …
    pub kind: String,
    /// What it does, for people.
    pub title: String,
    /// What it makes or works on, where that is known from the beginning.
    pub subject: Option<String>,
    /// Names what must not be done twice at once, in all processes: engine and reference, say. One with
    /// [`PART`](crate::PART) in it names a part, to which nothing is done beside the whole.
    pub key: Option<String>,
    /// The queue it waits in; none starts at once.
    pub queue: Option<String>,
    /// What is needed to do it again. Kept in the history: no secrets.
    pub request: Value,
}

/// All that work gets.
#[derive(Clone, Debug)]
pub struct JobContext {
    /// The job it does.
    pub job: JobId,
    /// Where it says how far it is.
    pub reporter: Reporter,
    /// Where it hears that it should stop. Every wait selects on it.
    pub cancel: CancelToken,
    /// What was known of it when it was left; none if it begins.
    pub earlier: Option<Box<Earlier>>,
}

/// A job that was left, as it was then.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// What was known of it.
    pub state: JobState,
    /// Where its work stood; null if it never said.
    pub checkpoint: Value,
}

impl JobContext {
    /// Says where the work stands, after all that was reported before: both are written together. What is reported later
    /// is reported again by whoever joins the job.
    pub fn checkpoint(&self, checkpoint: Value) {
        self.reporter.checkpoint(checkpoint);
    }

    /// A step that the job had when it was left.
    pub fn step_again(&self, step: StepId) -> Option<Step> {
        let earlier = self.earlier.as_ref()?;
        self.reporter.again(&earlier.state, step)
    }
}

/// How work ends.
pub(crate) type WorkResult = Result<Value, Failure>;

/// Work that did not begin.
pub(crate) type Work =
    Box<dyn FnOnce(JobContext) -> Pin<Box<dyn Future<Output = WorkResult> + Send>> + Send>;

/// Puts any work into one type. Nothing of it runs before the future is polled, so that even a
/// panic in its first line happens in the job.
pub(crate) fn boxed<W, F>(work: W) -> Work
where
    W: FnOnce(JobContext) -> F + Send + 'static,
    F: Future<Output = WorkResult> + Send + 'static,
{
    Box::new(|context| Box::pin(async move { work(context).await }))
}
