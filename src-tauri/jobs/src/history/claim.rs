//! What the process that runs a job writes of it.

use std::sync::MutexGuard;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::error::HistoryError;
use super::query::readable;
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
    /// Where its work stands, of a job whose work goes on without a process of ours.
    pub(crate) checkpoint: Option<serde_json::Value>,
}

/// Whether a job may be.
#[derive(Clone, Debug)]
pub(crate) enum Claim {
    /// It may, and is in the history.
    Granted,
    /// One with the same key was left, and is this process's now.
    Joined(Box<JobRecord>),
    /// The one that was to be joined is not left.
    NotLeft,
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
            && let Some(claim) = runs(&transaction, key).map_err(failed)?
        {
            let Claim::Elsewhere { job: other, .. } = &claim else {
                return Ok(claim);
            };
            let joined = if job.checkpoint.is_some() {
                self.take_left(&transaction, other, job.key.as_deref())?
            } else {
                None
            };
            let Some(record) = joined else {
                return Ok(claim);
            };
            transaction.commit().map_err(failed)?;
            return Ok(Claim::Joined(Box::new(record)));
        }
        self.write_row(&transaction, job)?;
        transaction.commit().map_err(failed)?;
        Ok(Claim::Granted)
    }

    /// Makes a job that was left this process's, if it is still left.
    pub(crate) fn join(&self, job: &JobId) -> Result<Option<JobRecord>, HistoryError> {
        let failed = |source| HistoryError::Write {
            job: job.clone(),
            source,
        };
        let mut connection = self.to_the_disk().map_err(failed)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let record = self.take_left(&transaction, job, None)?;
        transaction.commit().map_err(failed)?;
        Ok(record)
    }

    /// The same within a transaction, and only if it has this key, where one is given.
    fn take_left(
        &self,
        connection: &Connection,
        job: &JobId,
        key: Option<&str>,
    ) -> Result<Option<JobRecord>, HistoryError> {
        let query = format!("SELECT {} FROM jobs WHERE id = ?1", JobRecord::COLUMNS);
        let found = connection
            .query_row(&query, params![job.as_str()], JobRecord::read)
            .optional();
        let record = found.map_err(HistoryError::Read)?.and_then(readable);
        let is_meant = |record: &JobRecord| key.is_none() || record.key.as_deref() == key;
        let Some(record) = record.filter(|record| record.is_left() && is_meant(record)) else {
            return Ok(None);
        };
        let query = "UPDATE jobs SET pid = ?2, process_started = ?3, boot = ?4 WHERE id = ?1";
        let process = self.process();
        let parameters = params![
            job.as_str(),
            process.pid,
            process.started.cast_signed(),
            process.boot
        ];
        let written = connection.execute(query, parameters);
        written.map_err(|source| HistoryError::Write {
            job: job.clone(),
            source,
        })?;
        Ok(Some(record))
    }

    /// Writes how far a job is, and where its work stands if that is known. Nothing happens if the history does not have
    /// it.
    pub(crate) fn save(
        &self,
        state: &JobState,
        checkpoint: Option<&serde_json::Value>,
    ) -> Result<(), HistoryError> {
        let text = to_json(&state.id, state)?;
        let checkpoint = checkpoint
            .map(|checkpoint| to_json(&state.id, checkpoint))
            .transpose()?;
        let query =
            "UPDATE jobs SET state = ?2, started_at = ?3, checkpoint = coalesce(?4, checkpoint)
                     WHERE id = ?1 AND outcome IS NULL";
        let connection = self.connection();
        // A crash of the machine may cost a second of progress: the disk is not waited for.
        let written = connection
            .pragma_update(None, "synchronous", "NORMAL")
            .and_then(|()| {
                let started_at = state.started_at.map(Timestamp::millis);
                let id = state.id.as_str();
                connection.execute(query, params![id, text, started_at, checkpoint])
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
        let checkpoint = row.checkpoint.as_ref();
        let checkpoint = checkpoint
            .map(|checkpoint| to_json(&state.id, checkpoint))
            .transpose()?;
        let (request, text) = (
            to_json(&state.id, &row.request)?,
            to_json(&state.id, state)?,
        );
        let query = "INSERT INTO jobs (id, kind, title, key, request, state, outcome, queued_at,
                         started_at, finished_at, pid, process_started, boot, checkpoint)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
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
            checkpoint,
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
