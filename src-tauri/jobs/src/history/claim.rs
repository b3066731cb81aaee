//! What the process that runs a job writes of it.

use std::sync::MutexGuard;

use rusqlite::{Connection, TransactionBehavior, params};

use super::error::HistoryError;
use super::record::JobRecord;
use super::store::History;
use crate::key::meet;
use crate::{JobId, JobState, Timestamp};

/// All that makes a row of a job.
#[derive(Clone, Debug)]
pub(crate) struct JobEntry {
    pub(crate) key: Option<String>,
    pub(crate) request: serde_json::Value,
    pub(crate) state: JobState,
}

/// Whether a job may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It may, and is in the history.
    Granted,
    /// A job with the same key runs in another process.
    Elsewhere { job: JobId, title: String, pid: u32 },
}

impl History {
    /// Puts a job into the history, unless one with its key runs already.
    pub(crate) fn claim(&self, job: &JobEntry) -> Result<Claim, HistoryError> {
        self.end_interrupted()?;
        let failed = |source| HistoryError::Write {
            job: job.state.id.clone(),
            source,
        };
        let mut connection = self.to_the_disk().map_err(failed)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        if let Some(key) = &job.key
            && let Some(elsewhere) = runs(&transaction, key).map_err(failed)?
        {
            return Ok(elsewhere);
        }
        self.write_row(&transaction, job)?;
        transaction.commit().map_err(failed)?;
        Ok(Claim::Granted)
    }

    /// Writes how far a job is. Nothing happens if the history does not have it.
    pub(crate) fn save(&self, state: &JobState) -> Result<(), HistoryError> {
        let text = to_json(&state.id, state)?;
        let query = "UPDATE jobs SET state = ?2, started_at = ?3
                     WHERE id = ?1 AND outcome IS NULL";
        let connection = self.connection();
        // A crash of the machine may cost a second of progress: the disk is not waited for.
        let written = connection
            .pragma_update(None, "synchronous", "NORMAL")
            .and_then(|()| {
                let started_at = state.started_at.map(Timestamp::millis);
                connection.execute(query, params![state.id.as_str(), text, started_at])
            });
        written.map(drop).map_err(|source| HistoryError::Write {
            job: state.id.clone(),
            source,
        })
    }

    /// Writes the end of a job, whether the history has the job yet or not. It is on the disk when
    /// this returns.
    pub(crate) fn finish(&self, ended: &JobEntry) -> Result<(), HistoryError> {
        let connection = self.to_the_disk().map_err(|source| HistoryError::Write {
            job: ended.state.id.clone(),
            source,
        })?;
        self.write_row(&connection, ended)
    }

    /// The connection, so that what it writes is on the disk when it says so.
    fn to_the_disk(&self) -> rusqlite::Result<MutexGuard<'_, Connection>> {
        let connection = self.connection();
        connection.pragma_update(None, "synchronous", "FULL")?;
        Ok(connection)
    }

    /// Writes the end of a job whose process has gone, unless another process just did.
    pub(super) fn end_of_gone(&self, record: &JobRecord) -> Result<(), HistoryError> {
        let job = &record.job;
        let (state, outcome) = (to_json(&job.id, job)?, to_json(&job.id, &job.outcome)?);
        let finished_at = job.finished_at.map(Timestamp::millis);
        let query = "UPDATE jobs SET state = ?2, outcome = ?3, finished_at = ?4
                     WHERE id = ?1 AND outcome IS NULL";
        self.connection()
            .execute(query, params![job.id.as_str(), state, outcome, finished_at])
            .map(drop)
            .map_err(|source| HistoryError::Write {
                job: job.id.clone(),
                source,
            })
    }

    /// The jobs that somebody asked to cancel, if anything changed since the last question.
    pub(crate) fn new_cancel_requests(&self) -> Result<Vec<JobId>, HistoryError> {
        if !self.has_changed()? {
            return Ok(Vec::new());
        }
        let connection = self.connection();
        let read = || {
            let query = "SELECT id FROM jobs WHERE outcome IS NULL AND cancel_requested = 1";
            let mut statement = connection.prepare_cached(query)?;
            let rows = statement.query_map([], |row| row.get(0).map(JobId))?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(HistoryError::Read)
    }

    /// Writes a whole row, and waits for the disk.
    fn write_row(&self, connection: &Connection, row: &JobEntry) -> Result<(), HistoryError> {
        let state = &row.state;
        let outcome = state.outcome.as_ref();
        let outcome = outcome
            .map(|outcome| to_json(&state.id, outcome))
            .transpose()?;
        let (request, text) = (
            to_json(&state.id, &row.request)?,
            to_json(&state.id, state)?,
        );
        let query = "INSERT INTO jobs (id, kind, title, key, request, state, outcome, queued_at,
                         started_at, finished_at, pid, process_started, boot)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                     ON CONFLICT (id) DO UPDATE SET state = excluded.state,
                         outcome = excluded.outcome, started_at = excluded.started_at,
                         finished_at = excluded.finished_at";
        let process = self.process();
        let parameters = params![
            state.id.as_str(),
            state.kind,
            state.title,
            row.key,
            request,
            text,
            outcome,
            state.queued_at.millis(),
            state.started_at.map(Timestamp::millis),
            state.finished_at.map(Timestamp::millis),
            process.pid,
            process.started.cast_signed(),
            process.boot,
        ];
        connection
            .execute(query, parameters)
            .map(drop)
            .map_err(|source| HistoryError::Write {
                job: state.id.clone(),
                source,
            })
    }
}

/// The job that runs with this key, if there is one.
fn runs(connection: &Connection, key: &str) -> rusqlite::Result<Option<Claim>> {
    let query = "SELECT key, id, title, pid FROM jobs WHERE key IS NOT NULL AND outcome IS NULL";
    let mut running = connection.prepare(query)?;
    let mut rows = running.query([])?;
    while let Some(row) = rows.next()? {
        if meet(&row.get::<_, String>(0)?, key) {
            return Ok(Some(Claim::Elsewhere {
                job: JobId(row.get(1)?),
                title: row.get(2)?,
                pid: row.get(3)?,
            }));
        }
    }
    Ok(None)
}

fn to_json<T: serde::Serialize>(job: &JobId, value: &T) -> Result<String, HistoryError> {
    serde_json::to_string(value).map_err(|source| HistoryError::Damaged {
        job: job.clone(),
        source,
    })
}
