//! One job that did not end yet, as the monitor holds it.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Weak};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::bulletin::Bulletin;
use super::job_handle::{Guard, JobHandle};
use super::message::Request;
use super::pace::Pace;
use super::recorder::Recorder;
use super::track::Track;
use super::work::{Earlier, JobSpec, Work};
use crate::report::Port;
use crate::{CancelToken, Change, JobState, Outcome, StepId, Timestamp};

/// How often progress is written to the history.
const SAVE_INTERVAL: Duration = Duration::from_secs(1);

/// One job that did not end yet.
pub(super) struct Job {
    pub(super) spec: JobSpec,
    pub(super) state: JobState,
    pub(super) token: CancelToken,
    pub(super) port: Arc<Port>,
    pub(super) stage: Stage,
    pub(super) tracks: BTreeMap<StepId, Track>,
    pub(super) pace: Pace,
    pub(super) stall_after: Duration,
    /// Whether the work said that there is progress to fetch.
    pub(super) announced: bool,
    /// Requests for the same key, to be met when this job, already cancelled, is gone.
    pub(super) successors: Vec<Request>,
    pub(super) outcome: watch::Sender<Option<Outcome>>,
    pub(super) detached: Arc<AtomicBool>,
    pub(super) guard: Weak<Guard>,
    pub(super) save: Save,
    /// Of a job whose work goes on without us: what is written of it.
    pub(super) standing: Option<Standing>,
    /// What was known of it when it was left, for its work.
    pub(super) earlier: Option<Box<Earlier>>,
}

/// A state, and where the work stood in just that moment.
pub(super) struct Standing {
    pub(super) state: JobState,
    pub(super) checkpoint: Value,
}

/// How far a job is on its way.
pub(super) enum Stage {
    /// It waits for its turn.
    Queued(Work),
    /// Its work runs.
    Running,
    /// Its end is being written.
    Ending { outcome: Outcome, at: Timestamp },
}

/// What of a job's state is not written yet.
#[derive(Debug, Default)]
pub(super) struct Save {
    last: Option<Instant>,
    pending: Pending,
    /// How urgent what was said since the last checkpoint is, where only checkpoints are written.
    since: Option<Pending>,
}

/// How urgent it is to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Pending {
    #[default]
    Nothing,
    Progress,
    Lifecycle,
}

impl Save {
    /// One that writes only what a checkpoint was said of.
    pub(super) fn of_checkpoints() -> Self {
        Self {
            since: Some(Pending::Nothing),
            ..Self::default()
        }
    }

    fn note(&mut self, change: &Change) {
        let urgency = match change {
            Change::Progress { .. } | Change::Waiting { .. } | Change::Log { .. } => {
                Pending::Progress
            }
            _ => Pending::Lifecycle,
        };
        let waits = self.since.as_mut().unwrap_or(&mut self.pending);
        *waits = urgency.max(*waits);
    }

    /// All that was noted is part of a checkpoint.
    fn checkpoint(&mut self) {
        if let Some(since) = &mut self.since {
            let urgency = std::mem::take(since).max(Pending::Progress);
            self.pending = self.pending.max(urgency);
        }
    }

    /// When to write next; none if all is written.
    fn due(&self, now: Instant) -> Option<Instant> {
        match self.pending {
            Pending::Nothing => None,
            Pending::Lifecycle => Some(now),
            Pending::Progress => Some(self.last.map_or(now, |last| last + SAVE_INTERVAL)),
        }
    }

    /// Whether to write now. If so, it counts as written.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let due = self.due(now).is_some_and(|due| due <= now);
        if due {
            self.last = Some(now);
            self.pending = Pending::Nothing;
        }
        due
    }
}

impl Job {
    /// Notes where its work stands, with a state that holds all that was said before: progress, too, that is not
    /// published yet.
    pub(super) fn checkpoint(&mut self, bulletin: &mut Bulletin, checkpoint: Value, now: Instant) {
        if self.standing.is_none() {
            return;
        }
        self.fetch(bulletin, now);
        let mut state = self.state.clone();
        for (step, track) in &self.tracks {
            if let Some(progress) = track.unpublished() {
                let step = *step;
                state.foresee(&Change::Progress { step, progress });
            }
        }
        self.standing = Some(Standing { state, checkpoint });
        self.save.checkpoint();
    }

    /// Writes it as it is now; where its work goes on without us, as it was at the last checkpoint.
    pub(super) fn write(&self, recorder: &Recorder) {
        match &self.standing {
            Some(Standing { state, checkpoint }) => {
                recorder.save(state, Some(checkpoint.clone()));
            }
            None => recorder.save(&self.state, None),
        }
    }

    /// Whether its work runs.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Running)
    }

    /// Whether it waits for its turn.
    pub(super) fn is_queued(&self) -> bool {
        matches!(self.stage, Stage::Queued(_))
    }

    /// Whether its end is being written, and nothing else of it any more.
    pub(super) fn is_ending(&self) -> bool {
        matches!(self.stage, Stage::Ending { .. })
    }

    /// A handle for one more who wants it.
    pub(super) fn handle(&mut self, guard: impl FnOnce(&Self) -> Guard) -> JobHandle {
        let guard = self
            .guard
            .upgrade()
            .unwrap_or_else(|| Arc::new(guard(self)));
        self.guard = Arc::downgrade(&guard);
        JobHandle::new(guard, self.outcome.subscribe())
    }

    /// Publishes a change, if the state takes it. Says whether it did.
    pub(super) fn publish(&mut self, bulletin: &mut Bulletin, change: Change) -> bool {
        self.save.note(&change);
        bulletin.publish(&mut self.state, change)
    }

    /// Does all whose time has come, of a job that runs.
    pub(super) fn tick(&mut self, bulletin: &mut Bulletin, now: Instant) {
        self.tracks.values_mut().for_each(|track| track.tick(now));
        if self.pace.allows(now) {
            self.fetch(bulletin, now);
            self.publish_one_progress(bulletin, now);
        }
        self.publish_waits(bulletin, now);
        self.publish_stalls(bulletin, now);
    }

    /// When `tick` is to be called again; none if not before something happens.
    pub(super) fn next_tick(&self, now: Instant) -> Option<Instant> {
        let save = self.save.due(now).filter(|_| !self.is_ending());
        if !self.is_running() {
            return save;
        }
        let unpublished = self.announced || self.unpublished().next().is_some();
        let progress = unpublished.then(|| self.pace.next().unwrap_or(now));
        let clocks = self.tracks.values().filter_map(Track::next_tick);
        let waits = self.tracks.values().filter_map(Track::tells_wait_at);
        let stalls = self
            .leaves()
            .filter_map(|(_, track)| track.stalls_at(self.stall_after));
        clocks
            .chain(waits)
            .chain(stalls)
            .chain(progress)
            .chain(save)
            .min()
    }

    /// The steps that run, and in which nothing below runs.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (StepId, &Track)> {
        self.tracks.iter().filter_map(|(step, track)| {
            let is_above = |other: &Track| other.running && other.parent == Some(*step);
            let is_leaf = track.running && !self.tracks.values().any(is_above);
            is_leaf.then_some((*step, track))
        })
    }

    /// The steps with progress to publish, and since when they were not published.
    pub(super) fn unpublished(&self) -> impl Iterator<Item = (StepId, Instant)> {
        let tracks = self.tracks.iter();
        tracks.filter_map(|(step, track)| Some((*step, track.waits_since()?)))
    }
}
