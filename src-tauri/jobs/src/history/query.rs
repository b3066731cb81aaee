//! Questions to the history.

use rusqlite::{OptionalExtension, params};

use super::error::HistoryError;
use super::record::JobRecord;
use super::store::History;
use crate::{JobId, Outcome, Timestamp};

/// Which jobs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only jobs of this kind.
    pub kind: Option<String>,
    /// Only jobs that did not end yet.
    pub active: bool,
}

impl History {
    /// The newest jobs, at most `limit`, the newest first. A record that is damaged is left out.
    pub fn list(&self, limit: usize, filter: &JobFilter) -> Result<Vec<JobRecord>, HistoryError> {
        self.try_to_end_interrupted();
        let query = format!(
            "SELECT {} FROM jobs
             WHERE (?1 IS NULL OR kind = ?1) AND (?2 = 0 OR outcome IS NULL)
             ORDER BY id DESC LIMIT ?3",
            JobRecord::COLUMNS
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let records = self.records(&query, params![filter.kind, filter.active, limit])?;
        let readable = records.into_iter().filter_map(readable);
        let wanted = readable.filter(|record| record.job.is_active() || !filter.active);
        Ok(wanted.collect())
    }

    /// The job whose name is `prefix` or is the only one that begins so.
    pub fn get(&self, prefix: &str) -> Result<JobRecord, HistoryError> {
        self.try_to_end_interrupted();
        let id = self.resolve(prefix)?;
        let query = format!("SELECT {} FROM jobs WHERE id = ?1", JobRecord::COLUMNS);
        let mut found = self.records(&query, params![id.as_str()])?;
        found
            .pop()
            .unwrap_or(Err(HistoryError::NotFound { id: id.0 }))
    }

    /// The name of the job whose name is `prefix` or is the only one that begins so.
    fn resolve(&self, prefix: &str) -> Result<JobId, HistoryError> {
        let mut candidates = self.beginning_with(prefix).map_err(HistoryError::Read)?;
        let exact = candidates.iter().position(|id| id.as_str() == prefix);
        match (exact, candidates.len()) {
            (Some(index), _) => Ok(candidates.swap_remove(index)),
            (None, 1) => Ok(candidates.remove(0)),
            (None, 0) => Err(HistoryError::NotFound {
                id: prefix.to_owned(),
            }),
            (None, _) => Err(HistoryError::Ambiguous {
                prefix: prefix.to_owned(),
                candidates,
            }),
        }
    }

    /// Up to ten jobs whose names begin with `prefix`.
    fn beginning_with(&self, prefix: &str) -> rusqlite::Result<Vec<JobId>> {
        let connection = self.connection();
        let query = "SELECT id FROM jobs WHERE substr(id, 1, length(?1)) = ?1 AND ?1 <> ''
                     ORDER BY id LIMIT 10";
        let mut statement = connection.prepare_cached(query)?;
        let rows = statement.query_map(params![prefix], |row| row.get(0).map(JobId))?;
        rows.collect()
    }

    /// What is needed to do a job again.
    pub fn request_of(&self, id: &JobId) -> Result<serde_json::Value, HistoryError> {
        let query = "SELECT request FROM jobs WHERE id = ?1";
        let found: Option<String> = self
            .connection()
            .query_row(query, params![id.as_str()], |row| row.get(0))
            .optional()
            .map_err(HistoryError::Read)?;
        let Some(request) = found else {
            let id = id.0.clone();
            return Err(HistoryError::NotFound { id });
        };
        serde_json::from_str(&request).map_err(|source| HistoryError::Damaged {
            job: id.clone(),
            source,
        })
    }

    /// The results of all jobs of a kind that succeeded, the newest first.
    pub fn succeeded_results(&self, kind: &str) -> Result<Vec<serde_json::Value>, HistoryError> {
        let succeeded = self.succeeded(kind)?.into_iter();
        Ok(succeeded.map(|(_, result)| result).collect())
    }

    /// The same with the times of their ends.
    pub fn succeeded(
        &self,
        kind: &str,
    ) -> Result<Vec<(Timestamp, serde_json::Value)>, HistoryError> {
        let ended = self.ended(kind).map_err(HistoryError::Read)?.into_iter();
        let succeeded = ended.filter_map(|(at, text)| match serde_json::from_str(&text).ok()? {
            Outcome::Succeeded { result } => Some((Timestamp(at), result)),
            _ => None,
        });
        Ok(succeeded.collect())
    }

    fn ended(&self, kind: &str) -> rusqlite::Result<Vec<(i64, String)>> {
        let connection = self.connection();
        let query = "SELECT finished_at, outcome FROM jobs
                     WHERE kind = ?1 AND outcome IS NOT NULL AND finished_at IS NOT NULL
                     ORDER BY id DESC";
        let mut statement = connection.prepare_cached(query)?;
        let rows = statement.query_map(params![kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    }

    /// Removes jobs that ended, but the newest `keep`. Gives how many it removed.
    pub fn prune(&self, keep: usize) -> Result<usize, HistoryError> {
        let query = "DELETE FROM jobs WHERE outcome IS NOT NULL AND id NOT IN
                     (SELECT id FROM jobs WHERE outcome IS NOT NULL ORDER BY id DESC LIMIT ?1)";
        let keep = i64::try_from(keep).unwrap_or(i64::MAX);
        let removed = self.connection().execute(query, params![keep]);
        removed.map_err(HistoryError::Prune)
    }

    /// Writes the ends of the jobs that should run but whose process has gone.
    pub(super) fn end_interrupted(&self) -> Result<(), HistoryError> {
        let query = format!(
            "SELECT {} FROM jobs WHERE outcome IS NULL",
            JobRecord::COLUMNS
        );
        let running = self.records(&query, params![])?;
        for record in running.into_iter().filter_map(readable) {
            if !record.job.is_active() {
                self.end_of_gone(&record)?;
            }
        }
        Ok(())
    }

    /// The same, for who only reads: what is read is true even if it cannot be written.
    pub(super) fn try_to_end_interrupted(&self) {
        if let Err(error) = self.end_interrupted() {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "interrupted jobs stay open in the history"
            );
        }
    }

    /// Reads records. Those of jobs whose process has gone have ended.
    pub(super) fn records(
        &self,
        query: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<Result<JobRecord, HistoryError>>, HistoryError> {
        let connection = self.connection();
        let read = || {
            let mut statement = connection.prepare_cached(query)?;
            let rows = statement.query_map(parameters, JobRecord::read)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let mut records = read().map_err(HistoryError::Read)?;
        for record in records.iter_mut().flatten() {
            record.end_if_interrupted(self.process());
        }
        Ok(records)
    }
}

pub(super) fn readable(record: Result<JobRecord, HistoryError>) -> Option<JobRecord> {
    record
        .inspect_err(|error| {
            tracing::warn!(error = error as &dyn std::error::Error, "a job is left out");
        })
        .ok()
}
