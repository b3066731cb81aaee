//! The window's log: a file, as talkative as the settings say.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::sync::Mutex;

use labwright_session::{LogLevel, SettingsState};
use tokio::sync::watch;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Registry, fmt, reload};

/// A log that grew larger than this in bytes is put aside at the next start; one is kept.
const LARGE: u64 = 5 << 20;

/// The log's level, which can be changed.
pub(crate) struct Log {
    level: Option<reload::Handle<EnvFilter, Registry>>,
}

/// Begins to write. Without a file nothing is logged: that must not keep the window from opening.
pub(crate) fn start(file: Option<&Path>) -> Log {
    let Some(file) = file.and_then(open) else {
        return Log { level: None };
    };
    let (filter, level) = reload::Layer::new(filter(LogLevel::default()));
    let lines = fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    let begun = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init();
    Log {
        level: begun.is_ok().then_some(level),
    }
}

fn open(path: &Path) -> Option<File> {
    fs::create_dir_all(path.parent()?).ok()?;
    if fs::metadata(path).is_ok_and(|found| found.len() > LARGE) {
        fs::rename(path, path.with_extension("log.old")).ok()?;
    }
    OpenOptions::new().create(true).append(true).open(path).ok()
}

fn filter(level: LogLevel) -> EnvFilter {
    EnvFilter::new(match level {
        LogLevel::Warnings => "warn",
        LogLevel::Information => {
            "warn,labwright_app=info,labwright_session=info,labwright_jobs=info,labwright_engine=info,labwright_images=info"
        }
        LogLevel::Details => {
            "info,labwright_app=debug,labwright_session=debug,labwright_jobs=debug,labwright_engine=debug,labwright_images=debug"
        }
    })
}

impl Log {
    /// Follows the settings from now on.
    pub(crate) fn follow(self, mut settings: watch::Receiver<SettingsState>) {
        let Some(handle) = self.level else {
            return;
        };
        tauri::async_runtime::spawn(async move {
            loop {
                let level = settings.borrow_and_update().settings.log_level;
                if handle.reload(filter(level)).is_err() || settings.changed().await.is_err() {
                    return;
                }
            }
        });
    }
}
