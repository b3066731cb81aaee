//! What the tests share: a monitor on a bench, and what it published.

use std::future::Future;
use std::time::Duration;

use labwright_jobs::{
    Change, Failure, History, JobContext, JobEvent, JobHandle, JobId, JobSpec, Monitor,
    MonitorOptions, Outcome, Snapshot, Submission, Subscription,
};
use serde_json::{Value, json};

/// No test waits longer than this for what must come. Time may be paused.
const PATIENCE: Duration = Duration::from_secs(3600);

pub(crate) fn monitor() -> Monitor {
    monitor_with(MonitorOptions::default())
}

pub(crate) fn monitor_with(options: MonitorOptions) -> Monitor {
    Monitor::start(History::in_memory().unwrap(), options)
}

pub(crate) fn spec(title: &str) -> JobSpec {
    JobSpec {
        kind: "import".to_owned(),
        title: title.to_owned(),
        request: json!({ "title": title }),
        ..JobSpec::default()
    }
}

pub(crate) fn keyed(title: &str, key: &str) -> JobSpec {
    JobSpec {
        key: Some(key.to_owned()),
        ..spec(title)
    }
}

/// Submits work that must be accepted.
pub(crate) async fn submit<W, F>(monitor: &Monitor, spec: JobSpec, work: W) -> JobHandle
where
    W: FnOnce(JobContext) -> F + Send + 'static,
    F: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    let Submission { handle, resumed } = monitor.submit(spec, work).await.unwrap();
    assert!(!resumed);
    handle
}

/// Work that waits until it is cancelled.
pub(crate) async fn until_cancelled(context: JobContext) -> Result<Value, Failure> {
    context.cancel.cancelled().await;
    Err(Failure::Cancelled)
}

pub(crate) fn succeeded(result: Value) -> Outcome {
    Outcome::Succeeded { result }
}

/// Somebody who watches, and follows what it sees.
pub(crate) struct Watcher {
    pub(crate) seen: Vec<JobEvent>,
    pub(crate) state: Snapshot,
    events: Subscription,
}

impl Watcher {
    pub(crate) async fn new(monitor: &Monitor) -> Self {
        let (state, events) = monitor.subscribe().await;
        let seen = Vec::new();
        Self {
            seen,
            state,
            events,
        }
    }

    pub(crate) async fn next(&mut self) -> JobEvent {
        let next = tokio::time::timeout(PATIENCE, self.events.next()).await;
        let event = next.expect("an event in time").unwrap().unwrap();
        self.state.apply(&event).unwrap();
        self.seen.push(event.clone());
        event
    }

    /// Watches until a change that is wanted, and gives it.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&Change) -> bool) -> Change {
        loop {
            let event = self.next().await;
            if wanted(&event.change) {
                return event.change;
            }
        }
    }

    /// Watches until a job's end.
    pub(crate) async fn until_finished(&mut self, job: &JobId) -> Outcome {
        loop {
            let event = self.next().await;
            if let (true, Change::Finished { outcome }) = (event.job == *job, event.change) {
                return outcome;
            }
        }
    }

    /// What happened to a job, one word or two for each change.
    pub(crate) fn story(&self, job: &JobId) -> Vec<String> {
        let of_job = self.seen.iter().filter(|event| event.job == *job);
        of_job.map(|event| tell(&event.change)).collect()
    }
}

fn tell(change: &Change) -> String {
    match change {
        Change::Queued { .. } => "queued".to_owned(),
        Change::Started => "started".to_owned(),
        Change::Subject { subject } => format!("subject {subject}"),
        Change::StepAdded { step, parent, name } => match parent {
            Some(parent) => format!("{step} added below {parent}: {name}"),
            None => format!("{step} added: {name}"),
        },
        Change::StepStarted { step } => format!("{step} started"),
        Change::Progress { step, progress } => {
            let total = progress
                .total
                .map_or("?".to_owned(), |total| total.to_string());
            format!("{step} at {}/{total}", progress.done)
        }
        Change::Waiting { step, waiting_for } => match waiting_for {
            Some(what) => format!("{step} waits: {what}"),
            None => format!("{step} goes on"),
        },
        Change::Stalled { step, waiting_for } => format!("{step} stalled: {waiting_for}"),
        Change::Log { step, line } => format!("{step} says {line}"),
        Change::StepFinished { step, outcome } => {
            let json = serde_json::to_value(outcome).unwrap();
            format!("{step} {}", json["type"].as_str().unwrap())
        }
        Change::Finished { outcome } => {
            let json = serde_json::to_value(outcome).unwrap();
            json["type"].as_str().unwrap().to_owned()
        }
    }
}
