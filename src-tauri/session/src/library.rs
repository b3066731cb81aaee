//! Lists the engine's images again whenever they may have changed.

use std::time::Duration;

use labwright_engine::Engine;
use labwright_images::library::{self, KnownArchitectures, Origins};
use labwright_images::{LibraryError, LibraryImage};
use labwright_jobs::History;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::sleep;

use crate::ImagesState;
use crate::keeper::{Ask, Stale};
use crate::rules::RulesBook;

/// Events come in bursts: an import alone makes four.
const SETTLE: Duration = Duration::from_millis(150);
/// After a failure it is tried again, once the engine may have caught its breath.
const TRY_AGAIN: Duration = Duration::from_secs(3);

/// The task that lists images.
pub(crate) struct Librarian {
    pub(crate) rules: RulesBook,
    pub(crate) history: History,
    pub(crate) engine: watch::Receiver<Option<Engine>>,
    pub(crate) stale: broadcast::Receiver<Stale>,
    pub(crate) state: watch::Sender<ImagesState>,
    pub(crate) keeper: mpsc::UnboundedSender<Ask>,
}

impl Librarian {
    /// Runs until nobody can tell it any more that the images changed.
    pub(crate) async fn run(mut self) {
        let mut known = KnownArchitectures::default();
        while self.wait().await {
            let engine = self.engine.borrow().clone();
            let Some(engine) = engine else {
                self.state.send_replace(ImagesState::default());
                continue;
            };
            let id = engine.info().id.clone();
            self.begin(&id);
            let (rules, _) = self.rules.load();
            let listed = library::list(&engine, &rules, &self.origins(), &mut known).await;
            self.publish(&id, listed);
            // Whatever changed the images changed the room for them.
            let _keeper_gone = self.keeper.send(Ask::Measure);
        }
    }

    /// Without a history the images tell what they can.
    fn origins(&self) -> Origins {
        let ended = |kind: &str| self.history.succeeded(kind).unwrap_or_default();
        Origins::of(ended("import"), ended("pull"))
    }

    /// Waits until a list is needed; false at the end.
    async fn wait(&mut self) -> bool {
        let failed = self.state.borrow().error.is_some();
        tokio::select! {
            told = self.stale.recv() => {
                if matches!(told, Err(broadcast::error::RecvError::Closed)) {
                    return false;
                }
            }
            () = sleep(TRY_AGAIN), if failed => {}
        }
        sleep(SETTLE).await;
        while self.stale.try_recv().is_ok() {}
        true
    }

    /// Another engine's images are not shown for a moment longer.
    fn begin(&self, engine: &str) {
        self.state.send_if_modified(|state| {
            let other = state.engine.as_deref() != Some(engine);
            if other {
                *state = ImagesState {
                    engine: Some(engine.to_owned()),
                    ..ImagesState::default()
                };
            }
            other
        });
    }

    fn publish(&self, engine: &str, listed: Result<Vec<LibraryImage>, LibraryError>) {
        self.state.send_if_modified(|state| {
            let next = match listed {
                Ok(images) => ImagesState {
                    engine: Some(engine.to_owned()),
                    listed: true,
                    images,
                    error: None,
                },
                Err(error) => ImagesState {
                    error: Some(error.report()),
                    ..state.clone()
                },
            };
            let changed = *state != next;
            *state = next;
            changed
        });
    }
}
