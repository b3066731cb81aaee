//! One step, as the work sees it.

use std::sync::Arc;

use super::{Port, Reporter, Slot};
use crate::model::MAX_STEP_DEPTH;
use crate::monitor::StepMessage;
use crate::{StepId, StepOutcome, StepState, Unit};

/// A step of a job. Clones are the same step.
///
/// It is pending until it starts; progress, success and failure start it too, and a step starts
/// the steps above it. If it is still open when the job ends, it ends like the job.
#[derive(Clone, Debug)]
pub struct Step {
    place: Option<Arc<Place>>,
}

/// Where a step stands.
#[derive(Debug)]
struct Place {
    id: StepId,
    parent: Option<StepId>,
    /// 1 at the top.
    depth: usize,
    slot: Arc<Slot>,
    port: Arc<Port>,
}

impl Step {
    pub(super) fn null() -> Self {
        Self { place: None }
    }

    pub(super) fn top(port: &Arc<Port>, name: String) -> Self {
        Self::at(port, None, 1, name)
    }

    /// One that the job had before it was left.
    pub(super) fn again(port: &Arc<Port>, known: &StepState, depth: usize) -> Self {
        Self {
            place: Some(Arc::new(Place {
                id: known.id,
                parent: known.parent,
                depth,
                slot: port.slot_of(known.id),
                port: Arc::clone(port),
            })),
        }
    }

    fn at(port: &Arc<Port>, parent: Option<StepId>, depth: usize, name: String) -> Self {
        let slot = Arc::new(Slot::default());
        let id = port.add_step(parent, name, Arc::clone(&slot));
        let port = Arc::clone(port);
        Self {
            place: Some(Arc::new(Place {
                id,
                parent,
                depth,
                slot,
                port,
            })),
        }
    }

    /// Announces a step below this one. Below the deepest level it stands beside this one instead.
    #[must_use = "a step is worked on through its handle"]
    pub fn child(&self, name: impl Into<String>) -> Self {
        let Some(place) = &self.place else {
            return Self::null();
        };
        let (parent, depth) = if place.depth < MAX_STEP_DEPTH {
            (Some(place.id), place.depth + 1)
        } else {
            (place.parent, place.depth)
        };
        Self::at(&place.port, parent, depth, name.into())
    }

    /// A reporter for work that is a part of this step.
    pub fn reporter(&self) -> Reporter {
        match &self.place {
            Some(place) => Reporter::below(&place.port, self.clone()),
            None => Reporter::null(),
        }
    }

    /// It begins.
    pub fn start(&self) {
        self.send(|| StepMessage::Started { clock: false });
    }

    /// It begins, and all that can be measured is time: its progress is the seconds that passed,
    /// counted by the monitor. That is no movement: it can stall. Measured progress replaces the
    /// clock.
    pub fn start_clock(&self) {
        self.send(|| StepMessage::Started { clock: true });
    }

    /// How far it is: `done` of `total`, counted from 0 and never falling.
    ///
    /// As cheap as an uncontended lock, so that it can be called for every buffer.
    pub fn progress(&self, done: u64, total: Option<u64>, unit: Unit) {
        if let Some(place) = &self.place {
            place.slot.put(done, total, unit);
            place.port.announce();
        }
    }

    /// What it waits for, should it stall: "the engine to take more data". The latest counts.
    ///
    /// As cheap as [`progress`](Self::progress), and told to nobody before that.
    pub fn if_stalled(&self, text: impl Into<String>) {
        if let Some(place) = &self.place {
            place.slot.put_if_stalled(text.into());
        }
    }

    /// What it waits for from now on: until it says something else, goes on or ends. It does not stall meanwhile.
    ///
    /// Told a fifth of a second later, if it still waits then.
    pub fn waits_for(&self, text: impl Into<String>) {
        let text = text.into();
        self.send(|| StepMessage::Waits(Some(text)));
    }

    /// It waits no longer for what it said.
    pub fn goes_on(&self) {
        self.send(|| StepMessage::Waits(None));
    }

    /// Awaits `what`, and says so as long as that takes.
    pub async fn wait<T>(&self, text: impl Into<String>, what: impl Future<Output = T>) -> T {
        self.waits_for(text);
        let output = what.await;
        self.goes_on();
        output
    }

    /// Reports a line of output. Text of several lines is reported as several.
    pub fn log(&self, line: impl AsRef<str>) {
        if let Some(place) = &self.place {
            for line in line.as_ref().lines() {
                place.port.log(place.id, &place.slot, line);
            }
        }
    }

    /// It ends. Steps below it that are still open end with it. Only the first end counts.
    pub fn finish(&self, outcome: StepOutcome) {
        self.send(|| StepMessage::Finished(outcome));
    }

    /// It ends: done.
    pub fn succeed(&self) {
        self.finish(StepOutcome::Succeeded);
    }

    /// It ends: not done, and why.
    pub fn fail(&self, message: impl Into<String>) {
        let message = message.into();
        self.finish(StepOutcome::Failed { message });
    }

    /// It ends: not needed, and why.
    pub fn skip(&self, why: impl Into<String>) {
        let why = why.into();
        self.finish(StepOutcome::Skipped { why });
    }

    fn send(&self, message: impl FnOnce() -> StepMessage) {
        if let Some(place) = &self.place {
            place.port.send(place.id, message());
        }
    }
}
