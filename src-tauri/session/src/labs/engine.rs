//! The labs of the engine in use, looked at whenever they may have changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use labwright_engine::Engine;
use labwright_jobs::ErrorReport;
use labwright_labs::kinds::Kinds;
use labwright_labs::running::{LabError, LabStanding, Standings, Touched};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::keeper::Stale;

/// Events come in bursts: a container that starts makes several.
const SETTLE: Duration = Duration::from_millis(150);
/// After a failure it is tried again, once the engine may have caught its breath.
const TRY_AGAIN: Duration = Duration::from_secs(3);
/// How much longer than the last look nothing is looked at, while events come one after the other.
const REST: u32 = 3;
const LONGEST_REST: Duration = Duration::from_secs(2);

/// The labs of an engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct EngineLabs {
    /// The engine's id; none while there is no engine.
    pub(crate) engine: Option<String>,
    /// Whether they were listed at least once.
    pub(crate) listed: bool,
    /// By name.
    pub(crate) labs: Vec<LabStanding>,
    /// Why they could not be listed again.
    pub(crate) error: Option<ErrorReport>,
}

impl EngineLabs {
    /// The files that they were deployed from, as far as anybody said.
    pub(crate) fn files(&self) -> BTreeSet<PathBuf> {
        let files = self
            .labs
            .iter()
            .map(|standing| Path::new(&standing.lab.file));
        let files = files.filter(|file| file.is_absolute());
        files.map(Path::to_owned).collect()
    }
}

/// The task that looks at the engine's labs.
pub(crate) struct Watchman {
    pub(crate) kinds: Arc<Kinds>,
    pub(crate) engine: watch::Receiver<Option<Engine>>,
    pub(crate) stale: broadcast::Receiver<Stale>,
    pub(crate) state: watch::Sender<EngineLabs>,
}

/// What woke it.
enum Woken {
    /// There may be another engine.
    Engine,
    /// Something of the labs may have changed.
    Labs(Touched),
    /// A node's checks said something new.
    Checks,
    /// Nothing of the labs.
    Nothing,
    /// The program ends.
    Over,
}

impl Watchman {
    /// Runs until nobody can tell it any more that something changed.
    pub(crate) async fn run(mut self) {
        let mut standings: Option<Standings> = None;
        let mut rest = Instant::now();
        loop {
            match self.wait(standings.as_mut()).await {
                Woken::Over => return,
                Woken::Nothing => {}
                Woken::Checks => self.publish_nodes(standings.as_ref()),
                Woken::Engine => standings = self.begin().await,
                Woken::Labs(touched) => {
                    let Some(standings) = &mut standings else {
                        continue;
                    };
                    sleep_until(rest).await;
                    let touched = self.settle(touched).await;
                    let begun = Instant::now();
                    let Some(looked) = self.look(standings, &touched).await else {
                        continue;
                    };
                    rest = Instant::now() + (begun.elapsed() * REST).min(LONGEST_REST);
                    self.publish(standings, looked);
                }
            }
        }
    }

    async fn wait(&mut self, standings: Option<&mut Standings>) -> Woken {
        let failed = self.state.borrow().error.is_some();
        tokio::select! {
            changed = self.engine.changed() => match changed {
                Ok(()) => Woken::Engine,
                Err(_) => Woken::Over,
            },
            stale = self.stale.recv() => match stale {
                Ok(stale) => touched(&stale).map_or(Woken::Nothing, Woken::Labs),
                Err(RecvError::Lagged(_)) => Woken::Labs(Touched::Everything),
                Err(RecvError::Closed) => Woken::Over,
            },
            () = changed(standings) => Woken::Checks,
            () = sleep(TRY_AGAIN), if failed => Woken::Labs(Touched::Everything),
        }
    }

    /// Waits until a burst is over, and takes it together.
    async fn settle(&mut self, mut all: Touched) -> Touched {
        sleep(SETTLE).await;
        loop {
            match self.stale.try_recv() {
                Ok(stale) => all = together(all, touched(&stale)),
                Err(TryRecvError::Lagged(_)) => all = Touched::Everything,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return all,
            }
        }
    }

    /// Another engine's labs are not shown for a moment longer.
    async fn begin(&mut self) -> Option<Standings> {
        let engine = self.engine.borrow_and_update().clone();
        let id = engine.as_ref().map(|engine| engine.info().id.clone());
        self.state.send_if_modified(|state| {
            let other = state.engine != id;
            if other {
                *state = EngineLabs {
                    engine: id,
                    ..EngineLabs::default()
                };
            }
            other
        });
        let mut standings = Standings::of(engine?, Arc::clone(&self.kinds));
        let looked = self.look(&mut standings, &Touched::Everything).await?;
        standings.first_answers().await;
        self.publish(&standings, looked);
        Some(standings)
    }

    /// None where another engine was chosen meanwhile: this one may never answer.
    async fn look(
        &mut self,
        standings: &mut Standings,
        touched: &Touched,
    ) -> Option<Result<(), LabError>> {
        tokio::select! {
            looked = standings.look(touched) => Some(looked),
            Ok(()) = self.engine.changed() => {
                self.engine.mark_changed();
                None
            }
        }
    }

    fn publish(&self, standings: &Standings, looked: Result<(), LabError>) {
        self.state.send_if_modified(|state| {
            let next = match looked {
                Ok(()) => EngineLabs {
                    engine: state.engine.clone(),
                    listed: true,
                    labs: standings.labs(),
                    error: None,
                },
                Err(error) => EngineLabs {
                    error: Some(error.report()),
                    ..state.clone()
                },
            };
            let changed = *state != next;
            *state = next;
            changed
        });
    }

    /// Their nodes stand differently; nothing else was asked.
    fn publish_nodes(&self, standings: Option<&Standings>) {
        let labs = standings.map(Standings::labs).unwrap_or_default();
        self.state.send_if_modified(|state| {
            let changed = state.labs != labs;
            state.labs = labs;
            changed
        });
    }
}

fn touched(stale: &Stale) -> Option<Touched> {
    match stale {
        Stale::All => Some(Touched::Everything),
        Stale::Images => None,
        Stale::Container(id) => Some(Touched::Containers(BTreeSet::from([id.clone()]))),
    }
}

fn together(one: Touched, other: Option<Touched>) -> Touched {
    match (one, other) {
        (Touched::Containers(mut ids), Some(Touched::Containers(more))) => {
            ids.extend(more);
            Touched::Containers(ids)
        }
        (one, None) => one,
        _ => Touched::Everything,
    }
}

/// Waits for news of the checks; for ever where nothing is checked.
async fn changed(standings: Option<&mut Standings>) {
    match standings {
        Some(standings) => standings.changed().await,
        None => std::future::pending().await,
    }
}
