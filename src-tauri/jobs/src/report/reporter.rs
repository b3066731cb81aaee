//! The narrow end that work gets of the monitor.

use std::sync::Arc;

use super::{Port, Step};
use crate::{JobState, StepId};

/// Where work reports its steps. Clones report to the same job.
///
/// Cheap, never blocks, and usable from any thread. Reports after the job ended are ignored.
#[derive(Clone, Debug, Default)]
pub struct Reporter {
    port: Option<Arc<Port>>,
    /// Where its steps stand, if they are a part of something larger.
    under: Option<Step>,
}

impl Reporter {
    /// A reporter to nobody, for tests and for work that nobody watches.
    pub fn null() -> Self {
        Self::default()
    }

    pub(crate) fn new(port: Arc<Port>) -> Self {
        Self {
            port: Some(port),
            under: None,
        }
    }

    /// A reporter for work that is a part of something larger: its steps stand below this one.
    pub(super) fn below(port: &Arc<Port>, step: Step) -> Self {
        Self {
            port: Some(Arc::clone(port)),
            under: Some(step),
        }
    }

    /// Says what the job makes or works on, as soon as that is known. A part of a job has no say in that.
    pub fn subject(&self, subject: impl Into<String>) {
        if let (Some(port), None) = (&self.port, &self.under) {
            port.name(subject.into());
        }
    }

    /// Says where the work stands. A part of a job has no say in that.
    pub(crate) fn checkpoint(&self, checkpoint: serde_json::Value) {
        if let (Some(port), None) = (&self.port, &self.under) {
            port.checkpoint(checkpoint);
        }
    }

    /// A step that the job had when it was left in this state.
    pub(crate) fn again(&self, state: &JobState, step: StepId) -> Option<Step> {
        let known = state.step(step)?;
        Some(match &self.port {
            Some(port) => Step::again(port, known, state.depth(step)),
            None => Step::null(),
        })
    }

    /// Announces a step at the top of the job's tree. It is pending until it starts.
    #[must_use = "a step is worked on through its handle"]
    pub fn step(&self, name: impl Into<String>) -> Step {
        match (&self.under, &self.port) {
            (Some(step), _) => step.child(name),
            (None, Some(port)) => Step::top(port, name.into()),
            (None, None) => Step::null(),
        }
    }
}
