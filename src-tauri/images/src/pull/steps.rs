//! What a pull reports: each layer by its id, their sum, and what the engine does with them.

use labwright_engine::{EngineInfo, KnownLayer, LayerPhase, PullLayer, PullState, Store};
use labwright_jobs::{Reporter, Step, Unit};
use labwright_registry::RemoteImage;

/// The steps at the top.
pub(super) struct Steps {
    manifest: Step,
    download: Step,
    /// Unpacking, or where the engine says nothing of it, its work after the last byte.
    store: Step,
    pub(super) verify: Step,
    unpacking: Unpacking,
}

/// What an engine tells of unpacking.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unpacking {
    /// Compressed bytes.
    Bytes,
    /// Which layers are done; of those in work only seconds.
    Layers,
    /// Nothing.
    Silent,
}

/// The layers' steps, and what was reported of each.
pub(super) struct Download<'a> {
    steps: &'a Steps,
    registry: String,
    layers: Vec<LayerStep>,
    ended: bool,
}

struct LayerStep {
    id: String,
    step: Step,
    ended: bool,
    retrying: bool,
}

impl Steps {
    pub(super) fn new(reporter: &Reporter, engine: &EngineInfo) -> Self {
        let unpacking = match engine.store {
            Store::Classic => Unpacking::Bytes,
            Store::Containerd => Unpacking::Layers,
            Store::Podman => Unpacking::Silent,
        };
        let store = if unpacking == Unpacking::Silent {
            "Engine commit"
        } else {
            "Extract"
        };
        Self {
            manifest: reporter.step("Manifest"),
            download: reporter.step("Download"),
            store: reporter.step(store),
            verify: reporter.step("Verify"),
            unpacking,
        }
    }

    pub(super) fn manifest(&self) -> &Step {
        &self.manifest
    }

    /// The download begins. Layers that are known stand there from the beginning, in their order.
    pub(super) fn begin(&self, state: &PullState, registry: &str) -> Download<'_> {
        self.download.start();
        self.download
            .if_stalled(format!("{registry} to send the image"));
        let mut download = Download {
            steps: self,
            registry: registry.to_owned(),
            layers: Vec::new(),
            ended: false,
        };
        for layer in state.layers() {
            download.step_of(layer);
        }
        download
    }
}

impl Download<'_> {
    /// Reports what changed.
    pub(super) fn report(&mut self, state: &PullState) {
        for layer in state.layers() {
            self.report_layer(layer);
        }
        let totals = state.totals();
        let begun = state
            .layers()
            .iter()
            .any(|layer| layer.phase != LayerPhase::Pending);
        if begun {
            let download = &self.steps.download;
            download.progress(totals.done, totals.total, Unit::Bytes);
        }
        let layers = state.layers();
        let all_came = !layers.is_empty()
            && layers
                .iter()
                .all(|layer| layer.phase >= LayerPhase::Downloaded);
        self.report_unpacking(state, all_came);
        // Without the manifest another layer may still be told of.
        if all_came && totals.total.is_some() && !self.ended {
            self.ended = true;
            self.steps.download.succeed();
        }
    }

    /// The engine gave up: what hangs in the middle shows how far it came.
    pub(super) fn fail(&mut self, state: &PullState) {
        for layer in state.layers() {
            self.report_layer(layer);
        }
    }

    /// The engine has everything.
    pub(super) fn end(mut self, state: &PullState) {
        self.report(state);
        let layers = state.layers();
        self.steps.download.succeed();
        let nothing_new = layers
            .iter()
            .all(|layer| layer.phase == LayerPhase::Existing);
        if nothing_new {
            self.steps.store.skip("the engine had every layer");
        } else {
            self.steps.store.succeed();
        }
    }

    fn report_unpacking(&self, state: &PullState, all_came: bool) {
        let begun = |layer: &&PullLayer| {
            matches!(layer.phase, LayerPhase::Unpacking | LayerPhase::Complete)
        };
        let store = &self.steps.store;
        let layers = state.layers();
        let unpacks = layers.iter().find(begun);
        match self.steps.unpacking {
            Unpacking::Silent if all_came && !self.ended => store.start_clock(),
            Unpacking::Bytes if unpacks.is_some() => {
                let totals = state.totals();
                store.progress(totals.unpacked, totals.total, Unit::Bytes);
            }
            Unpacking::Layers if unpacks.is_some() => {
                let done = u64::try_from(state.layers_done()).unwrap_or_default();
                let total = u64::try_from(layers.len()).ok();
                store.progress(done, total, Unit::Items);
            }
            _ => return,
        }
        store.if_stalled("the engine to unpack the image");
    }

    fn report_layer(&mut self, layer: &PullLayer) {
        let registry = self.registry.clone();
        let reported = self.step_of(layer);
        if reported.ended {
            return;
        }
        let step = &reported.step;
        match (layer.phase, layer.retry_in) {
            (LayerPhase::Existing, _) => step.skip("the engine had it"),
            (LayerPhase::Pending | LayerPhase::Downloading, Some(seconds)) => {
                if !reported.retrying {
                    step.log(format!(
                        "layer {}: the download from {registry} broke; the engine tries again in {seconds} s",
                        layer.id
                    ));
                    step.if_stalled(format!("the engine to try {registry} again"));
                }
                reported.retrying = true;
                return;
            }
            (LayerPhase::Pending, None) => return,
            (LayerPhase::Downloading, None) => {
                reported.retrying = false;
                step.if_stalled(format!("{registry} to send layer {}", layer.id));
                step.progress(layer.done, layer.size, Unit::Bytes);
                return;
            }
            (LayerPhase::Downloaded | LayerPhase::Unpacking | LayerPhase::Complete, _) => {
                step.progress(layer.done, layer.size, Unit::Bytes);
                step.succeed();
            }
        }
        reported.ended = true;
    }

    fn step_of(&mut self, layer: &PullLayer) -> &mut LayerStep {
        let at = self.layers.iter().position(|known| known.id == layer.id);
        let at = at.unwrap_or_else(|| {
            self.layers.push(LayerStep {
                id: layer.id.clone(),
                step: self.steps.download.child(layer.id.clone()),
                ended: false,
                retrying: false,
            });
            self.layers.len() - 1
        });
        &mut self.layers[at]
    }
}

/// The layers that a registry's manifest names.
pub(super) fn known_layers(image: Option<&RemoteImage>) -> Vec<KnownLayer> {
    let layers = image.map(|image| image.layers.as_slice());
    let known = layers.unwrap_or_default().iter().map(|layer| KnownLayer {
        digest: layer.digest.clone(),
        size: layer.size,
    });
    known.collect()
}
