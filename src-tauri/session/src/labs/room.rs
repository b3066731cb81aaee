//! All that is kept about labs while a session lasts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use labwright_engine::Engine;
use labwright_jobs::ErrorReport;
use labwright_labs::kinds::Kinds;
use labwright_labs::topology::Topology;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::engine::{EngineLabs, Watchman};
use super::file::Reader;
use super::files::{Ask, Files, Keeper, Reply};
use super::jobs::LabJobs;
use super::list::Lister;
use super::merge::{Sources, view};
use super::open::{Follower, Links};
use super::pairs::{Pair, pair};
use super::{LabTraffic, LabView, LabsState};
use crate::keeper::Stale;

/// The labs of a session: what is known of them, and which one is open.
#[derive(Debug)]
pub(crate) struct Labs {
    pub(crate) reader: Reader,
    files: mpsc::UnboundedSender<Ask>,
    wanted: watch::Sender<Option<String>>,
    measured: watch::Sender<bool>,
    read: watch::Receiver<Files>,
    seen: watch::Receiver<EngineLabs>,
    links: watch::Receiver<Links>,
    jobs: watch::Receiver<LabJobs>,
    pub(crate) list: watch::Receiver<LabsState>,
    pub(crate) open: watch::Receiver<Option<LabView>>,
    pub(crate) traffic: watch::Receiver<LabTraffic>,
}

impl Labs {
    /// Begins to look. `file` is where the list of known files is kept.
    pub(crate) fn start(
        reader: Reader,
        file: PathBuf,
        engine: &watch::Receiver<Option<Engine>>,
        stale: broadcast::Receiver<Stale>,
        jobs: watch::Receiver<LabJobs>,
    ) -> Self {
        let kinds = &reader.kinds;
        let (seen_by, seen) = watch::channel(EngineLabs::default());
        let (asks, asked) = mpsc::unbounded_channel();
        let (read_by, read) = watch::channel(Files::default());
        let (listed_by, list) = watch::channel(LabsState::default());
        let (opened_by, open) = watch::channel(None);
        let (measured_by, traffic) = watch::channel(LabTraffic::default());
        let (wired_by, links) = watch::channel(Links::default());
        let (wanted, measured) = (watch::Sender::new(None), watch::Sender::new(false));
        let watchman = Watchman {
            kinds: Arc::clone(kinds),
            engine: engine.clone(),
            stale,
            state: seen_by,
        };
        let keeper = Keeper {
            reader: reader.clone(),
            file,
            asks: asked,
            engine: seen.clone(),
            state: read_by,
        };
        let lister = Lister {
            kinds: Arc::clone(kinds),
            files: read.clone(),
            engine: seen.clone(),
            jobs: jobs.clone(),
            state: listed_by,
        };
        let follower = Follower {
            kinds: Arc::clone(kinds),
            wanted: wanted.subscribe(),
            measured: measured.subscribe(),
            engine: engine.clone(),
            labs: seen.clone(),
            files: read.clone(),
            jobs: jobs.clone(),
            links: wired_by,
            state: opened_by,
            traffic: measured_by,
        };
        tokio::spawn(watchman.run());
        tokio::spawn(keeper.run());
        tokio::spawn(lister.run());
        tokio::spawn(follower.run());
        Self {
            reader,
            files: asks,
            wanted,
            measured,
            read,
            seen,
            links,
            jobs,
            list,
            open,
            traffic,
        }
    }

    /// The kinds of node.
    pub(crate) fn kinds(&self) -> &Arc<Kinds> {
        &self.reader.kinds
    }

    /// Follows the lab of a key from now on, or none.
    pub(crate) fn follow(&self, key: Option<String>) {
        self.wanted.send_replace(key);
    }

    /// Whether traffic is told.
    pub(crate) fn measure(&self, measured: bool) {
        self.measured.send_if_modified(|now| {
            let changed = *now != measured;
            *now = measured;
            changed
        });
    }

    /// Takes files and folders into the list; the topologies that are meant.
    pub(crate) async fn add(&self, paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, ErrorReport> {
        self.ask(|reply| Ask::Add(paths, reply)).await
    }

    /// Notes that a file of the list was opened.
    pub(crate) fn opened(&self, file: PathBuf) {
        let _ends = self.files.send(Ask::Opened(file));
    }

    /// Takes a file off the list.
    pub(crate) async fn forget(&self, file: PathBuf) -> Result<(), ErrorReport> {
        self.ask(|reply| Ask::Forget(file, reply)).await
    }

    /// Looks at all files again.
    pub(crate) async fn look(&self) {
        let (done, looked) = oneshot::channel();
        let _ends = self.files.send(Ask::Look(done));
        let _ends = looked.await;
    }

    /// The same, without waiting for it.
    pub(crate) fn look_soon(&self) {
        let (done, _) = oneshot::channel();
        let _ends = self.files.send(Ask::Look(done));
    }

    /// Whether a file is on the list already.
    pub(crate) fn is_listed(&self, file: &Path) -> bool {
        self.read.borrow().listed.contains(file)
    }

    /// What a file says, as far as it is known.
    pub(crate) fn topology(&self, file: &Path) -> Option<Arc<Topology>> {
        self.read.borrow().all.get(file)?.topology.clone()
    }

    /// What a text would be as this file.
    pub(crate) fn check(&self, file: &Path, text: &str) -> LabView {
        let key = file.to_string_lossy();
        let mut pair: Pair = pair(&key, &self.read.borrow(), &self.seen.borrow());
        let parsed = self.reader.parse(file, text, pair.file.as_deref());
        pair.file = Some(Arc::new(parsed));
        let name = pair.name();
        let links = self.links.borrow();
        let wired = links.wired.as_ref().filter(|_| links.lab == name);
        let mut view = view(Sources {
            pair: &pair,
            wired,
            known: self.seen.borrow().listed,
            error: None,
            kinds: &self.reader.kinds,
        });
        self.jobs.borrow().tell(&mut view);
        view
    }

    async fn ask<T>(&self, ask: impl FnOnce(Reply<T>) -> Ask) -> Result<T, ErrorReport> {
        let (reply, answer) = oneshot::channel();
        let _ends = self.files.send(ask(reply));
        let ended = |_| ErrorReport::new("stopped", "the program is about to end");
        answer.await.map_err(ended)?
    }
}
