//! One layer of an image that is pulled.

use super::LayerChange;

/// How many digits of its digest an engine calls a layer by.
const ID_DIGITS: usize = 12;

/// A layer that the registry's manifest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownLayer {
    /// Its digest, `sha256:…`.
    pub digest: String,
    /// Bytes, compressed.
    pub size: u64,
}

/// How far a layer is. Later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayerPhase {
    /// Nothing came yet.
    Pending,
    /// Its bytes come.
    Downloading,
    /// All of them came.
    Downloaded,
    /// It is being unpacked.
    Unpacking,
    /// It is in the store.
    Complete,
    /// It was in the store before.
    Existing,
}

/// What is known of one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullLayer {
    /// What the engine calls it: the first digits of its digest.
    pub id: String,
    /// Bytes, compressed: the manifest's, or what the engine said.
    pub size: Option<u64>,
    /// How many of them came. Never falls.
    pub done: u64,
    /// How many of them were unpacked, where the engine counts them.
    pub unpacked: u64,
    /// How far it is.
    pub phase: LayerPhase,
    /// Seconds until the engine tries again, while it waits to.
    pub retry_in: Option<u64>,
    pub(super) announced: bool,
}

impl PullLayer {
    pub(super) fn new(id: String, size: Option<u64>) -> Self {
        Self {
            id,
            size,
            done: 0,
            unpacked: 0,
            phase: LayerPhase::Pending,
            retry_in: None,
            announced: false,
        }
    }

    pub(super) fn known(layer: &KnownLayer) -> Self {
        Self::new(short(&layer.digest), Some(layer.size))
    }

    pub(super) fn apply(&mut self, change: LayerChange) {
        self.announced = true;
        self.retry_in = None;
        match change {
            LayerChange::Announced => {}
            LayerChange::Downloading { done, total } => self.download(done, total),
            LayerChange::Retrying { seconds } => self.retry_in = Some(seconds),
            LayerChange::Downloaded => self.reach(LayerPhase::Downloaded),
            LayerChange::Unpacking { done } => self.unpack(done),
            LayerChange::Complete => self.reach(LayerPhase::Complete),
            LayerChange::Existing => self.reach(LayerPhase::Existing),
        }
    }

    /// A classic store that resumes counts only what is left: the total it says then is less than the
    /// layer's size, by what came before.
    fn download(&mut self, done: u64, total: Option<u64>) {
        let size = self.size.max(total);
        self.size = size;
        let before = match (size, total) {
            (Some(size), Some(total)) => size.saturating_sub(total),
            _ => 0,
        };
        let came = before.saturating_add(done);
        self.done = self.done.max(size.map_or(came, |size| came.min(size)));
        self.phase = self.phase.max(LayerPhase::Downloading);
    }

    fn unpack(&mut self, done: Option<u64>) {
        self.reach(LayerPhase::Unpacking);
        let done = done.unwrap_or_default();
        let most = self.size.unwrap_or(done);
        self.unpacked = self.unpacked.max(done.min(most));
    }

    /// It is at least so far.
    pub(super) fn reach(&mut self, phase: LayerPhase) {
        self.phase = self.phase.max(phase);
        if self.phase >= LayerPhase::Downloaded {
            self.done = self.done.max(self.size.unwrap_or_default());
        }
        if self.phase >= LayerPhase::Complete {
            self.unpacked = self.unpacked.max(self.done);
        }
    }
}

/// What an engine calls the layer with this digest.
pub(super) fn short(digest: &str) -> String {
    let digits = digest.split_once(':').map_or(digest, |(_, digits)| digits);
    digits.chars().take(ID_DIGITS).collect()
}
