//! The history's file.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

use super::error::HistoryError;
use super::process::ProcessIdentity;
use super::schema::{self, SchemaError};

/// How long another process may keep the file to itself.
const BUSY: Duration = Duration::from_secs(5);

/// How soon to try again where SQLite does not wait by itself.
const RETRY: Duration = Duration::from_millis(10);

/// The jobs of all processes of one user. Clones share one connection.
///
/// Its methods read or write a local file: milliseconds, seconds at the most when another process
/// writes. Async code that cannot bear that calls them from a blocking thread.
#[derive(Clone)]
pub struct History {
    shared: Arc<Shared>,
}

struct Shared {
    connection: Mutex<Connection>,
    path: PathBuf,
    process: ProcessIdentity,
    /// What SQLite said last of other processes' changes.
    seen: AtomicI64,
    /// Whether this process itself asked for a cancellation, which SQLite says nothing of.
    requested: AtomicBool,
}

impl History {
    /// Opens the file, makes it if it is not there, and brings an older one to the present version.
    /// Jobs whose process ended without their end become failed with the code `interrupted`.
    pub fn open(path: &Path, process: ProcessIdentity) -> Result<Self, HistoryError> {
        make_folder(path)?;
        let opened = Connection::open(path).and_then(|connection| {
            connection.busy_timeout(BUSY)?;
            write_ahead(&connection)?;
            Ok(connection)
        });
        let connection = opened.map_err(|source| HistoryError::Open {
            path: path.to_owned(),
            source,
        })?;
        Self::on(connection, path.to_owned(), process)
    }

    /// A history that is forgotten with the process, for tests.
    pub fn in_memory() -> Result<Self, HistoryError> {
        let path = PathBuf::from(":memory:");
        let opened = Connection::open_in_memory();
        let connection = opened.map_err(|source| HistoryError::Open {
            path: path.clone(),
            source,
        })?;
        Self::on(connection, path, ProcessIdentity::current())
    }

    fn on(
        mut connection: Connection,
        path: PathBuf,
        process: ProcessIdentity,
    ) -> Result<Self, HistoryError> {
        schema::migrate(&mut connection).map_err(|error| explain(error, &path))?;
        let history = Self {
            shared: Arc::new(Shared {
                connection: Mutex::new(connection),
                path,
                process,
                seen: AtomicI64::new(0),
                requested: AtomicBool::new(false),
            }),
        };
        history.try_to_end_interrupted();
        Ok(history)
    }

    /// The process that this history writes for.
    pub fn process(&self) -> &ProcessIdentity {
        &self.shared.process
    }

    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        // SQLite's own state is whole after every call, whoever panicked between two of them.
        let locked = self.shared.connection.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the next question for changes say yes.
    pub(super) fn note_request(&self) {
        self.shared.requested.store(true, Ordering::Release);
    }

    /// SQLite's counter of what other processes have written.
    pub(super) fn version(&self) -> Result<i64, HistoryError> {
        self.connection()
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(HistoryError::Read)
    }

    /// Whether anything was written that may be news to this process since the last question.
    pub(super) fn has_changed(&self) -> Result<bool, HistoryError> {
        let requested = self.shared.requested.swap(false, Ordering::AcqRel);
        let version = self.version()?;
        let before = self.shared.seen.swap(version, Ordering::AcqRel);
        Ok(requested || before != version)
    }
}

impl fmt::Debug for History {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("History");
        shown.field("path", &self.shared.path);
        shown.field("process", &self.shared.process).finish()
    }
}

/// Lets one process write while others read. That is a property of the file, set once.
///
/// Where two processes make the file at the same time, SQLite does not let one wait for the other
/// here, whatever the busy timeout.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let began = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if is_busy(&error) && began.elapsed() < BUSY => thread::sleep(RETRY),
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

fn make_folder(path: &Path) -> Result<(), HistoryError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|source| HistoryError::MakeFolder {
        path: folder.to_owned(),
        source,
    })
}

fn explain(error: SchemaError, path: &Path) -> HistoryError {
    let path = path.to_owned();
    match error {
        SchemaError::Newer { found } => HistoryError::Newer {
            path,
            found,
            known: schema::VERSION,
        },
        SchemaError::Migrate { from, source } => HistoryError::Migrate {
            path,
            from,
            to: schema::VERSION,
            source,
        },
    }
}
