//! For tests: a job that is told event by event.
#![expect(clippy::expect_used, reason = "a test may panic")]

use labwright_jobs::{
    Change, JobEvent, JobId, JobState, Outcome, Progress, StepId, StepOutcome, Timestamp, Unit,
};

/// When all stories begin: 2026-11-21 08:00 UTC.
pub(crate) const BEGIN: i64 = 1_795_248_000_000;

/// A job and its events so far.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) job: JobState,
    pub(crate) events: Vec<JobEvent>,
    now: i64,
}

impl Story {
    /// A queued import.
    pub(crate) fn queued(id: &str, title: &str) -> Self {
        Self::of_kind("import", id, title)
    }

    /// A job on the nodes of a host, with its steps: 1 to 4, and the nodes' own from 5 on.
    pub(crate) fn on_host(kind: &str, nodes: &[&str]) -> Self {
        let title = format!("{kind} {} nodes on gpu-7", nodes.len());
        let mut story = Self::of_kind(kind, "01a1fd1e8c001f00ab37", &title);
        let subject = "gpu-7:/opt/ComfyUI/custom_nodes".to_owned();
        story
            .then(Change::Subject { subject })
            .then(Change::Started);
        let top = ["Connect", "Prepare", "Nodes", "Verify dependencies"];
        let top = top.iter().map(|name| (None, *name));
        let nodes = nodes.iter().map(|name| (Some(StepId(3)), *name));
        for (step, (parent, name)) in (1..).zip(top.chain(nodes)) {
            story.adds(step, parent, name);
        }
        story
    }

    /// A step is known.
    pub(crate) fn adds(&mut self, step: u32, parent: Option<StepId>, name: &str) -> &mut Self {
        self.then(Change::StepAdded {
            step: StepId(step),
            parent,
            name: name.to_owned(),
        })
    }

    fn of_kind(kind: &str, id: &str, title: &str) -> Self {
        let queued = JobEvent {
            job: JobId::from(id),
            seq: 1,
            at: Timestamp(BEGIN),
            change: Change::Queued {
                kind: kind.to_owned(),
                title: title.to_owned(),
            },
        };
        let job = JobState::begin(&queued).expect("it begins with its queueing");
        Self {
            job,
            events: vec![queued],
            now: BEGIN,
        }
    }

    /// An import that runs, with its four steps.
    pub(crate) fn import(title: &str) -> Self {
        let mut story = Self::queued("01a1fd1e8c001f00ab37", title);
        story.then(Change::Started);
        let names = ["Inspect", "Send", "Engine commit", "Verify"];
        for (step, name) in (1..).zip(names) {
            story.then(Change::StepAdded {
                step: StepId(step),
                parent: None,
                name: name.to_owned(),
            });
        }
        story
    }

    /// The same after its first step, with the second one at `done` of `total` bytes.
    pub(crate) fn sending(title: &str, done: u64, total: Option<u64>, rate: Option<u64>) -> Self {
        let mut story = Self::import(title);
        story.starts(1).passes(340).ends(1).starts(2).passes(6_100);
        story.moves(2, done, total, rate);
        story
    }

    /// Time passes, in milliseconds.
    pub(crate) fn passes(&mut self, milliseconds: i64) -> &mut Self {
        self.now += milliseconds;
        self
    }

    pub(crate) fn starts(&mut self, step: u32) -> &mut Self {
        let step = StepId(step);
        self.then(Change::StepStarted { step })
    }

    pub(crate) fn moves(
        &mut self,
        step: u32,
        done: u64,
        total: Option<u64>,
        rate: Option<u64>,
    ) -> &mut Self {
        let progress = Progress {
            done,
            total,
            unit: Unit::Bytes,
            rate,
        };
        let step = StepId(step);
        self.then(Change::Progress { step, progress })
    }

    pub(crate) fn ticks(&mut self, step: u32, done: u64) -> &mut Self {
        let progress = Progress {
            done,
            total: None,
            unit: Unit::Seconds,
            rate: None,
        };
        let step = StepId(step);
        self.then(Change::Progress { step, progress })
    }

    pub(crate) fn waits(&mut self, step: u32, waiting_for: Option<&str>) -> &mut Self {
        self.then(Change::Waiting {
            step: StepId(step),
            waiting_for: waiting_for.map(str::to_owned),
        })
    }

    pub(crate) fn stalls(&mut self, step: u32, waiting_for: &str) -> &mut Self {
        self.then(Change::Stalled {
            step: StepId(step),
            waiting_for: waiting_for.to_owned(),
        })
    }

    pub(crate) fn says(&mut self, step: u32, line: &str) -> &mut Self {
        self.then(Change::Log {
            step: StepId(step),
            line: line.to_owned(),
        })
    }

    pub(crate) fn ends(&mut self, step: u32) -> &mut Self {
        self.then(Change::StepFinished {
            step: StepId(step),
            outcome: StepOutcome::Succeeded,
        })
    }

    /// The job ends, and its open steps with it.
    pub(crate) fn finishes(&mut self, outcome: &Outcome) -> &mut Self {
        for change in self.job.closing_changes(outcome) {
            self.then(change);
        }
        let outcome = outcome.clone();
        self.then(Change::Finished { outcome })
    }

    /// Something happens, and must be possible.
    pub(crate) fn then(&mut self, change: Change) -> &mut Self {
        let event = JobEvent {
            job: self.job.id.clone(),
            seq: self.job.seq + 1,
            at: Timestamp(self.now),
            change,
        };
        assert!(self.job.apply(&event), "{event:?} cannot follow");
        self.events.push(event);
        self
    }

    /// The moment of its last event, or after what passed since.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.now)
    }
}
