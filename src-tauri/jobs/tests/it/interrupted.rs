//! Several processes, and what is left of those that have gone.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use labwright_jobs::{
    CancelReason, CancelToken, History, JobFilter, JobHandle, JobState, Monitor, MonitorOptions,
    Outcome, PART, ProcessIdentity, StepStatus, SubmitError, Unit,
};
use serde_json::json;
use tokio::sync::mpsc;

use crate::bench::{keyed, submit, succeeded, until_cancelled};
use crate::history::open;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Another process, that does nothing.
struct Other(Child);

impl Other {
    fn new() -> Self {
        let child = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }

    /// A monitor that writes as if it were in this process.
    fn monitor(&self, path: &Path) -> Monitor {
        let history = History::open(path, ProcessIdentity::of(self.0.id())).unwrap();
        Monitor::start(history, MonitorOptions::default())
    }

    fn die(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.end();
    }
}

async fn running(monitor: &Monitor) -> JobHandle {
    let (report, reported) = tokio::sync::oneshot::channel();
    let job = submit(monitor, keyed("cEOS", "k"), |context| async move {
        let send = context.reporter.step("Send");
        let _verify = context.reporter.step("Verify");
        send.progress(5, Some(10), Unit::Bytes);
        report.send(()).unwrap();
        until_cancelled(context).await
    })
    .await;
    reported.await.unwrap();
    // What is said at once is written at once.
    let written = async {
        while monitor
            .history()
            .get(job.id().as_str())
            .unwrap()
            .job
            .steps
            .len()
            < 2
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, written).await.unwrap();
    job
}

fn is_interrupted(job: &JobState) -> bool {
    let interrupted = |outcome: &Outcome| {
        matches!(outcome, Outcome::Failed { error } if error.code == "interrupted"
            && error.hints == ["Retry the job; it starts again from the beginning."])
    };
    job.outcome.as_ref().is_some_and(interrupted)
        && job
            .steps
            .iter()
            .all(|step| step.status == StepStatus::Finished)
}

#[tokio::test]
async fn a_job_of_a_process_that_has_gone_is_interrupted_and_frees_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let other = Other::new();
    let theirs = other.monitor(&path);
    let job = running(&theirs).await;
    let history = open(&path);
    assert!(history.get(job.id().as_str()).unwrap().job.is_active());

    other.die();
    let listed = history.list(9, &JobFilter::default()).unwrap();
    assert!(is_interrupted(&listed[0].job), "{:?}", listed[0]);
    assert!(is_interrupted(
        &open(&path).get(job.id().as_str()).unwrap().job
    ));
    let monitor = Monitor::start(history, MonitorOptions::default());
    let again = submit(&monitor, keyed("cEOS", "k"), |_| async { Ok(json!(1)) }).await;
    assert_eq!(again.outcome().await, succeeded(json!(1)));
}

#[tokio::test]
async fn the_same_key_in_another_process_is_refused_with_the_job_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let other = Other::new();
    let theirs = other.monitor(&path);
    let job = running(&theirs).await;
    let monitor = Monitor::start(open(&path), MonitorOptions::default());
    let part = format!("k{PART}part");
    let refused = monitor.submit(keyed("mine", &part), until_cancelled).await;
    assert!(matches!(refused, Err(SubmitError::RunsElsewhere { .. })));
    let refused = monitor.submit(keyed("mine", "k"), until_cancelled).await;
    let Err(SubmitError::RunsElsewhere {
        job: named,
        title,
        pid,
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(
        (&named, title.as_str(), pid),
        (job.id(), "cEOS", other.0.id())
    );
}

#[tokio::test]
async fn a_job_elsewhere_is_followed_to_its_end_and_cancelled_from_here() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let other = Other::new();
    let theirs = other.monitor(&path);
    let job = running(&theirs).await;
    let (history, cancel) = (open(&path), CancelToken::new());
    let mut seen = Vec::new();
    let follow = history.follow(job.id(), &cancel, |state| {
        seen.push(state.clone());
        cancel.cancel(CancelReason::Interrupt);
    });
    let outcome = tokio::time::timeout(PATIENCE, follow)
        .await
        .unwrap()
        .unwrap();
    // The other process hears that somebody wants it, not how it was said here.
    let by = CancelReason::User;
    assert_eq!(outcome, Outcome::Cancelled { by });
    assert_eq!(job.outcome().await, outcome);
    assert!(seen.first().unwrap().is_active());
    assert_eq!(seen.last().unwrap().outcome.as_ref(), Some(&outcome));
}

#[tokio::test]
async fn a_request_to_cancel_reaches_a_job_of_this_process_too() {
    let history = History::in_memory().unwrap();
    let monitor = Monitor::start(history.clone(), MonitorOptions::default());
    let job = running(&monitor).await;
    assert!(history.request_cancel(job.id()).unwrap());
    let outcome = tokio::time::timeout(PATIENCE, job.outcome()).await.unwrap();
    let by = CancelReason::User;
    assert_eq!(outcome, Outcome::Cancelled { by });
}

#[tokio::test]
async fn who_follows_a_job_notices_that_its_process_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let other = Other::new();
    let theirs = other.monitor(&path);
    let job = running(&theirs).await;
    let (history, id) = (open(&path), job.id().clone());
    let following = tokio::spawn(async move {
        let (mut last, cancel) = (None, CancelToken::new());
        let outcome = history.follow(&id, &cancel, |state| last = Some(state.clone()));
        outcome.await.unwrap();
        last.unwrap()
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    other.die();
    let last = tokio::time::timeout(PATIENCE, following)
        .await
        .unwrap()
        .unwrap();
    assert!(is_interrupted(&last), "{last:?}");
}

/// What was told last, once it is as wanted.
async fn told(
    others: &mut mpsc::UnboundedReceiver<Vec<JobState>>,
    wanted: impl Fn(&[JobState]) -> bool,
) {
    let coming = async {
        while let Some(jobs) = others.recv().await {
            if wanted(&jobs) {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, coming).await.unwrap();
}

#[tokio::test]
async fn what_other_processes_run_is_told_until_it_has_ended_or_they_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let (tell, mut others) = mpsc::unbounded_channel();
    let history = open(&path);
    let following = history.clone();
    let following = tokio::spawn(async move {
        let hear = |jobs: Vec<JobState>| tell.send(jobs).unwrap();
        following.follow_others(hear).await;
    });
    let own = Monitor::start(history, MonitorOptions::default());
    let _own = submit(&own, keyed("own", "own"), until_cancelled).await;

    let other = Other::new();
    let theirs = other.monitor(&path);
    let job = running(&theirs).await;
    let is_it = |jobs: &[JobState]| {
        let [one] = jobs else { return false };
        let progress = one.steps.iter().find_map(|step| step.progress);
        one.id == *job.id() && progress.is_some_and(|progress| progress.done == 5)
    };
    told(&mut others, is_it).await;
    job.cancel(CancelReason::User);
    told(&mut others, <[_]>::is_empty).await;

    let _second = running(&theirs).await;
    told(&mut others, |jobs| jobs.len() == 1).await;
    other.die();
    told(&mut others, <[_]>::is_empty).await;
    following.abort();
}
