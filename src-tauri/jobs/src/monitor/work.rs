//! Work: what a job does.

use std::future::Future;
use std::pin::Pin;

use crate::{CancelToken, Failure, JobId, Reporter};

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
    pub request: serde_json::Value,
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
}

/// How work ends.
pub(crate) type WorkResult = Result<serde_json::Value, Failure>;

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
