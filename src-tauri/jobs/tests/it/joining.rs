//! Jobs whose work goes on without us: left, and joined where they stood.

use std::path::Path;
use std::sync::Arc;

use labwright_jobs::{
    Failure, History, JobContext, JobFilter, JobId, JobState, Monitor, MonitorOptions, Outcome,
    ProcessIdentity, Step, StepId, SubmitError, Unit,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::bench::{Watcher, keyed, submit, succeeded, until_cancelled};
use crate::history::open;

/// Process ids that no process has: each stands for one that was killed, or is about to be.
const GONE: u32 = 0x3fff_fff0;

/// What happens far away, and can be read again from any place.
const FAR: usize = 12;

/// How often the one who reads notes where it stands.
const EVERY: usize = 3;

fn monitor_of_gone(path: &Path) -> Monitor {
    let process = ProcessIdentity {
        pid: GONE,
        started: 1,
        boot: String::new(),
    };
    Monitor::start(
        History::open(path, process).unwrap(),
        MonitorOptions::default(),
    )
}

fn monitor(path: &Path) -> Monitor {
    Monitor::start(open(path), MonitorOptions::default())
}

/// Reads what happens far away, up to `cut`, from where it was left.
async fn read(context: JobContext, cut: usize, read: Arc<Notify>) -> Result<Value, Failure> {
    let earlier = context.earlier.as_ref();
    let from = earlier.and_then(|earlier| earlier.checkpoint.as_u64());
    let from = usize::try_from(from.unwrap_or_default()).unwrap();
    let known = |id| context.step_again(StepId(id));
    let nodes = known(1).unwrap_or_else(|| context.reporter.step("Nodes"));
    let mut node: Option<Step> = u32::try_from(2 + from / 4).ok().and_then(known);
    for at in from..FAR.min(cut) {
        if at % 4 == 0 {
            node = Some(nodes.child(format!("node {}", at / 4)));
        }
        let node = node.clone().unwrap();
        node.progress(at as u64 % 4 + 1, Some(4), Unit::Items);
        node.log(format!("line {at}"));
        if at % 4 == 3 {
            node.succeed();
        }
        if (at + 1) % EVERY == 0 {
            context.checkpoint(json!(at + 1));
        }
    }
    if cut < FAR {
        read.notify_one();
        std::future::pending::<()>().await;
    }
    Ok(json!("all"))
}

/// What of a state does not depend on when it was seen.
fn essence(state: &JobState) -> Value {
    let steps = state.steps.iter().map(|step| {
        let progress = step
            .progress
            .map(|progress| (progress.done, progress.total));
        json!([
            step.id,
            step.parent,
            step.name,
            step.status,
            progress,
            step.outcome
        ])
    });
    let log = state.log.iter().map(|line| (line.step, &line.line));
    json!({
        "steps": steps.collect::<Vec<_>>(),
        "log": log.collect::<Vec<_>>(),
        "outcome": state.outcome,
    })
}

async fn written(monitor: &Monitor, job: &JobId, checkpoint: usize) {
    loop {
        let record = monitor.history().get(job.as_str()).unwrap();
        let at = record.checkpoint.and_then(|at| at.as_u64());
        if at.unwrap_or_default() >= checkpoint as u64 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// A job that is cut after `cut` things and joined in another process. Gives its id and how it ended.
async fn cut_and_joined(path: &Path, cut: usize) -> JobState {
    let before = monitor_of_gone(path);
    let (notify, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let at_cut = Arc::clone(&notify);
    let begun = before
        .submit_durable(keyed("Install", "host"), move |context| {
            read(context, cut, at_cut)
        })
        .await
        .unwrap();
    notify.notified().await;
    let id = begun.handle.id().clone();
    written(&before, &id, cut / EVERY * EVERY).await;
    assert!(
        before
            .history()
            .get(id.as_str())
            .unwrap()
            .job
            .outcome
            .is_none()
    );

    let after = monitor(path);
    let mut watcher = Watcher::new(&after).await;
    let joined = after
        .submit_durable(keyed("Install", "host"), move |context| {
            read(context, FAR, told)
        })
        .await
        .unwrap();
    assert!(joined.resumed);
    assert_eq!(*joined.handle.id(), id);
    assert_eq!(watcher.until_finished(&id).await, succeeded(json!("all")));
    assert_eq!(
        essence(watcher.state.job(&id).unwrap()),
        essence(&after.history().get(id.as_str()).unwrap().job),
        "who watches sees what is written"
    );
    begun.handle.detach();
    after.history().get(id.as_str()).unwrap().job
}

#[tokio::test]
async fn a_job_that_is_cut_anywhere_ends_as_one_that_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let whole = monitor(&folder.path().join("whole.db"));
    let job = whole
        .submit_durable(keyed("Install", "host"), |context| {
            read(context, FAR, Arc::default())
        })
        .await
        .unwrap();
    job.handle.outcome().await;
    let whole = whole.history().get(job.handle.id().as_str()).unwrap().job;
    assert_eq!(whole.log.len(), FAR);
    for cut in 0..FAR {
        let path = folder.path().join(format!("{cut}.db"));
        let joined = cut_and_joined(&path, cut).await;
        assert_eq!(essence(&joined), essence(&whole), "cut after {cut}");
    }
}

#[tokio::test]
async fn a_job_that_was_left_is_not_interrupted_and_keeps_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let before = monitor_of_gone(&path);
    let job = before
        .submit_durable(keyed("Install", "host"), until_cancelled)
        .await
        .unwrap();
    let history = open(&path);
    let record = history.get(job.handle.id().as_str()).unwrap();
    assert!(record.is_left());
    let active = JobFilter {
        active: true,
        ..JobFilter::default()
    };
    assert_eq!(history.list(9, &active).unwrap().len(), 1);
    let after = Monitor::start(history, MonitorOptions::default());
    let refused = after.submit(keyed("Verify", "host"), until_cancelled).await;
    assert!(matches!(refused, Err(SubmitError::RunsElsewhere { .. })));
}

#[tokio::test]
async fn only_what_was_left_is_joined() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let here = monitor(&path);
    let running = here
        .submit_durable(keyed("Install", "host"), until_cancelled)
        .await
        .unwrap();
    let ended = submit(&here, keyed("Pull", "p"), |_| async { Ok(json!(1)) }).await;
    ended.outcome().await;
    let same = here
        .join(
            running.handle.id(),
            keyed("Install", "host"),
            until_cancelled,
        )
        .await;
    assert_eq!(same.unwrap().handle.id(), running.handle.id());

    let elsewhere = monitor_of_gone(&path);
    for job in [running.handle.id(), ended.id()] {
        let joined = elsewhere.join(job, keyed("Install", "host"), until_cancelled);
        let refused = joined.await.unwrap_err();
        assert_eq!(refused.code(), "job_not_left");
        assert!(matches!(refused, SubmitError::NotLeft { job: named } if named == *job));
    }
}

#[tokio::test]
async fn work_that_leaves_when_the_program_ends_can_be_joined_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let before = monitor_of_gone(&path);
    let job = before
        .submit_durable(keyed("Install", "host"), |context| async move {
            context.reporter.step("Nodes").log("begun");
            context.checkpoint(json!({ "offset": 7 }));
            context.cancel.cancelled().await;
            Err(Failure::Left)
        })
        .await
        .unwrap();
    written_once(&before, job.handle.id()).await;
    before.shutdown().await;
    assert_eq!(job.handle.end().await, None, "it did not end");

    let after = monitor(&path);
    let work = |context: JobContext| async move {
        let earlier = context.earlier.expect("it was left");
        assert_eq!(earlier.state.log.len(), 1);
        Ok(earlier.checkpoint)
    };
    let joined = after
        .join(job.handle.id(), keyed("Install", "host"), work)
        .await;
    let outcome = joined.unwrap().handle.outcome().await;
    assert_eq!(outcome, succeeded(json!({ "offset": 7 })));
    let Outcome::Succeeded { .. } = after
        .history()
        .get(job.handle.id().as_str())
        .unwrap()
        .job
        .outcome
        .unwrap()
    else {
        panic!("it is written")
    };
}

async fn written_once(monitor: &Monitor, job: &JobId) {
    loop {
        let record = monitor.history().get(job.as_str()).unwrap();
        if record.checkpoint.is_some_and(|at| !at.is_null()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
