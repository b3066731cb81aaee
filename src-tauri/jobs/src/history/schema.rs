//! The tables, and how older ones become them.

use rusqlite::{Connection, TransactionBehavior};

/// What makes each version of the one before it; the first is version 1.
///
/// Never changed once released, only added to.
const MIGRATIONS: [&str; 3] = [
    "CREATE TABLE jobs (
        id TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        key TEXT,
        request TEXT NOT NULL,
        state TEXT NOT NULL,
        outcome TEXT,
        queued_at INTEGER NOT NULL,
        started_at INTEGER,
        finished_at INTEGER,
        pid INTEGER NOT NULL,
        process_started INTEGER NOT NULL,
        boot TEXT NOT NULL
    ) STRICT;",
    "ALTER TABLE jobs ADD COLUMN cancel_requested INTEGER NOT NULL DEFAULT 0;
    CREATE UNIQUE INDEX running_key ON jobs (key) WHERE outcome IS NULL AND key IS NOT NULL;
    CREATE INDEX running ON jobs (id) WHERE outcome IS NULL;
    CREATE INDEX ended_by_kind ON jobs (kind, id) WHERE outcome IS NOT NULL;",
    "ALTER TABLE jobs ADD COLUMN checkpoint TEXT;",
];

/// The version this program writes.
pub(super) const VERSION: u32 = 3;

/// Why a file is not of the present version.
#[derive(Debug)]
pub(super) enum SchemaError {
    /// A later program wrote it.
    Newer { found: u32 },
    /// It cannot be changed.
    Migrate { from: u32, source: rusqlite::Error },
}

/// Brings a file to the present version, in one transaction: another process that opens it at the
/// same time waits, and then finds nothing left to do.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), SchemaError> {
    let from = 0;
    let failed = |source| SchemaError::Migrate { from, source };
    if version(connection).map_err(failed)? == VERSION {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let from = version(&transaction).map_err(failed)?;
    if from > VERSION {
        return Err(SchemaError::Newer { found: from });
    }
    let failed = |source| SchemaError::Migrate { from, source };
    for migration in MIGRATIONS.iter().skip(from as usize) {
        transaction.execute_batch(migration).map_err(failed)?;
    }
    transaction
        .pragma_update(None, "user_version", VERSION)
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
