//! What jobs on labs did last, whoever ran them, and which of them are not about labs of the engine in use.

use std::collections::BTreeMap;

use labwright_engine::Engine;
use labwright_jobs::{
    Change, History, JobFilter, JobId, JobRecord, JobState, Monitor, Outcome, Subscription,
};
use serde_json::Value;
use tokio::sync::watch;

use super::files::blocking;
use super::{LabView, LabsState};

/// The kinds of job that have a lab as their subject.
const KINDS: [&str; 5] = ["deploy", "start", "stop", "restart", "destroy"];
/// How many jobs of each kind are looked at.
const LOOKED_AT: usize = 100;

/// Jobs on labs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LabJobs {
    /// The job that ended last, by the lab's name, without its steps and output.
    pub(super) last: BTreeMap<String, JobState>,
    /// Jobs of this process, and those that run in others, that are about labs of another engine.
    pub(super) elsewhere: Vec<JobId>,
}

impl LabJobs {
    /// Tells a lab what was done last.
    pub(super) fn tell(&self, lab: &mut LabView) {
        lab.last_job = self.last.get(&lab.name).cloned();
    }

    /// Tells the list.
    pub(super) fn tell_all(&self, state: &mut LabsState) {
        state.elsewhere.clone_from(&self.elsewhere);
        for lab in &mut state.labs {
            lab.last_job = self.last.get(&lab.name).cloned();
        }
    }
}

/// The task that reads them.
pub(crate) struct JobReader {
    pub(crate) monitor: Monitor,
    pub(crate) engine: watch::Receiver<Option<Engine>>,
    /// Jobs of other processes: one that is gone has ended.
    pub(crate) others: watch::Receiver<Vec<JobState>>,
    pub(crate) state: watch::Sender<LabJobs>,
}

impl JobReader {
    /// Runs as long as there are jobs.
    pub(crate) async fn run(mut self) {
        loop {
            let (_, mut events) = self.monitor.subscribe().await;
            loop {
                self.read().await;
                let more = tokio::select! {
                    more = beginning_or_end(&mut events) => more,
                    Ok(()) = self.engine.changed() => Some(true),
                    Ok(()) = self.others.changed() => Some(true),
                };
                match more {
                    Some(true) => {}
                    // Events were missed.
                    Some(false) => break,
                    None => return,
                }
            }
        }
    }

    async fn read(&mut self) {
        self.others.borrow_and_update();
        let engine = self.engine.borrow_and_update().clone();
        let history = self.monitor.history().clone();
        let reading = blocking(move || {
            let engine = engine?;
            let records = records(&history);
            Some(told(&records, &engine.info().id, |record| {
                record.process == *history.process() || record.job.is_active()
            }))
        });
        let next = reading.await.ok().flatten().unwrap_or_default();
        self.state.send_if_modified(|state| {
            let changed = *state != next;
            *state = next;
            changed
        });
    }
}

/// Waits until a job begins or ends: false where events were missed, none where there will be no more.
async fn beginning_or_end(events: &mut Subscription) -> Option<bool> {
    loop {
        match events.next().await? {
            Err(_) => return Some(false),
            Ok(event) => {
                if matches!(
                    event.change,
                    Change::Queued { .. } | Change::Finished { .. }
                ) {
                    return Some(true);
                }
            }
        }
    }
}

/// The newest of each kind. Waits for the disk.
fn records(history: &History) -> Vec<JobRecord> {
    let of_kind = |kind: &str| {
        let filter = JobFilter {
            kind: Some(kind.to_owned()),
            active: false,
        };
        history.list(LOOKED_AT, &filter).unwrap_or_else(|error| {
            tracing::warn!(
                error = error.report().in_one_line(),
                "the last jobs of labs"
            );
            Vec::new()
        })
    };
    KINDS.into_iter().flat_map(of_kind).collect()
}

/// What records say of the labs of an engine. Of `known` the window has the jobs.
fn told(records: &[JobRecord], engine: &str, known: impl Fn(&JobRecord) -> bool) -> LabJobs {
    let mut jobs = LabJobs::default();
    for record in records {
        let Some(lab) = &record.job.subject else {
            continue;
        };
        if !is_of(record.key.as_deref(), engine, lab) {
            if known(record) {
                jobs.elsewhere.push(record.job.id.clone());
            }
            continue;
        }
        let later = jobs.last.get(lab).is_none_or(|it| it.id < record.job.id);
        if later && record.job.outcome.is_some() {
            jobs.last.insert(lab.clone(), ended(&record.job));
        }
    }
    jobs.elsewhere.sort();
    jobs
}

/// Whether a key is one of a lab's of this engine: `lab:ENGINE:LAB`, and what is done to some nodes has them behind it.
fn is_of(key: Option<&str>, engine: &str, lab: &str) -> bool {
    let rest = key.and_then(|key| key.strip_prefix("lab:")?.strip_prefix(engine));
    let rest = rest.and_then(|rest| rest.strip_prefix(':')?.strip_prefix(lab));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// What is to be known of a job that ended.
fn ended(job: &JobState) -> JobState {
    let outcome = job.outcome.clone().map(|outcome| match outcome {
        Outcome::Succeeded { .. } => Outcome::Succeeded {
            result: Value::Null,
        },
        outcome => outcome,
    });
    JobState {
        id: job.id.clone(),
        seq: job.seq,
        kind: job.kind.clone(),
        title: job.title.clone(),
        subject: job.subject.clone(),
        queued_at: job.queued_at,
        started_at: job.started_at,
        finished_at: job.finished_at,
        steps: Vec::new(),
        log: Vec::new(),
        log_dropped: 0,
        outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_of_one_lab_of_one_engine() {
        let is_of = |key| is_of(Some(key), "AB:CD", "dc1");
        assert!(is_of("lab:AB:CD:dc1"));
        assert!(is_of("lab:AB:CD:dc1:leaf1,leaf2"));
        assert!(!is_of("lab:AB:CD:dc10"));
        assert!(!is_of("lab:AB:EF:dc1"));
        assert!(!is_of("pull:AB:CD:dc1"));
    }
}
