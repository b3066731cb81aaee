//! What can go wrong with the history.

use std::path::PathBuf;

use crate::{ErrorReport, JobId};

/// What can go wrong with the history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Its folder is not there and cannot be made.
    #[error("cannot make the folder {path}")]
    MakeFolder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its file cannot be opened.
    #[error("cannot open the job history {path}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A later program wrote it.
    #[error("the job history {path} is of version {found}; this program knows up to {known}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's version.
        found: u32,
        /// The latest version this program knows.
        known: u32,
    },
    /// It cannot be brought to the present version.
    #[error("cannot bring the job history {path} from version {from} to version {to}")]
    Migrate {
        /// The file.
        path: PathBuf,
        /// The version it has.
        from: u32,
        /// The version it should get.
        to: u32,
        /// Why.
        source: rusqlite::Error,
    },
    /// It cannot be read.
    #[error("cannot read the job history")]
    Read(#[source] rusqlite::Error),
    /// A job cannot be written.
    #[error("cannot write the job {job} to the history")]
    Write {
        /// The job.
        job: JobId,
        /// Why.
        source: rusqlite::Error,
    },
    /// Old jobs cannot be removed.
    #[error("cannot remove old jobs from the history")]
    Prune(#[source] rusqlite::Error),
    /// What it has of a job makes no sense, or a job cannot be put into words for it.
    #[error("the record of the job {job} is damaged")]
    Damaged {
        /// The job.
        job: JobId,
        /// Why.
        source: serde_json::Error,
    },
    /// No job has this name.
    #[error("there is no job {id}")]
    NotFound {
        /// The name, or the beginning of one.
        id: String,
    },
    /// Several jobs have names that begin like this.
    #[error("{prefix} could be any of {}", list(.candidates))]
    Ambiguous {
        /// The beginning.
        prefix: String,
        /// The jobs it could be.
        candidates: Vec<JobId>,
    },
    /// Its thread has gone.
    #[error("the job history is not written any more")]
    Stopped,
}

impl HistoryError {
    /// What code branches on. Stable.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "job_not_found",
            Self::Ambiguous { .. } => "job_ambiguous",
            Self::Newer { .. } => "history_newer",
            _ => "history",
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Newer { .. } => "Update this program, or move that file away to begin a new one.",
            Self::MakeFolder { .. } | Self::Open { .. } | Self::Migrate { .. } => {
                "Check that the folder can be written and that its disk is not full."
            }
            Self::Write { .. } | Self::Prune(_) => "Check that the disk is not full.",
            Self::Damaged { .. } => "Other jobs are not affected. Do the same again if need be.",
            Self::NotFound { .. } => "List the jobs to see their names.",
            Self::Ambiguous { .. } => "Give more of the job's name.",
            Self::Read(_) | Self::Stopped => return Vec::new(),
        };
        vec![hint.to_owned()]
    }

    /// The error as it crosses borders.
    pub fn report(&self) -> ErrorReport {
        let mut report = ErrorReport::of(self.code(), self);
        report.hints = self.hints();
        report
    }
}

fn list(jobs: &[JobId]) -> String {
    let names: Vec<&str> = jobs.iter().map(JobId::as_str).collect();
    names.join(", ")
}
