//! Settings, the user's own rules, and where things are.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;

use super::{Session, queues};
use crate::keeper::Ask;
use crate::{Environment, Places, Settings, diagnostics};

/// What a file of one's own rules begins with.
const KINDS_EXAMPLE: &str = include_str!("../kinds_example.toml");

impl Session {
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
