//! Notices when files of labs change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

/// What is beside a topology ends with: where its nodes were put.
const ANNOTATIONS: &str = ".annotations.json";

/// Watches the folders of labs' files.
#[derive(Debug)]
pub(super) struct Notice {
    /// None where the system lets nobody watch: then it is looked again when the user comes back.
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
    told: mpsc::UnboundedReceiver<Told>,
}

/// What was noticed.
#[derive(Debug)]
enum Told {
    /// A file or folder of interest changed.
    Changed,
    /// A folder is another one from now on, or none.
    Moved(Vec<PathBuf>),
}

impl Notice {
    /// Watches nothing yet.
    pub(super) fn new() -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // Where events were lost, anything may have changed.
            let told = event.map_or(Some(Told::Changed), |event| worth_telling(&event));
            if let Some(told) = told {
                let _nobody = tell.send(told);
            }
        });
        Self {
            watcher: watcher
                .inspect_err(|error| tracing::warn!(%error, "changes of files are not noticed"))
                .ok(),
            watched: BTreeSet::new(),
            told,
        }
    }

    /// Watches these folders and no others. Those that are not there are left out.
    pub(super) fn watch(&mut self, wanted: BTreeSet<PathBuf>) {
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        for folder in self.watched.difference(&wanted) {
            // It may be gone.
            let _gone = watcher.unwatch(folder);
        }
        self.watched.retain(|folder| wanted.contains(folder));
        for folder in wanted {
            if self.watched.contains(&folder) {
                continue;
            }
            match watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => drop(self.watched.insert(folder)),
                Err(error) => tracing::debug!(%error, folder = %folder.display(), "not watched"),
            }
        }
    }

    /// Waits until something changed. Nothing is lost where the caller does not wait for it.
    pub(super) async fn changed(&mut self) {
        match self.told.recv().await {
            Some(told) => self.hear(told),
            // Without a watcher nobody tells.
            None => std::future::pending().await,
        }
    }

    /// Forgets what was told until now.
    pub(super) fn settle(&mut self) {
        while let Ok(told) = self.told.try_recv() {
            self.hear(told);
        }
    }

    fn hear(&mut self, told: Told) {
        let Told::Moved(folders) = told else {
            return;
        };
        for folder in folders {
            if self.watched.remove(&folder)
                && let Some(watcher) = &mut self.watcher
            {
                let _gone = watcher.unwatch(&folder);
            }
        }
    }
}

fn worth_telling(event: &Event) -> Option<Told> {
    use EventKind::{Access, Any, Create, Modify, Other, Remove};
    if event.need_rescan() {
        return Some(Told::Changed);
    }
    let folders = matches!(
        event.kind,
        Create(CreateKind::Folder) | Remove(RemoveKind::Folder) | Modify(ModifyKind::Name(_))
    );
    if folders {
        return Some(Told::Moved(event.paths.clone()));
    }
    let matters = match event.kind {
        Any | Create(_) | Modify(_) | Remove(_) => true,
        Access(access) => access == AccessKind::Close(AccessMode::Write),
        Other => false,
    };
    let any = event.paths.iter().any(|path| is_of_a_lab(path));
    (matters && any).then_some(Told::Changed)
}

/// Topologies may be called anything that YAML may be called.
fn is_of_a_lab(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".yml") || name.ends_with(".yaml") || name.ends_with(ANNOTATIONS)
}
