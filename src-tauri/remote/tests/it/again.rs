//! A job that was left before anything happened, so that it can be done once and read twice.

use std::fs;
use std::path::{Path, PathBuf};

use labwright_jobs::{
    Failure, History, JobState, Monitor, MonitorOptions, ProcessIdentity, StepOutcome,
};
use labwright_remote::Access;
use labwright_remote::install::{InstallJob, InstallRequest};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bench::Watch;

/// The history of one job, and a copy from before its beginning.
pub(crate) struct Again {
    folder: TempDir,
}

/// A process that is gone, or counts as such as soon as another one asks.
fn gone() -> ProcessIdentity {
    ProcessIdentity {
        pid: 0x3fff_fff0,
        started: 1,
        boot: String::new(),
    }
}

impl Again {
    /// Asks for the job, and leaves it at once.
    pub(crate) async fn new(access: &Access, request: &InstallRequest) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let monitor = open(&folder.path().join("history.db"));
        let spec = InstallJob {
            transport: access.transport.clone(),
            sources: None,
            request: request.clone(),
        }
        .spec();
        let leave = |_| async { Err(Failure::Left) };
        let left = monitor.submit_durable(spec, leave).await.unwrap();
        assert_eq!(left.handle.end().await, None);
        for entry in fs::read_dir(folder.path()).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            let copy = name.replace("history", "copy");
            fs::copy(entry.path(), folder.path().join(copy)).unwrap();
        }
        Self { folder }
    }

    pub(crate) fn history(&self) -> PathBuf {
        self.folder.path().join("history.db")
    }

    /// Goes on with it. Whoever did so before counts as gone.
    pub(crate) async fn join(&self, access: &Access, request: &InstallRequest) -> Watch {
        Watch::on(open(&self.history()), access, request.clone()).await
    }

    /// Reads all that the runner wrote from its beginning, and nothing else.
    pub(crate) async fn read(&self, access: &Access, request: &InstallRequest) -> JobState {
        let copy = open(&self.folder.path().join("copy.db"));
        let mut watch = Watch::on(copy, access, request.clone()).await;
        watch.followed().await
    }
}

pub(crate) fn open(path: &Path) -> Monitor {
    let history = History::open(path, gone()).unwrap();
    Monitor::start(history, MonitorOptions::default())
}

/// What of a job does not depend on when it was seen: all but times and rates.
pub(crate) fn essence(job: &JobState) -> Value {
    let steps = job.steps.iter().map(|step| {
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
    let log = job.log.iter().map(|line| (line.step, &line.line));
    json!({
        "steps": steps.collect::<Vec<_>>(),
        "log": log.collect::<Vec<_>>(),
        "outcome": job.outcome,
    })
}

/// How each node and each phase below it ended: the same in every run of one plan.
///
/// git's meters are left out, since a fast clone shows only some of them, and so are the words of failures and all lines:
/// they name ports, folders and times.
pub(crate) fn outcomes(job: &JobState) -> Vec<(String, String, String)> {
    let mut outcomes = Vec::new();
    for step in &job.steps {
        let is_meter = |name: &str| name.contains("objects") || name.contains("deltas");
        if is_meter(&step.name) || step.name.contains("files") {
            continue;
        }
        let parent = step.parent.and_then(|parent| job.step(parent));
        let parent = parent.map_or(String::new(), |parent| parent.name.clone());
        let outcome = match step.outcome.as_ref().unwrap() {
            StepOutcome::Failed { .. } => "failed".to_owned(),
            outcome => serde_json::to_string(outcome).unwrap(),
        };
        outcomes.push((parent, step.name.clone(), outcome));
    }
    outcomes.sort();
    outcomes
}
