//! What all nodes of a deployment share.

use super::whole::Whole;
use crate::kinds::Kinds;
use crate::patchbay::PatchbayError;
use crate::plan::{Surroundings, wiring};
use crate::topology::Topology;
use crate::up::Together;
use labwright_engine::ContainerId;
use labwright_patchbay::{Request, Status};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// What all nodes share.
pub(super) struct Shared {
    pub(super) together: Together,
    pub(super) topology: Topology,
    pub(super) kinds: Arc<Kinds>,
    pub(super) whole: Whole,
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
        let apply = Request::Apply { wiring };
        self.together.patchbay.ask_status(apply).await
    }
}
