//! What all nodes of a deployment share.

use super::gates::Gates;
use super::turns::Turns;
use super::whole::Whole;
use crate::kinds::Kinds;
use crate::patchbay::{Patchbay, PatchbayError};
use crate::plan::{Surroundings, wiring};
use crate::topology::{StageName, Topology};
use labwright_engine::{ContainerId, Engine};
use labwright_patchbay::{Request, Status};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What all nodes share.
pub(super) struct Shared {
    pub(super) engine: Engine,
    pub(super) patchbay: Patchbay,
    pub(super) topology: Topology,
    pub(super) kinds: Arc<Kinds>,
    pub(super) gates: Gates,
    pub(super) turns: Turns,
    pub(super) whole: Whole,
    pub(super) ready_within: Option<Duration>,
    /// Whether the engine is known to refuse privileged containers.
    pub(super) privileged_refused: AtomicBool,
    /// Held for moments only.
    pub(super) around: Mutex<Surroundings>,
    pub(super) notes: Mutex<Vec<String>>,
}

impl Shared {
    /// Something odd that stops nothing.
    pub(super) fn note(&self, note: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(note);
    }

    /// A node has a container, or another one.
    pub(super) fn replaced(&self, node: &str, container: &ContainerId) {
        let mut around = self.around.lock().unwrap_or_else(PoisonError::into_inner);
        around
            .containers
            .insert(node.to_owned(), container.to_string());
    }

    /// Tells the patchbay the whole wiring.
    pub(super) async fn rewire(&self) -> Result<Status, PatchbayError> {
        let around = self
            .around
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let wiring = wiring(&self.topology, &self.kinds, &around);
        self.patchbay.ask_status(Request::Apply { wiring }).await
    }

    /// Whether a node waits for this stage of another.
    pub(super) fn is_waited_for(&self, node: &str, stage: StageName) -> bool {
        let nodes = self.topology.nodes.iter();
        let stages = nodes.flat_map(|node| node.settings.stages.all());
        let mut waits = stages.flat_map(|(_, stage)| &stage.wait_for);
        waits.any(|wait| wait.node.as_str() == node && wait.stage == stage)
    }
}
