//! Following and stopping a job that another process runs.

use std::time::Duration;

use rusqlite::params;
use tokio::time::sleep;

use super::error::HistoryError;
use super::query::JobFilter;
use super::record::JobRecord;
use super::store::History;
use crate::{CancelToken, JobId, JobState, Outcome};

/// How often other processes' jobs are looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(300);

/// More jobs than other processes run at once.
const MOST_OTHERS: usize = 1000;

/// SQLite's counter of changes, and the jobs of other processes if they were read.
type Looked = (i64, Option<Vec<JobState>>);

impl History {
    /// Asks the process that runs a job to cancel it; it hears that within a second. Says whether
    /// the job did not end yet.
    pub fn request_cancel(&self, id: &JobId) -> Result<bool, HistoryError> {
        self.end_interrupted()?;
        let query = "UPDATE jobs SET cancel_requested = 1 WHERE id = ?1 AND outcome IS NULL";
        let written = self.connection().execute(query, params![id.as_str()]);
        let changed = written.map_err(|source| HistoryError::Write {
            job: id.clone(),
            source,
        })?;
        self.note_request();
        Ok(changed > 0)
    }

    /// Waits until a job that another process runs has ended, and hands on its state whenever that
    /// has changed. If its process ends without its end, it ends here as interrupted.
    ///
    /// When `cancel` is cancelled, the other process is asked to cancel the job, and its end is
    /// still waited for: what is given is always how the job ended. To stop watching only, drop the
    /// future.
    pub async fn follow(
        &self,
        id: &JobId,
        cancel: &CancelToken,
        mut on_change: impl FnMut(&JobState),
    ) -> Result<Outcome, HistoryError> {
        let mut seen: Option<JobState> = None;
        let mut asked = false;
        loop {
            let state = self.look(id).await?.job;
            if seen.as_ref() != Some(&state) {
                on_change(&state);
            }
            if let Some(outcome) = state.outcome {
                return Ok(outcome);
            }
            seen = Some(state);
            if cancel.is_cancelled() && !asked {
                asked = true;
                self.request_cancel(id)?;
            }
            tokio::select! {
                () = sleep(LOOK_INTERVAL) => {}
                _ = cancel.cancelled(), if !asked => {}
            }
        }
    }

    /// Hands on the jobs that other processes run or let wait, the oldest first, whenever they have
    /// changed. Never ends; to stop, drop the future.
    ///
    /// They are read only when another process has written, and while there are any: one that was
    /// killed writes nothing.
    pub async fn follow_others(&self, mut on_change: impl FnMut(Vec<JobState>)) {
        let (mut known, mut version) = (Vec::new(), None);
        let mut readable = true;
        loop {
            let (history, seen) = (self.clone(), version.filter(|_| known.is_empty()));
            let looked = tokio::task::spawn_blocking(move || history.look_at_others(seen)).await;
            match looked.unwrap_or(Err(HistoryError::Stopped)) {
                Ok((now, others)) => {
                    (version, readable) = (Some(now), true);
                    if let Some(others) = others.filter(|others| *others != known) {
                        known.clone_from(&others);
                        on_change(others);
                    }
                }
                Err(error) => {
                    if std::mem::take(&mut readable) {
                        let error = &error as &dyn std::error::Error;
                        tracing::warn!(error, "the jobs of other processes cannot be read");
                    }
                }
            }
            sleep(LOOK_INTERVAL).await;
        }
    }

    /// SQLite's counter, and the jobs of other processes if it is not as it was `seen`.
    fn look_at_others(&self, seen: Option<i64>) -> Result<Looked, HistoryError> {
        let version = self.version()?;
        if seen == Some(version) {
            return Ok((version, None));
        }
        let active = JobFilter {
            active: true,
            ..JobFilter::default()
        };
        let records = self.list(MOST_OTHERS, &active)?.into_iter().rev();
        let others = records.filter(|record| record.process != *self.process());
        Ok((version, Some(others.map(|record| record.job).collect())))
    }

    /// Reads a job's record on a thread that may wait for the file.
    async fn look(&self, id: &JobId) -> Result<JobRecord, HistoryError> {
        let (history, id) = (self.clone(), id.clone());
        let looked = tokio::task::spawn_blocking(move || history.get(id.as_str()));
        looked.await.unwrap_or(Err(HistoryError::Stopped))
    }
}
