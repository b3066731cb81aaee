//! A workstation of one test: folders of its own, and an engine.

use std::ffi::OsString;
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use labwright_jobs::{JobId, JobState, Outcome};
use labwright_session::{Environment, ImportWish, Session};
use labwright_testbed::archives::RootFs;
use labwright_testbed::{Engine, Kind};
use tempfile::TempDir;
use tokio::sync::watch;

/// No test waits longer than this for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) host: Option<Arc<Engine>>,
}

impl Desk {
    /// A desk with an engine of its own.
    pub(crate) async fn with(kind: Kind) -> Self {
        let starting = tokio::task::spawn_blocking(move || Engine::private(kind));
        let host = Some(Arc::new(starting.await.unwrap()));
        let folder = tempfile::tempdir().unwrap();
        Self { folder, host }
    }

    /// A desk without any engine that could be found or started.
    pub(crate) fn without_engine() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, host: None }
    }

    pub(crate) fn host(&self) -> &Engine {
        self.host.as_ref().expect("this desk has an engine")
    }

    /// Its environment; `more` goes before what it is otherwise.
    pub(crate) fn environment(&self, more: &[(&str, &str)]) -> Environment {
        let path = |name: &str| self.folder.path().join(name).into_os_string();
        let nowhere = "unix:///no-such-folder/engine.sock".to_owned();
        let address = self.host.as_ref().map_or(nowhere, |host| host.address());
        let own = [
            ("HOME", path("home")),
            ("LABWRIGHT_DATA_DIR", path("data")),
            ("LABWRIGHT_CONFIG_DIR", path("config")),
            ("XDG_RUNTIME_DIR", path("runtime")),
            ("DOCKER_HOST", OsString::from(address)),
        ];
        Environment::from_variables(|wanted| {
            let given = more.iter().find(|(name, _)| *name == wanted);
            let own = own.iter().find(|(name, _)| *name == wanted);
            given
                .map(|(_, value)| OsString::from(value))
                .or_else(|| own.map(|(_, value)| value.clone()))
        })
    }

    /// A session on it, whose engine is known.
    pub(crate) async fn session(&self) -> Session {
        let session = Session::open(self.environment(&[])).unwrap();
        session.engine_known().await;
        session
    }

    /// Writes a file; gives its path.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path: PathBuf = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// A small root file system that is unlike those with other marks.
pub(crate) fn image(mark: &str) -> Vec<u8> {
    RootFs::tiny().marker(mark).tar()
}

/// What is wanted of a file, with nothing chosen.
pub(crate) fn wish(source: &str) -> ImportWish {
    ImportWish {
        source: source.to_owned(),
        reference: None,
        kind: None,
        replace: false,
    }
}

/// Waits until what is pushed is as wanted, and gives it.
pub(crate) async fn until<T: Clone + Debug>(
    mut pushed: watch::Receiver<T>,
    wanted: impl Fn(&T) -> bool,
) -> T {
    let waiting = tokio::time::timeout(PATIENCE, pushed.wait_for(|state| wanted(state)));
    if let Ok(state) = waiting.await {
        return state.unwrap().clone();
    }
    panic!("it did not come to this: {:?}", *pushed.borrow());
}

/// Waits for a job's end, and gives its last state.
pub(crate) async fn ended(session: &Session, job: &JobId) -> JobState {
    let (mut jobs, mut events) = session.jobs().await;
    loop {
        if let Some(state) = jobs.job(job).filter(|state| !state.is_active()) {
            return state.clone();
        }
        let next = tokio::time::timeout(PATIENCE, events.next());
        let event = next.await.expect("an event in time").unwrap().unwrap();
        jobs.apply(&event).unwrap();
    }
}

/// Imports, which must succeed.
pub(crate) async fn import(session: &Session, source: &str) -> JobId {
    let job = session.import(wish(source)).await.unwrap().job;
    let state = ended(session, &job).await;
    assert!(
        matches!(state.outcome, Some(Outcome::Succeeded { .. })),
        "{state:?}"
    );
    job
}
