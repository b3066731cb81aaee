//! Following and stopping a job that another process runs.

use std::time::Duration;

use rusqlite::params;
use tokio::time::sleep;

use super::error::HistoryError;
use super::record::JobRecord;
use super::store::History;
use crate::{CancelToken, JobId, JobState, Outcome};

/// How often the job is looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(300);

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

    /// Reads a job's record on a thread that may wait for the file.
    async fn look(&self, id: &JobId) -> Result<JobRecord, HistoryError> {
        let (history, id) = (self.clone(), id.clone());
        let looked = tokio::task::spawn_blocking(move || history.get(id.as_str()));
        looked.await.unwrap_or(Err(HistoryError::Stopped))
    }
}
