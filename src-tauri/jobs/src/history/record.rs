//! One job as the history has it.

use rusqlite::Row;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::error::HistoryError;
use super::process::ProcessIdentity;
use crate::{ErrorReport, JobId, JobState, Outcome, Timestamp};

/// One job as the history has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct JobRecord {
    /// What is known of it. Of a job that runs elsewhere, up to a second old.
    pub job: JobState,
    /// What must not be done twice at once.
    pub key: Option<String>,
    /// What is needed to do it again.
    #[ts(type = "unknown")]
    pub request: serde_json::Value,
    /// The process that ran it.
    pub process: ProcessIdentity,
    /// Where its work stood when `job` was written, of a job whose work goes on without a process of ours; JSON's null
    /// before that was said. None of all other jobs.
    #[serde(skip)]
    #[ts(skip)]
    pub checkpoint: Option<serde_json::Value>,
}

impl JobRecord {
    /// What [`JobRecord::read`] needs, in its order.
    pub(super) const COLUMNS: &str =
        "id, state, key, request, pid, process_started, boot, checkpoint";

    /// Reads a row of [`JobRecord::COLUMNS`].
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Result<Self, HistoryError>> {
        let id: String = row.get(0)?;
        let (state, request): (String, String) = (row.get(1)?, row.get(3)?);
        let key = row.get(2)?;
        let process = ProcessIdentity {
            pid: row.get(4)?,
            started: row.get::<_, i64>(5)?.cast_unsigned(),
            boot: row.get(6)?,
        };
        let checkpoint: Option<String> = row.get(7)?;
        let parsed = serde_json::from_str(&state).and_then(|job: JobState| {
            let checkpoint = checkpoint.as_deref().map(serde_json::from_str);
            Ok((
                job,
                serde_json::from_str(&request)?,
                checkpoint.transpose()?,
            ))
        });
        Ok(parsed
            .map(|(job, request, checkpoint)| Self {
                job,
                key,
                request,
                process,
                checkpoint,
            })
            .map_err(|source| HistoryError::Damaged {
                job: JobId(id),
                source,
            }))
    }

    /// Whether nobody follows it though its work may go on: it can be joined.
    pub fn is_left(&self) -> bool {
        self.job.is_active() && self.checkpoint.is_some() && !self.process.is_alive()
    }

    /// Ends it if it should run but its process has gone, and its work with it.
    pub(super) fn end_if_interrupted(&mut self, this: &ProcessIdentity) {
        let gone = self.job.is_active() && self.process != *this && !self.process.is_alive();
        if gone && self.checkpoint.is_none() {
            let error = interrupted(self.process.pid);
            self.job.close(&Outcome::Failed { error }, Timestamp::now());
        }
    }
}

fn interrupted(pid: u32) -> ErrorReport {
    ErrorReport::new(
        "interrupted",
        "the program ended while this job was running",
    )
    .with_cause(format!("the process {pid} does not run any more"))
    .with_hint("Retry the job; it starts again from the beginning.")
}
