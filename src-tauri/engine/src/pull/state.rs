//! What the lines of a pull mean together, for each of the three kinds of engine.

use super::{KnownLayer, LayerChange, LayerPhase, PullLayer, PullLine};
use crate::Store;

/// How a pull stands. A layer is its id: it counts once, however many lines tell of it.
#[derive(Clone, Debug)]
pub struct PullState {
    store: Store,
    layers: Vec<PullLayer>,
    /// Whether the manifest named the layers, so that others are none.
    known: bool,
    digest: Option<String>,
    failure: Option<String>,
}

/// Bytes of all layers together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DownloadTotals {
    /// How many came, or were there.
    pub done: u64,
    /// How many there are, if each layer's size is known.
    pub total: Option<u64>,
    /// How many were unpacked, or were there.
    pub unpacked: u64,
}

impl PullState {
    /// Before the first line. The layers are those of the manifest, lowest first; none where it could
    /// not be read. A layer that the manifest names twice is one.
    pub fn new(store: Store, known: &[KnownLayer]) -> Self {
        let mut layers: Vec<PullLayer> = Vec::new();
        for layer in known.iter().map(PullLayer::known) {
            if !layers.iter().any(|other| other.id == layer.id) {
                layers.push(layer);
            }
        }
        Self {
            store,
            known: !layers.is_empty(),
            layers,
            digest: None,
            failure: None,
        }
    }

    /// The layers: in the manifest's order, or as they were first told of.
    pub fn layers(&self) -> &[PullLayer] {
        &self.layers
    }

    /// What the engine says the reference points to.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// Why it failed, in the engine's words.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Whether the engine tells when a layer is unpacked.
    pub fn tells_unpacking(&self) -> bool {
        self.store != Store::Podman
    }

    /// Bytes of all layers together.
    pub fn totals(&self) -> DownloadTotals {
        let sizes = self.layers.iter().map(|layer| layer.size);
        DownloadTotals {
            done: self.layers.iter().map(|layer| layer.done).sum(),
            total: (!self.layers.is_empty())
                .then(|| sizes.sum::<Option<u64>>())
                .flatten(),
            unpacked: self.layers.iter().map(|layer| layer.unpacked).sum(),
        }
    }

    /// How many layers are where the engine wants them.
    pub fn layers_done(&self) -> usize {
        let done = if self.tells_unpacking() {
            LayerPhase::Complete
        } else {
            LayerPhase::Downloaded
        };
        let layers = self.layers.iter();
        layers.filter(|layer| layer.phase >= done).count()
    }

    /// Takes over lines that came at one moment.
    ///
    /// Podman says "Download complete" of every layer that it gives up, right before the error: what it
    /// says of layers in the moment of an error does not count.
    pub fn apply(&mut self, lines: &[PullLine]) {
        let failure = lines.iter().find_map(|line| match line {
            PullLine::Failed(message) => Some(message),
            _ => None,
        });
        if let Some(message) = failure {
            self.failure.get_or_insert_with(|| message.clone());
            return;
        }
        for line in lines {
            match line {
                PullLine::Layer { id, change } => self.change(id, *change),
                PullLine::Digest(digest) => self.digest = Some(digest.clone()),
                PullLine::Note(_) | PullLine::Failed(_) => {}
            }
        }
    }

    /// The engine ended without an error, and the image is there: what it did not tell of was there.
    pub fn finish(&mut self) {
        for layer in &mut self.layers {
            layer.retry_in = None;
            let end = if layer.announced {
                LayerPhase::Complete
            } else {
                LayerPhase::Existing
            };
            if layer.phase < LayerPhase::Complete {
                layer.reach(end);
            }
        }
    }

    fn change(&mut self, id: &str, change: LayerChange) {
        let begins = !matches!(change, LayerChange::Announced | LayerChange::Existing);
        if begins && self.store == Store::Containerd {
            self.count_silent_layers();
        }
        let found = self.layers.iter().position(|layer| layer.id == id);
        if self.is_image_itself(found, change) {
            self.layers.retain(|layer| layer.id != id);
            return;
        }
        match found {
            Some(at) => self.layers[at].apply(change),
            // Podman tells of the configuration as if it were a layer.
            None if self.known => {}
            None => {
                let mut layer = PullLayer::new(id.to_owned(), None);
                layer.apply(change);
                self.layers.push(layer);
            }
        }
    }

    /// A containerd store announces at once all layers that it must fetch, and says nothing of the
    /// others: when the first one begins, those were there.
    fn count_silent_layers(&mut self) {
        for layer in &mut self.layers {
            if !layer.announced && layer.phase == LayerPhase::Pending {
                layer.reach(LayerPhase::Existing);
            }
        }
    }

    /// Podman's last line says a second time that the configuration is complete: its digest is the
    /// image's id.
    fn is_image_itself(&self, found: Option<usize>, change: LayerChange) -> bool {
        let again = found.is_some_and(|at| self.layers[at].phase == LayerPhase::Downloaded);
        let complete = change == LayerChange::Downloaded;
        self.store == Store::Podman && !self.known && again && complete
    }
}
