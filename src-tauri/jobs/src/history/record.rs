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
}

impl JobRecord {
    /// What [`JobRecord::read`] needs, in its order.
    pub(super) const COLUMNS: &str = "id, state, key, request, pid, process_started, boot";

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
        let parsed = serde_json::from_str(&state)
            .and_then(|job: JobState| Ok((job, serde_json::from_str(&request)?)));
        Ok(parsed
            .map(|(job, request)| Self {
                job,
                key,
                request,
                process,
            })
            .map_err(|source| HistoryError::Damaged {
                job: JobId(id),
                source,
            }))
    }

    /// Ends it if it should run but its process has gone.
    pub(super) fn end_if_interrupted(&mut self, this: &ProcessIdentity) {
        let gone = self.job.is_active() && self.process != *this && !self.process.is_alive();
        if gone {
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
