//! Keeps the engine in use: looks for it, follows its health, and connects again when it came back.

use std::time::Duration;

use futures_util::future::join_all;
use labwright_engine::{Engine, EngineEvent, Health, HealthWatch};
use labwright_jobs::ErrorReport;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::sleep;

use crate::connect::{Looked, look, look_or_start};
use crate::{EngineState, Environment, SelectedEngine, UnaskedEngine, UnreachableEngine};

/// While there is no engine, it is looked for again after this time: a socket that comes into being
/// tells nobody.
const LOOK_AGAIN: Duration = Duration::from_secs(3);

/// What the keeper is asked to do.
#[derive(Debug)]
pub(crate) enum Ask {
    /// Use this engine from now on, or the first that answers.
    Select(Option<String>),
    /// Look again, and start what can be started.
    Look,
    /// Find out again how much room there is.
    Measure,
}

/// What may have changed in the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// Anything.
    All,
    /// Its images.
    Images,
    /// The container of this id.
    Container(String),
}

/// The keeper's task.
pub(crate) struct Keeper {
    environment: Environment,
    wanted: Option<String>,
    state: watch::Sender<EngineState>,
    engine: watch::Sender<Option<Engine>>,
    /// Told when the engine's images or containers may have changed.
    changed: broadcast::Sender<Stale>,
    follows: Option<Follows>,
}

/// What is heard of the selected engine.
struct Follows {
    /// Dropping it ends the following.
    _watch: HealthWatch,
    health: watch::Receiver<Health>,
    events: broadcast::Receiver<EngineEvent>,
}

/// What happened to the selected engine.
enum Heard {
    Health,
    Event(Stale),
}

impl Keeper {
    pub(crate) fn new(
        environment: Environment,
        wanted: Option<String>,
        state: watch::Sender<EngineState>,
        engine: watch::Sender<Option<Engine>>,
        changed: broadcast::Sender<Stale>,
    ) -> Self {
        Self {
            environment,
            wanted,
            state,
            engine,
            changed,
            follows: None,
        }
    }

    /// Runs until nobody can ask any more.
    pub(crate) async fn run(mut self, mut asks: mpsc::UnboundedReceiver<Ask>) {
        self.look_or_start().await;
        loop {
            tokio::select! {
                ask = asks.recv() => match ask {
                    None => return,
                    Some(Ask::Select(wanted)) => {
                        self.wanted = wanted;
                        self.look_or_start().await;
                    }
                    Some(Ask::Look) => self.look_or_start().await,
                    Some(Ask::Measure) => self.measure(),
                },
                heard = hear(self.follows.as_mut()) => match heard {
                    Heard::Health => self.health_changed().await,
                    Heard::Event(stale) => self.tell(stale),
                },
                () = sleep(LOOK_AGAIN), if self.engine.borrow().is_none() => {
                    let looked = look(&self.environment, self.wanted.as_deref()).await;
                    self.take(looked).await;
                }
            }
        }
    }

    async fn look_or_start(&mut self) {
        self.state.send_modify(|state| state.searching = true);
        let note = |text: &str| tracing::info!("{text}");
        let looked = look_or_start(&self.environment, self.wanted.as_deref(), note).await;
        self.take(looked).await;
    }

    /// Takes over what was found.
    async fn take(&mut self, looked: Looked) {
        let Looked {
            discovery,
            selected,
        } = looked;
        let all = discovery.engines.iter().chain(selected.as_ref());
        join_all(all.map(Engine::described)).await;
        let mut found: Vec<_> = discovery
            .engines
            .iter()
            .map(|engine| engine.info().clone())
            .collect();
        let unreachable = discovery.unreachable.iter().map(|(candidate, error)| {
            let mut report = ErrorReport::of(error.code(), &**error);
            report.hints = error.hints();
            UnreachableEngine {
                name: candidate.name.clone(),
                address: candidate.address.to_string(),
                error: report,
            }
        });
        let unasked = discovery.unasked.iter().map(|candidate| UnaskedEngine {
            name: candidate.name.clone(),
            address: candidate.address.to_string(),
        });
        if let Ok(engine) = &selected
            && !found.iter().any(|info| info.id == engine.info().id)
        {
            // It was started just now.
            found.push(engine.info().clone());
        }
        let (engine, problem) = match selected {
            Ok(engine) => (Some(engine), None),
            Err(problem) => (None, Some(problem)),
        };
        self.follow(engine.as_ref());
        let next = EngineState {
            searching: false,
            selected: engine.as_ref().map(described),
            found,
            unasked: unasked.collect(),
            unreachable: unreachable.collect(),
            problem,
        };
        // Who hears that engines are known looks for the engine next.
        self.engine.send_replace(engine);
        self.state.send_if_modified(|state| {
            let changed = *state != next;
            *state = next;
            changed
        });
        self.tell_stale();
    }

    fn follow(&mut self, engine: Option<&Engine>) {
        self.follows = engine.map(|engine| {
            let watch = engine.watch();
            Follows {
                health: watch.health(),
                events: watch.events(),
                _watch: watch,
            }
        });
    }

    async fn health_changed(&mut self) {
        let Some(follows) = &mut self.follows else {
            return;
        };
        let health = follows.health.borrow_and_update().clone();
        if health == Health::Up {
            // It may be another version now, and others may have come with it.
            let looked = look(&self.environment, self.wanted.as_deref()).await;
            if looked.selected.is_ok() {
                self.take(looked).await;
                return;
            }
        }
        self.state.send_modify(|state| {
            if let Some(selected) = &mut state.selected {
                selected.health = health;
            }
        });
        self.tell_stale();
    }

    fn measure(&self) {
        let free = self.engine.borrow().as_ref().and_then(Engine::free_space);
        self.state.send_if_modified(|state| {
            let Some(selected) = &mut state.selected else {
                return false;
            };
            let changed = selected.free_space != free;
            selected.free_space = free;
            changed
        });
    }

    fn tell_stale(&self) {
        self.tell(Stale::All);
    }

    fn tell(&self, stale: Stale) {
        // Nobody may be listening yet.
        let _nobody = self.changed.send(stale);
    }
}

fn described(engine: &Engine) -> SelectedEngine {
    engine.begin_describing();
    SelectedEngine {
        info: engine.info().clone(),
        free_space: engine.free_space(),
        health: Health::Up,
    }
}

/// Waits for something to happen to the engine that is followed; for ever if there is none.
async fn hear(follows: Option<&mut Follows>) -> Heard {
    let Some(follows) = follows else {
        return std::future::pending().await;
    };
    tokio::select! {
        changed = follows.health.changed() => match changed {
            Ok(()) => Heard::Health,
            // The watch is held beside it, and cannot have gone.
            Err(_) => std::future::pending().await,
        },
        event = follows.events.recv() => match event {
            Ok(EngineEvent::Image { .. }) => Heard::Event(Stale::Images),
            Ok(EngineEvent::Container { container, .. }) => {
                Heard::Event(Stale::Container(container))
            }
            Err(broadcast::error::RecvError::Lagged(_)) => Heard::Event(Stale::All),
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        },
    }
}
