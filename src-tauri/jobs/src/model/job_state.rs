//! The reducer: what is known of one job after some of its events.
//!
//! It is the same for the monitor, the history and whoever watches, and refuses what cannot be:
//! progress that runs backwards, a step nobody announced, anything after the end.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Change, JobEvent, JobId, Outcome, Progress, StepId, StepOutcome, StepState, StepStatus,
    Timestamp,
};

/// How many of a job's last log lines a state keeps.
pub const LOG_LINES_KEPT: usize = 200;

/// How deep the tree of a job's steps can be; the steps at the top are the first level.
pub const MAX_STEP_DEPTH: usize = 3;

/// What is known of one job after some events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct JobState {
    /// The job.
    pub id: JobId,
    /// The number of the last event that is in here.
    #[ts(type = "number")]
    pub seq: u64,
    /// What kind of work it is, for code.
    pub kind: String,
    /// What it does, for people.
    pub title: String,
    /// What it makes or works on, once that is known.
    #[serde(default)]
    pub subject: Option<String>,
    /// When it was asked for.
    pub queued_at: Timestamp,
    /// When the work began; none while it waits for its turn.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Its steps, in the order they were announced; a parent stands before its children.
    pub steps: Vec<StepState>,
    /// Its last log lines, at most [`LOG_LINES_KEPT`].
    pub log: Vec<LogLine>,
    /// How many earlier log lines are not in `log` any more.
    #[ts(type = "number")]
    pub log_dropped: u64,
    /// How it ended; none while it runs or waits.
    pub outcome: Option<Outcome>,
}

/// One line of output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LogLine {
    /// When it came.
    pub at: Timestamp,
    /// The step that said it.
    pub step: StepId,
    /// The line, without its line end.
    pub line: String,
}

impl JobState {
    /// The state after a job's first event; none if `event` is not a `Queued`.
    pub fn begin(event: &JobEvent) -> Option<Self> {
        let Change::Queued { kind, title } = &event.change else {
            return None;
        };
        let queued = Self::queued(event.job.clone(), kind, title, event.at);
        Some(Self {
            seq: event.seq,
            ..queued
        })
    }

    /// A job before anything happened to it.
    pub(crate) fn queued(id: JobId, kind: &str, title: &str, queued_at: Timestamp) -> Self {
        Self {
            id,
            seq: 0,
            kind: kind.to_owned(),
            title: title.to_owned(),
            subject: None,
            queued_at,
            started_at: None,
            finished_at: None,
            steps: Vec::new(),
            log: Vec::new(),
            log_dropped: 0,
            outcome: None,
        }
    }

    /// Takes `event` over, and says whether it did.
    ///
    /// Refused, and then without any effect, are: events of other jobs, events already taken over,
    /// everything after the end, steps nobody announced, announced twice or too deep, progress that
    /// runs backwards or says nothing new, and the end of a step whose own steps are open.
    pub fn apply(&mut self, event: &JobEvent) -> bool {
        if event.job != self.id || event.seq <= self.seq || self.outcome.is_some() {
            return false;
        }
        let taken = self.change(&event.change, event.at);
        if taken {
            self.seq = event.seq;
        }
        taken
    }

    /// Takes a change over before it is published.
    pub(crate) fn foresee(&mut self, change: &Change) {
        self.change(change, Timestamp::now());
    }

    fn change(&mut self, change: &Change, at: Timestamp) -> bool {
        match change {
            Change::Queued { .. } => false,
            Change::Started => self.start(at),
            Change::Subject { subject } => self.name(subject),
            Change::StepAdded { step, parent, name } => self.add_step(*step, *parent, name),
            Change::StepStarted { step } => self.with_step(*step, |found| found.start(at)),
            Change::Progress { step, progress } => self.advance(*step, *progress),
            Change::Waiting { step, waiting_for } => {
                self.with_step(*step, |found| found.wait(waiting_for.as_deref()))
            }
            Change::Stalled { step, waiting_for } => {
                self.with_step(*step, |found| found.stall(waiting_for))
            }
            Change::Log { step, line } => self.log(*step, line, at),
            Change::StepFinished { step, outcome } => self.finish_step(*step, outcome, at),
            Change::Finished { outcome } => self.finish(outcome, at),
        }
    }

    /// Whether it waits for its turn.
    pub fn is_queued(&self) -> bool {
        self.started_at.is_none() && self.outcome.is_none()
    }

    /// Whether it did not end yet.
    pub fn is_active(&self) -> bool {
        self.outcome.is_none()
    }

    /// One of its steps.
    pub fn step(&self, step: StepId) -> Option<&StepState> {
        self.steps.iter().find(|found| found.id == step)
    }

    /// The steps that belong to `parent`, or those at the top.
    pub fn children(&self, parent: Option<StepId>) -> impl Iterator<Item = &StepState> {
        self.steps.iter().filter(move |step| step.parent == parent)
    }

    /// The ends of all steps that are still open, children before their parents, when the job ends
    /// in `outcome`.
    pub fn closing_changes(&self, outcome: &Outcome) -> Vec<Change> {
        let open = self.steps.iter().rev().filter(|step| step.is_open());
        open.map(|step| Change::StepFinished {
            step: step.id,
            outcome: match step.status {
                StepStatus::Pending => outcome.of_pending_step(),
                StepStatus::Running | StepStatus::Finished => outcome.of_open_step(),
            },
        })
        .collect()
    }

    /// Ends it here and now, with all its open steps: for a job whose own process cannot say it.
    pub(crate) fn close(&mut self, outcome: &Outcome, at: Timestamp) {
        for change in self.closing_changes(outcome) {
            self.change(&change, at);
        }
        self.change(
            &Change::Finished {
                outcome: outcome.clone(),
            },
            at,
        );
    }

    fn with_step(&mut self, step: StepId, change: impl FnOnce(&mut StepState) -> bool) -> bool {
        let found = self.steps.iter_mut().find(|found| found.id == step);
        found.is_some_and(change)
    }

    fn start(&mut self, at: Timestamp) -> bool {
        let waits = self.started_at.is_none();
        if waits {
            self.started_at = Some(at);
        }
        waits
    }

    fn name(&mut self, subject: &str) -> bool {
        let news = self.subject.as_deref() != Some(subject);
        if news {
            self.subject = Some(subject.to_owned());
        }
        news
    }

    fn add_step(&mut self, step: StepId, parent: Option<StepId>, name: &str) -> bool {
        let fits = match parent {
            None => true,
            Some(parent) => {
                self.step(parent).is_some_and(StepState::is_open)
                    && self.depth(parent) < MAX_STEP_DEPTH
            }
        };
        if self.started_at.is_none() || !fits || self.step(step).is_some() {
            return false;
        }
        self.steps
            .push(StepState::pending(step, parent, name.to_owned()));
        true
    }

    /// How deep a step stands; 1 at the top.
    pub(crate) fn depth(&self, step: StepId) -> usize {
        let parent = self.step(step).and_then(|found| found.parent);
        parent.map_or(1, |parent| 1 + self.depth(parent))
    }

    fn advance(&mut self, step: StepId, progress: Progress) -> bool {
        self.with_step(step, |found| found.advance(progress))
    }

    fn log(&mut self, step: StepId, line: &str, at: Timestamp) -> bool {
        let known = self.with_step(step, |found| {
            found.stalled = None;
            true
        });
        if !known {
            return false;
        }
        self.log.push(LogLine {
            at,
            step,
            line: line.to_owned(),
        });
        if self.log.len() > LOG_LINES_KEPT {
            self.log.remove(0);
            self.log_dropped += 1;
        }
        true
    }

    fn finish_step(&mut self, step: StepId, outcome: &StepOutcome, at: Timestamp) -> bool {
        if self.children(Some(step)).any(StepState::is_open) {
            return false;
        }
        self.with_step(step, |found| found.finish(outcome, at))
    }

    fn finish(&mut self, outcome: &Outcome, at: Timestamp) -> bool {
        self.finished_at = Some(at);
        self.outcome = Some(outcome.clone());
        true
    }
}
