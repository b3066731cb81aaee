//! Keeps the files of labs: which are known, and what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use labwright_jobs::ErrorReport;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep;

use super::engine::EngineLabs;
use super::file::{LabFile, Reader};
use super::known::{Known, KnownError};
use super::notice::Notice;

/// Editors write a file in several steps.
const SETTLE: Duration = Duration::from_millis(150);

/// The files of labs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Files {
    /// What each says, by its path.
    pub(crate) all: BTreeMap<PathBuf, Arc<LabFile>>,
    /// Those that the user has on the list; the others are only of labs that are there.
    pub(crate) listed: BTreeSet<PathBuf>,
    /// Those that were opened or chosen, the last first.
    pub(crate) recent: Vec<PathBuf>,
    /// When, in milliseconds of Unix time, as far as that is known.
    pub(crate) opened: BTreeMap<PathBuf, u64>,
}

/// What is asked of the files.
#[derive(Debug)]
pub(crate) enum Ask {
    /// Take these files and folders into the list.
    Add(Vec<PathBuf>, Reply<Vec<PathBuf>>),
    /// Note that a file of the list was opened.
    Opened(PathBuf),
    /// Take a file off the list.
    Forget(PathBuf, Reply<()>),
    /// Look again, and tell when that is done.
    Look(oneshot::Sender<()>),
}

/// Where an answer goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, ErrorReport>>;

/// The task that keeps the files.
pub(crate) struct Keeper {
    pub(crate) reader: Reader,
    /// Where the list is kept.
    pub(crate) file: PathBuf,
    pub(crate) asks: mpsc::UnboundedReceiver<Ask>,
    pub(crate) engine: watch::Receiver<EngineLabs>,
    pub(crate) state: watch::Sender<Files>,
}

impl Keeper {
    /// Runs until nobody can ask any more.
    pub(crate) async fn run(mut self) {
        let mut notice = Notice::new();
        let mut of_engine = BTreeSet::new();
        let mut known = {
            let file = self.file.clone();
            blocking(move || Known::read(&file))
                .await
                .unwrap_or_default()
        };
        self.look(&known, &of_engine, &mut notice).await;
        loop {
            tokio::select! {
                ask = self.asks.recv() => match ask {
                    None => return,
                    Some(ask) => self.answer(ask, &mut known, &of_engine, &mut notice).await,
                },
                () = notice.changed() => {
                    sleep(SETTLE).await;
                    notice.settle();
                    self.look(&known, &of_engine, &mut notice).await;
                }
                Ok(()) = self.engine.changed() => {
                    let now = self.engine.borrow_and_update().files();
                    if now != of_engine {
                        of_engine = now;
                        self.look(&known, &of_engine, &mut notice).await;
                    }
                }
            }
        }
    }

    async fn answer(
        &mut self,
        ask: Ask,
        known: &mut Known,
        of_engine: &BTreeSet<PathBuf>,
        notice: &mut Notice,
    ) {
        match ask {
            Ask::Look(done) => {
                self.look(known, of_engine, notice).await;
                // Who asked may be gone.
                let _gone = done.send(());
            }
            Ask::Add(paths, reply) => {
                let add = move |known: &mut Known| {
                    let mut added = Vec::new();
                    for path in paths {
                        added.extend(known.add(&path)?);
                    }
                    Ok(added)
                };
                let added = self.change(known, add).await;
                // A lab can be opened also where nothing can be kept: it is on the list until the program ends.
                let added = added.map(|(added, unkept)| {
                    if let Some(error) = unkept {
                        tracing::warn!(error = error.in_one_line(), "labs are not remembered");
                    }
                    added
                });
                self.look(known, of_engine, notice).await;
                let _gone = reply.send(added);
            }
            Ask::Opened(file) => {
                let at = now();
                let open = move |known: &mut Known| {
                    known.open(&file, at);
                    Ok(())
                };
                let kept = self.change(known, open).await;
                if let Ok(((), Some(error))) | Err(error) = kept {
                    tracing::warn!(
                        error = error.in_one_line(),
                        "when a lab was opened is not kept"
                    );
                }
                self.look(known, of_engine, notice).await;
            }
            Ask::Forget(file, reply) => {
                let forget = move |known: &mut Known| {
                    known.forget(&file);
                    Ok(())
                };
                let before = known.clone();
                let forgotten = self.change(known, forget).await;
                let forgotten = forgotten.and_then(|((), unkept)| match unkept {
                    None => Ok(()),
                    Some(error) => {
                        *known = before;
                        Err(error)
                    }
                });
                self.look(known, of_engine, notice).await;
                let _gone = reply.send(forgotten);
            }
        }
    }

    /// Changes the list, and keeps it; why it could not be kept.
    async fn change<T: Send + 'static>(
        &self,
        known: &mut Known,
        change: impl FnOnce(&mut Known) -> Result<T, KnownError> + Send + 'static,
    ) -> Result<(T, Option<ErrorReport>), ErrorReport> {
        let (before, mut next, file) = (known.clone(), known.clone(), self.file.clone());
        let changing = blocking(move || {
            let told = change(&mut next)?;
            let kept = if next == before {
                Ok(())
            } else {
                next.write(&file)
            };
            Ok::<_, KnownError>((next, told, kept.err()))
        });
        let (next, told, unkept) = changing.await?.map_err(|error| error.report())?;
        *known = next;
        Ok((told, unkept.map(|error| error.report())))
    }

    /// Reads all again that changed.
    async fn look(&self, known: &Known, of_engine: &BTreeSet<PathBuf>, notice: &mut Notice) {
        let before = self.state.borrow().all.clone();
        let (reader, known, of_engine) = (self.reader.clone(), known.clone(), of_engine.clone());
        let looked = blocking(move || look(&reader, &known, &of_engine, &before)).await;
        let Ok((next, folders)) = looked else {
            return;
        };
        notice.watch(folders);
        self.state.send_if_modified(|state| {
            let changed = *state != next;
            *state = next;
            changed
        });
    }
}

fn look(
    reader: &Reader,
    known: &Known,
    of_engine: &BTreeSet<PathBuf>,
    before: &BTreeMap<PathBuf, Arc<LabFile>>,
) -> (Files, BTreeSet<PathBuf>) {
    let found = known.find();
    let listed: BTreeSet<PathBuf> = found.files.into_iter().collect();
    let read = |path: &PathBuf| {
        let before = before.get(path);
        let file = reader.read(path, before.map(Arc::as_ref));
        let file = match before {
            Some(before) if **before == file => Arc::clone(before),
            _ => Arc::new(file),
        };
        (path.clone(), file)
    };
    let files = Files {
        all: listed.union(of_engine).map(read).collect(),
        listed,
        recent: known.files.clone(),
        opened: known.opened.clone(),
    };
    let mut folders: BTreeSet<PathBuf> = found.folders.into_iter().collect();
    let homes = files.all.keys().filter_map(|file| file.parent());
    folders.extend(homes.map(Path::to_owned));
    (files, folders)
}

/// In milliseconds of Unix time.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

/// Runs what waits for the disk beside everything else.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ErrorReport> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|fault| ErrorReport::of("internal", &fault))
}
