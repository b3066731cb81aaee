//! How many nodes are worked on at once, and how far apart those of a kind start.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

/// How many requests for containers the engine gets at once. More do not make it faster (measured).
const AT_ONCE: usize = 4;

/// Turns that nodes wait for.
#[derive(Debug, Clone)]
pub(crate) struct Turns {
    engine: Arc<Semaphore>,
    kinds: BTreeMap<String, (Arc<Semaphore>, Duration)>,
}

impl Turns {
    /// `staggers`: how far apart two nodes of a kind start.
    pub(crate) fn new(staggers: impl IntoIterator<Item = (String, Duration)>) -> Self {
        let turn = |(kind, apart)| (kind, (Arc::new(Semaphore::new(1)), apart));
        Self {
            engine: Arc::new(Semaphore::new(AT_ONCE)),
            kinds: staggers.into_iter().map(turn).collect(),
        }
    }

    /// Waits until the engine may be asked for one more container. It is never closed.
    pub(crate) async fn engine(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.engine).acquire_owned().await.ok()
    }

    /// Waits until a node of this kind may start. The next one may as soon as the kind's time has passed.
    pub(crate) async fn start(&self, kind: &str) {
        let Some((turn, apart)) = self.kinds.get(kind).filter(|(_, apart)| !apart.is_zero()) else {
            return;
        };
        let apart = *apart;
        if let Ok(permit) = Arc::clone(turn).acquire_owned().await {
            tokio::spawn(async move {
                sleep(apart).await;
                drop(permit);
            });
        }
    }
}
