//! How references stand that were pulled, or are to be: present, pulling or missing.

use std::collections::BTreeMap;

use labwright_engine::{Engine, EngineKind};
use labwright_images::presence;
use labwright_jobs::{Change, JobFilter, JobId, JobState, Monitor};
use tokio::sync::watch;

use crate::{ImagesState, ReferenceState};

/// How many references are remembered.
const REMEMBERED: usize = 30;
/// What brings an image by its reference.
const PULL: &str = "pull";

/// The task that follows references.
pub(crate) struct References {
    pub(crate) monitor: Monitor,
    pub(crate) engine: watch::Receiver<Option<Engine>>,
    pub(crate) images: watch::Receiver<ImagesState>,
    pub(crate) others: watch::Receiver<Vec<JobState>>,
    pub(crate) state: watch::Sender<Vec<ReferenceState>>,
}

impl References {
    /// Runs as long as there are jobs.
    pub(crate) async fn run(mut self) {
        let mut known = self.remembered();
        loop {
            let (snapshot, mut events) = self.monitor.subscribe().await;
            let jobs = snapshot.jobs.into_iter();
            let mut own: BTreeMap<JobId, JobState> =
                jobs.map(|job| (job.id.clone(), job)).collect();
            loop {
                self.publish(&mut known, &own);
                tokio::select! {
                    event = events.next() => match event {
                        Some(Ok(event)) => match own.get_mut(&event.job) {
                            Some(job) if !matters(&event.change) => {
                                job.apply(&event);
                                continue;
                            }
                            Some(job) => { job.apply(&event); }
                            None => own.extend(JobState::begin(&event).map(|job| (event.job, job))),
                        },
                        Some(Err(_)) => break,
                        None => return,
                    },
                    Ok(()) = self.images.changed() => {}
                    Ok(()) = self.engine.changed() => {}
                    Ok(()) = self.others.changed() => {}
                    else => return,
                }
                own.retain(|_, job| job.outcome.is_none());
            }
        }
    }

    /// Those of the history, the newest first.
    fn remembered(&self) -> Vec<String> {
        let filter = JobFilter {
            kind: Some(PULL.to_owned()),
            active: false,
        };
        let mut known = Vec::new();
        let pulls = self.monitor.history().list(usize::MAX, &filter);
        for pull in pulls.unwrap_or_default() {
            known.extend(pull.job.subject.filter(|subject| !known.contains(subject)));
        }
        known.truncate(REMEMBERED);
        known
    }

    fn publish(&mut self, known: &mut Vec<String>, own: &BTreeMap<JobId, JobState>) {
        let kind = self
            .engine
            .borrow_and_update()
            .as_ref()
            .map(|engine| engine.info().kind);
        let mut jobs: Vec<JobState> = own.values().cloned().collect();
        jobs.extend(self.others.borrow_and_update().iter().cloned());
        for job in jobs.iter().filter(|job| job.kind == PULL) {
            remember(known, job.subject.as_deref());
        }
        let images = self.images.borrow_and_update();
        let kind = kind.unwrap_or(EngineKind::Docker);
        let stand = |reference: &String| ReferenceState {
            reference: reference.clone(),
            presence: presence(reference, kind, &images.images, &jobs),
        };
        let next: Vec<_> = known.iter().map(stand).collect();
        self.state.send_if_modified(|state| {
            let changed = *state != next;
            *state = next;
            changed
        });
    }
}

/// Whether a change of a job can change how a reference stands.
fn matters(change: &Change) -> bool {
    matches!(
        change,
        Change::Queued { .. } | Change::Subject { .. } | Change::Finished { .. }
    )
}

/// The newest stands first, once.
fn remember(known: &mut Vec<String>, reference: Option<&str>) {
    let Some(reference) = reference else {
        return;
    };
    if known.iter().any(|other| other == reference) {
        return;
    }
    known.insert(0, reference.to_owned());
    known.truncate(REMEMBERED);
}
