//! What a window stands on: one for each process.

mod engines;
mod hosts;
mod images;
mod jobs;
mod lab_runs;
mod lab_streams;
mod lab_texts;
mod lab_work;
mod labs;
mod offers;
mod settings;

use std::path::Path;
use std::sync::Arc;

use labwright_engine::Engine;
use labwright_images::{RegistryPlaces, RulesError};
use labwright_jobs::{
    ErrorReport, History, HistoryError, JobState, Monitor, MonitorOptions, ProcessIdentity,
    Snapshot, Subscription,
};
use labwright_labs::kinds::{Kinds, KindsError};
use thiserror::Error;
use tokio::sync::{broadcast, mpsc, watch};

use crate::hosts::HostBook;
use crate::keeper::{Ask, Keeper, Stale};
use crate::labs::{
    Captures, JobReader, LabJobs, LabTraffic, LabView, Labs, LabsState, Reader, Runs, Terminals,
    Turns,
};
use crate::library::Librarian;
use crate::offers::Offers;
use crate::references::References;
use crate::rules::RulesBook;
use crate::{
    EngineState, Environment, HandedOver, ImagesState, Offer, Places, ReferenceState, Settings,
    SettingsState,
};

/// How many jobs that ended the history keeps.
const JOBS_KEPT: usize = 1000;
/// How many containers may be told of while nobody listens; then all are looked at.
const STALE_KEPT: usize = 256;
/// How many events a window may be behind before it must ask again.
const EVENTS_KEPT: usize = 1 << 16;

/// One user at one workstation. Clones are the same session.
#[derive(Clone, Debug)]
pub struct Session {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    environment: Environment,
    monitor: Monitor,
    rules: RulesBook,
    offers: Offers,
    settings: watch::Sender<SettingsState>,
    engines: watch::Receiver<EngineState>,
    engine: watch::Receiver<Option<Engine>>,
    images: watch::Receiver<ImagesState>,
    others: watch::Sender<Vec<JobState>>,
    references: watch::Receiver<Vec<ReferenceState>>,
    registries: Arc<RegistryPlaces>,
    keeper: mpsc::UnboundedSender<Ask>,
    stale: broadcast::Sender<Stale>,
    labs: Labs,
    terminals: Terminals,
    captures: Captures,
    runs: Runs,
    turns: Turns,
    handed_over: watch::Sender<Option<HandedOver>>,
    hosts: HostBook,
}

/// Why a session cannot be.
#[derive(Debug, Error)]
pub enum SessionError {
    /// There is no home, and therefore no folder of our own.
    #[error("this user has no home folder to keep files in")]
    NoFolder,
    /// A fault in this program.
    #[error("the recognition rules that come with Labwright cannot be used")]
    Rules(#[from] RulesError),
    /// A fault in this program.
    #[error("the kinds of node that come with Labwright cannot be used")]
    Kinds(#[from] KindsError),
    /// Not even a history in memory can be had.
    #[error("the history of jobs cannot be opened")]
    History(#[from] HistoryError),
}

impl Session {
    /// Reads settings and history, and begins to look for an engine. Must be called within a tokio
    /// runtime.
    ///
    /// Settings or a history that cannot be read are told in the state, and do not end it.
    pub fn open(environment: Environment) -> Result<Self, SessionError> {
        let places = places(&environment).ok_or(SessionError::NoFolder)?;
        let rules = RulesBook::new(places.kinds.clone())?;
        let (history, history_error) = history(&places.history)?;
        let (settings, error) = match Settings::read(&places.settings) {
            Ok(settings) => (settings, None),
            Err(error) => (Settings::default(), Some(error.report())),
        };
        let mut options = MonitorOptions {
            subscriber_buffer: EVENTS_KEPT,
            ..MonitorOptions::default()
        };
        for (queue, limit) in queues(&settings) {
            options.queues.insert(queue.to_owned(), limit);
        }
        let monitor = Monitor::start(history, options);
        let (loaded, kinds_error) = rules.load();
        let wanted = environment.engine().map(str::to_owned);
        let wanted = wanted.or_else(|| settings.engine.clone());
        let state = SettingsState {
            settings,
            error,
            places,
            kinds: loaded.entries(),
            kinds_error,
            history_error,
        };
        let reader = Reader {
            kinds: Arc::new(Kinds::built_in()?),
            surroundings: environment.surroundings(),
        };
        Ok(Self::start(
            environment,
            wanted,
            monitor,
            (rules, reader),
            state,
        ))
    }

    fn start(
        environment: Environment,
        wanted: Option<String>,
        monitor: Monitor,
        (rules, reader): (RulesBook, Reader),
        settings: SettingsState,
    ) -> Self {
        let (found, engines) = watch::channel(EngineState {
            searching: true,
            ..EngineState::default()
        });
        let (selected, engine) = watch::channel(None);
        let (listed, images) = watch::channel(ImagesState::default());
        let (keeper, asks) = mpsc::unbounded_channel();
        let (stale, _) = broadcast::channel(STALE_KEPT);
        let librarian = Librarian {
            rules: rules.clone(),
            history: monitor.history().clone(),
            engine: engine.clone(),
            stale: stale.subscribe(),
            state: listed,
            keeper: keeper.clone(),
        };
        tokio::spawn(librarian.run());
        let others = watch::Sender::default();
        let (standing, references) = watch::channel(Vec::new());
        let follower = References {
            monitor: monitor.clone(),
            engine: engine.clone(),
            images: images.clone(),
            others: others.subscribe(),
            state: standing,
        };
        tokio::spawn(follower.run());
        // Its places are known: the session has a history.
        let list = environment.labs_file().unwrap_or_default();
        let (last_jobs, jobs) = watch::channel(LabJobs::default());
        let job_reader = JobReader {
            monitor: monitor.clone(),
            engine: engine.clone(),
            others: others.subscribe(),
            state: last_jobs,
        };
        tokio::spawn(job_reader.run());
        let labs = Labs::start(reader, list, &engine, stale.subscribe(), jobs);
        let hosts = HostBook::open(environment.reach());
        let registries = Arc::new(environment.registry_places());
        let wants = Keeper::new(environment.clone(), wanted, found, selected, stale.clone());
        tokio::spawn(wants.run(asks));
        let session = Self {
            shared: Arc::new(Shared {
                environment,
                monitor,
                rules,
                offers: Offers::new(),
                settings: watch::Sender::new(settings),
                engines,
                engine,
                images,
                others,
                references,
                registries,
                keeper,
                stale,
                labs,
                terminals: Terminals::default(),
                captures: Captures::default(),
                runs: Runs::default(),
                turns: Turns::default(),
                handed_over: watch::Sender::default(),
                hosts,
            }),
        };
        tokio::spawn(session.clone().follow_others());
        tokio::spawn(session.clone().follow_host_jobs());
        tokio::spawn(session.clone().list_after_jobs());
        tokio::spawn(session.clone().sweep_each_engine());
        session
    }

    /// All jobs, and every event after that.
    pub async fn jobs(&self) -> (Snapshot, Subscription) {
        self.shared.monitor.subscribe().await
    }

    /// Jobs that run or wait in other processes of this user: in `lw`. Up to a second old.
    pub fn others(&self) -> watch::Receiver<Vec<JobState>> {
        self.shared.others.subscribe()
    }

    /// References that were pulled or are to be, and how they stand; the newest first.
    pub fn references(&self) -> watch::Receiver<Vec<ReferenceState>> {
        self.shared.references.clone()
    }

    /// The engine in use, and the others.
    pub fn engines(&self) -> watch::Receiver<EngineState> {
        self.shared.engines.clone()
    }

    /// The images of the engine in use.
    pub fn images(&self) -> watch::Receiver<ImagesState> {
        self.shared.images.clone()
    }

    /// The settings.
    pub fn settings(&self) -> watch::Receiver<SettingsState> {
        self.shared.settings.subscribe()
    }

    /// Files that are offered.
    pub fn offers(&self) -> watch::Receiver<Option<Offer>> {
        self.shared.offers.subscribe()
    }

    /// Labs that were handed over and that no window was told of.
    pub fn handed_over(&self) -> watch::Receiver<Option<HandedOver>> {
        self.shared.handed_over.subscribe()
    }

    /// The same, for a window that goes there: it is told once.
    pub fn take_handed_over(&self) -> Option<HandedOver> {
        let mut taken = None;
        self.shared.handed_over.send_if_modified(|state| {
            taken = state.take();
            false
        });
        taken
    }

    /// The labs.
    pub fn labs(&self) -> watch::Receiver<LabsState> {
        self.shared.labs.list.clone()
    }

    /// The lab that is open.
    pub fn lab(&self) -> watch::Receiver<Option<LabView>> {
        self.shared.labs.open.clone()
    }

    /// What passes the links of the lab that is open.
    pub fn traffic(&self) -> watch::Receiver<LabTraffic> {
        self.shared.labs.traffic.clone()
    }

    /// Tells all jobs to stop, and waits until they did.
    pub async fn shutdown(&self) {
        self.shared.monitor.shutdown().await;
    }
}

fn queues(settings: &Settings) -> [(&'static str, usize); 2] {
    [
        ("imports", settings.imports_at_once.into()),
        ("pulls", settings.pulls_at_once.into()),
    ]
}

fn places(environment: &Environment) -> Option<Places> {
    Some(Places {
        home: environment.home().map(Path::to_owned),
        settings: environment.settings_file()?,
        kinds: environment.kinds_file()?,
        history: environment.history_file()?,
        log: environment.log_file()?,
    })
}

/// The history, or one in memory and why.
fn history(file: &Path) -> Result<(History, Option<ErrorReport>), SessionError> {
    let opened = History::open(file, ProcessIdentity::current());
    match opened {
        Ok(history) => {
            if let Err(error) = history.prune(JOBS_KEPT) {
                tracing::warn!(%error, "old jobs stay in the history");
            }
            Ok((history, None))
        }
        Err(error) => Ok((History::in_memory()?, Some(error.report()))),
    }
}
