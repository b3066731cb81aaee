//! Jobs that are not this monitor's any more, or never were.

use std::time::Duration;

use labwright_jobs::{
    CancelToken, Change, History, HistoryError, JobHandle, JobId, JobState, Timestamp,
    changes_between,
};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// How often it is asked whether the process that follows a job on a host is still there.
const LOOK: Duration = Duration::from_secs(1);

/// News of a job that the monitor's events do not tell.
pub(super) enum News {
    /// Another process brought it further.
    Changed(JobId, Vec<(Timestamp, Change)>),
    /// The process that followed it is gone, and its work may go on on a host.
    Left(JobId),
    /// This process follows it no longer, and it did not end.
    LeftHere(JobId),
    /// The history cannot be read.
    Unreadable(JobId, HistoryError),
}

/// Tells what becomes of a job that another process runs.
pub(super) async fn follow(
    history: History,
    job: JobId,
    known: Option<JobState>,
    news: UnboundedSender<News>,
) {
    let mut before = known;
    let hand_on = |state: &JobState| {
        let changes = changes_between(before.as_ref(), state);
        before = Some(state.clone());
        let _nobody_watches = news.send(News::Changed(job.clone(), changes));
    };
    let never = CancelToken::new();
    let last = tokio::select! {
        followed = history.follow(&job, &never, hand_on) => {
            followed.err().map(|error| News::Unreadable(job.clone(), error))
        }
        () = left(&history, &job) => Some(News::Left(job.clone())),
    };
    if let Some(last) = last {
        let _nobody_watches = news.send(last);
    }
}

/// Ends when nobody follows the job any more.
async fn left(history: &History, job: &JobId) {
    loop {
        let (history, job) = (history.clone(), job.clone());
        let looked = spawn_blocking(move || history.get(job.as_str()).map(|it| it.is_left()));
        if let Ok(Ok(true)) = looked.await {
            return;
        }
        sleep(LOOK).await;
    }
}

/// Tells if a job of this process is left: its events end without its end.
pub(super) async fn await_end(handle: JobHandle, news: UnboundedSender<News>) {
    if handle.end().await.is_none() {
        let _nobody_watches = news.send(News::LeftHere(handle.id().clone()));
    }
}
