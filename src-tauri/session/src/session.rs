//! What a window stands on: one for each process.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use labwright_engine::{Engine, ImageDetail};
use labwright_images::{ImportJob, ImportRequest, LibraryError, RulesError, library, sweep};
use labwright_jobs::{
    CancelReason, Change, ErrorReport, History, HistoryPage, HistoryQuery, JobId, JobRecord,
    Monitor, MonitorOptions, ProcessIdentity, Snapshot, Subscription,
};
use thiserror::Error;
use tokio::sync::{broadcast, mpsc, watch};

use crate::connect::connect_again;
use crate::diagnostics;
use crate::keeper::{Ask, Keeper};
use crate::library::Librarian;
use crate::offers::{MOST_FILES, Offers};
use crate::rules::RulesBook;
use crate::sources::{archives_in, source_of};
use crate::{
    EngineProblem, EngineState, Environment, ImagesState, ImportWish, Offer, OfferPhase, Places,
    Settings, SettingsState, Started,
};

/// What a file of one's own rules begins with.
const KINDS_EXAMPLE: &str = include_str!("kinds_example.toml");
/// How many jobs that ended the history keeps.
const JOBS_KEPT: usize = 1000;
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
    keeper: mpsc::UnboundedSender<Ask>,
    stale: broadcast::Sender<()>,
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
    /// Not even a history in memory can be had.
    #[error("the history of jobs cannot be opened")]
    History(#[from] labwright_jobs::HistoryError),
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
        Ok(Self::start(environment, wanted, monitor, rules, state))
    }

    fn start(
        environment: Environment,
        wanted: Option<String>,
        monitor: Monitor,
        rules: RulesBook,
        settings: SettingsState,
    ) -> Self {
        let (found, engines) = watch::channel(EngineState {
            searching: true,
            ..EngineState::default()
        });
        let (selected, engine) = watch::channel(None);
        let (listed, images) = watch::channel(ImagesState::default());
        let (keeper, asks) = mpsc::unbounded_channel();
        let (stale, _) = broadcast::channel(1);
        let librarian = Librarian {
            rules: rules.clone(),
            engine: engine.clone(),
            stale: stale.subscribe(),
            state: listed,
            keeper: keeper.clone(),
        };
        tokio::spawn(librarian.run());
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
                keeper,
                stale,
            }),
        };
        tokio::spawn(session.clone().list_after_jobs());
        tokio::spawn(session.clone().sweep_each_engine());
        session
    }

    /// All jobs, and every event after that.
    pub async fn jobs(&self) -> (Snapshot, Subscription) {
        self.shared.monitor.subscribe().await
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

    /// Tells all jobs to stop, and waits until they did.
    pub async fn shutdown(&self) {
        self.shared.monitor.shutdown().await;
    }

    // ---- jobs ----

    /// Imports one file or URL.
    pub async fn import(&self, wish: ImportWish) -> Result<Started, ErrorReport> {
        let engine = self.engine()?;
        let request = ImportRequest {
            source: wish.source,
            reference: wish.reference,
            kind: wish.kind,
            replace: wish.replace,
            sha256: None,
            engine: engine.info().address.clone(),
        };
        self.submit(engine, request).await
    }

    async fn submit(&self, engine: Engine, request: ImportRequest) -> Result<Started, ErrorReport> {
        let monitor = &self.shared.monitor;
        let earlier = monitor.history().succeeded_results("import");
        let job = ImportJob {
            engine,
            rules: self.shared.rules.load().0,
            earlier: earlier.unwrap_or_default(),
            request,
        };
        let spec = job.spec();
        let submitted = monitor.submit(spec, |context| job.run(context)).await;
        let submitted = submitted.map_err(|error| error.report())?;
        let started = Started {
            job: submitted.handle.id().clone(),
            resumed: submitted.resumed,
        };
        // It belongs to the session, not to the window that asked for it.
        submitted.handle.detach();
        Ok(started)
    }

    /// Does again what a job that ended was asked to do, with the engine it was asked of.
    pub async fn retry(&self, job: &JobId) -> Result<Started, ErrorReport> {
        let request = self.shared.monitor.history().request_of(job);
        let request = request.map_err(|error| error.report())?;
        let request: ImportRequest = serde_json::from_value(request)
            .map_err(|error| ErrorReport::of("job_unknown_kind", &error))?;
        let engine = match self.engine() {
            Ok(engine) if engine.info().address == request.engine => engine,
            _ => self.connect_again(&request.engine).await?,
        };
        self.submit(engine, request).await
    }

    async fn connect_again(&self, address: &str) -> Result<Engine, ErrorReport> {
        let note = |text: &str| tracing::info!("{text}");
        let connected = connect_again(&self.shared.environment, address, note).await;
        connected.map_err(|EngineProblem { error, .. }| error)
    }

    /// Tells a job to stop, here or in another process. Says whether it ran or waited.
    pub async fn cancel(&self, job: &JobId) -> Result<bool, ErrorReport> {
        let monitor = &self.shared.monitor;
        if monitor.cancel(job, CancelReason::User).await {
            return Ok(true);
        }
        let asked = monitor.history().request_cancel(job);
        asked.map_err(|error| error.report())
    }

    /// Past jobs.
    pub async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, ErrorReport> {
        self.read_history(move |history| history.search(&query))
            .await
    }

    /// Jobs that run in other processes: in `lw`.
    pub async fn elsewhere(&self) -> Result<Vec<JobRecord>, ErrorReport> {
        let own = ProcessIdentity::current();
        let filter = labwright_jobs::JobFilter {
            active: true,
            ..labwright_jobs::JobFilter::default()
        };
        let active = self.read_history(move |history| history.list(JOBS_KEPT, &filter));
        let mut active = active.await?;
        active.retain(|record| record.process != own);
        Ok(active)
    }

    async fn read_history<T: Send + 'static>(
        &self,
        read: impl FnOnce(&History) -> Result<T, labwright_jobs::HistoryError> + Send + 'static,
    ) -> Result<T, ErrorReport> {
        let history = self.shared.monitor.history().clone();
        let reading = tokio::task::spawn_blocking(move || read(&history));
        match reading.await {
            Ok(read) => read.map_err(|error| error.report()),
            Err(fault) => Err(ErrorReport::of("internal", &fault)),
        }
    }

    // ---- offers ----

    /// Files are held over the window.
    pub fn drag(&self, paths: Vec<String>) {
        self.offer_as(OfferPhase::Dragged, paths);
    }

    /// They were let go: what is clear starts as soon as it was judged.
    pub fn drop_files(&self, paths: Vec<String>) {
        match self.shared.offers.drop_files() {
            Some(id) => drop(tokio::spawn(self.clone().start_clear(id))),
            // Some systems take the files away first, and then drop them.
            None => self.offer_as(OfferPhase::Looking, paths),
        }
    }

    /// They were taken away again.
    pub fn drag_left(&self) {
        self.shared.offers.leave();
    }

    /// Offers what the user typed, pasted or chose: paths, URLs, folders.
    pub fn offer(&self, given: &[String]) -> Result<(), ErrorReport> {
        let home = self.shared.environment.home().unwrap_or(Path::new(""));
        let source = |given: &String| {
            let given = given.trim();
            source_of(given.strip_prefix("~/").unwrap_or(given), home)
        };
        let sources: Result<_, _> = given.iter().map(source).collect();
        let sources = sources.map_err(|error| error.report())?;
        self.offer_as(OfferPhase::Looking, sources);
        Ok(())
    }

    fn offer_as(&self, phase: OfferPhase, given: Vec<String>) {
        let engine = self.engine().ok();
        let id = self.shared.offers.open(phase, engine.as_ref());
        let session = self.clone();
        tokio::spawn(async move {
            let (rules, _) = session.shared.rules.load();
            let searching = tokio::task::spawn_blocking(move || archives_in(&given, MOST_FILES));
            let found = searching.await.unwrap_or_default();
            let offers = &session.shared.offers;
            offers.fill(id, found, &rules);
            offers.judge(id, engine, rules).await;
            session.start_clear(id).await;
        });
    }

    /// Starts what needs no answer, and asks about the rest once all is judged.
    async fn start_clear(self, id: u64) {
        let offers = &self.shared.offers;
        for source in offers.start_clear(id) {
            let wish = ImportWish {
                source: source.clone(),
                reference: None,
                kind: None,
                replace: false,
            };
            if let Err(error) = self.import(wish).await {
                offers.refuse(id, &source, error);
            }
        }
        offers.ask_if_judged(id);
    }

    /// Imports what the user decided on. What is not among the wishes is left out.
    pub async fn settle_offer(
        &self,
        id: u64,
        wishes: Vec<ImportWish>,
    ) -> Result<Vec<Started>, ErrorReport> {
        let mut started = Vec::new();
        for wish in wishes {
            started.push(self.import(wish).await?);
        }
        self.shared.offers.close(id);
        Ok(started)
    }

    /// Forgets an offer.
    pub fn dismiss_offer(&self, id: u64) {
        self.shared.offers.close(id);
    }

    // ---- images ----

    /// One image, by a name or its id.
    pub async fn image(&self, name: &str) -> Result<ImageDetail, ErrorReport> {
        let engine = self.engine()?;
        let missing = || labwright_engine::EngineError::ImageMissing {
            engine: engine.info().name.clone(),
            image: name.to_owned(),
        };
        let found = engine
            .inspect(name)
            .await
            .and_then(|image| image.ok_or_else(missing));
        found.map_err(|error| LibraryError::from(error).report())
    }

    /// Removes a name, or an image by its id.
    pub async fn remove_image(&self, name: &str, force: bool) -> Result<(), ErrorReport> {
        let removed = library::remove(&self.engine()?, name, force).await;
        self.list_again();
        removed.map_err(|error| error.report())
    }

    /// Gives an image another name.
    pub async fn rename_image(
        &self,
        from: &str,
        to: &str,
        replace: bool,
    ) -> Result<(), ErrorReport> {
        let renamed = library::rename(&self.engine()?, from, to, replace).await;
        self.list_again();
        renamed.map_err(|error| error.report())
    }

    /// Lists the images again: Podman does not report every change.
    pub fn list_again(&self) {
        // Nobody listens only at the very end.
        let _nobody = self.shared.stale.send(());
    }

    async fn list_after_jobs(self) {
        loop {
            let (_, mut events) = self.shared.monitor.subscribe().await;
            loop {
                match events.next().await {
                    Some(Ok(event)) if matches!(event.change, Change::Finished { .. }) => {
                        self.list_again();
                    }
                    Some(Ok(_)) => {}
                    // What was missed may have been an end.
                    Some(Err(_)) => break self.list_again(),
                    None => return,
                }
            }
        }
    }

    // ---- engines ----

    fn engine(&self) -> Result<Engine, ErrorReport> {
        let engine = self.shared.engine.borrow().clone();
        engine.ok_or_else(|| {
            let state = self.shared.engines.borrow();
            let problem = state.problem.as_ref().map(|problem| problem.error.clone());
            problem.unwrap_or_else(|| {
                ErrorReport::new("engine_none", "no engine was found yet")
                    .with_hint("Labwright is looking for one: try again in a moment.")
            })
        })
    }

    /// Waits until engines were looked for once.
    pub async fn engine_known(&self) {
        let mut engines = self.shared.engines.clone();
        // It ends early only with the program.
        let _ended = engines.wait_for(|state| !state.searching).await.is_err();
    }

    /// Uses this engine from now on, or the first that answers, and keeps that in the settings.
    pub fn select_engine(&self, wanted: Option<String>) -> Result<(), ErrorReport> {
        let settings = self.shared.settings.borrow().settings.clone();
        self.change_settings(Settings {
            engine: wanted,
            ..settings
        })
    }

    /// Looks for engines again, and starts an installed Podman if there is none.
    pub fn look_for_engines(&self) {
        let _keeper_gone = self.shared.keeper.send(Ask::Look);
    }

    /// Once for each engine: removes what imports that were killed have left there.
    async fn sweep_each_engine(self) {
        let mut engine = self.shared.engine.clone();
        let mut swept: Option<String> = None;
        while engine.changed().await.is_ok() {
            let Some(engine) = engine.borrow_and_update().clone() else {
                continue;
            };
            if swept.as_ref() == Some(&engine.info().id) {
                continue;
            }
            swept = Some(engine.info().id.clone());
            let history = self.shared.monitor.history().clone();
            let ended = |job: &JobId| {
                let record = history.get(job.as_str());
                record.is_ok_and(|record| record.job.outcome.is_some())
            };
            if let Err(error) = sweep(&engine, ended).await {
                tracing::warn!(%error, "leftovers of earlier imports stay");
            }
        }
    }

    // ---- settings ----

    /// Writes settings and puts them in force. If they cannot be written, all stays as it was.
    pub fn change_settings(&self, next: Settings) -> Result<(), ErrorReport> {
        let state = self.shared.settings.borrow().clone();
        next.write(&state.places.settings)
            .map_err(|error| error.report())?;
        for (queue, limit) in queues(&next) {
            self.shared.monitor.set_queue_limit(queue, limit);
        }
        if next.engine != state.settings.engine {
            let _keeper_gone = self.shared.keeper.send(Ask::Select(next.engine.clone()));
        }
        self.shared.settings.send_modify(|state| {
            state.settings = next;
            state.error = None;
        });
        Ok(())
    }

    /// The folder of the settings; made if it is not there.
    pub fn folder_of_settings(&self) -> PathBuf {
        folder_of(&self.places().settings)
    }

    /// The folder of the history.
    pub fn folder_of_history(&self) -> PathBuf {
        folder_of(&self.places().history)
    }

    /// The file of the user's own recognition rules; made with an example if it is not there.
    pub fn own_kinds(&self) -> Result<PathBuf, ErrorReport> {
        let path = self.places().kinds;
        let made = OpenOptions::new().write(true).create_new(true).open(&path);
        let written = match made {
            Ok(mut file) => file.write_all(KINDS_EXAMPLE.as_bytes()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                folder_of(&path);
                fs::write(&path, KINDS_EXAMPLE)
            }
            Err(error) => Err(error),
        };
        written.map_err(|error| {
            ErrorReport::of("kinds_write", &error)
                .with_hint(format!("Check that you may write to {}.", path.display()))
        })?;
        Ok(path)
    }

    /// The file of the log.
    pub fn log(&self) -> PathBuf {
        self.places().log
    }

    fn places(&self) -> Places {
        self.shared.settings.borrow().places.clone()
    }

    /// What a report of a fault should contain, as text. `around` is what the shell knows of itself.
    pub fn diagnostics(&self, version: &str, around: &str) -> String {
        let shared = &self.shared;
        diagnostics::text(
            version,
            around,
            &Environment::system_name(),
            &shared.engines.borrow(),
            &shared.images.borrow(),
            &shared.settings.borrow(),
        )
    }

    /// Reads the user's own recognition rules again.
    pub fn reload_rules(&self) {
        let (rules, error) = self.shared.rules.load();
        let kinds = rules.entries();
        self.shared.settings.send_if_modified(|state| {
            let changed = state.kinds != kinds || state.kinds_error != error;
            state.kinds = kinds;
            state.kinds_error = error;
            changed
        });
    }
}

/// Shown in the system's own program, a folder must be there.
fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(file);
    if let Err(error) = fs::create_dir_all(folder) {
        tracing::warn!(%error, folder = %folder.display(), "cannot be made");
    }
    folder.to_owned()
}

fn queues(settings: &Settings) -> [(&'static str, usize); 2] {
    [
        ("imports", settings.imports_at_once.into()),
        ("pulls", settings.pulls_at_once.into()),
    ]
}

fn places(environment: &Environment) -> Option<Places> {
    Some(Places {
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
