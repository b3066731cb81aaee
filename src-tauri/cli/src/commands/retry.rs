//! `lw jobs retry`.

use labwright_images::ImportRequest;
use labwright_jobs::{ErrorReport, JobId};

use super::Context;
use super::import::{import_all, rules};
use crate::exit::{CommandError, Exit};

/// Why a job cannot be done again.
#[derive(Debug, thiserror::Error)]
enum RetryError {
    /// It did not end.
    #[error("the job {job} did not end yet")]
    Active { job: JobId },
    /// Another version of Labwright made it.
    #[error("this version of lw cannot do the job {job} again: it is of the kind {kind}")]
    Kind { job: JobId, kind: String },
    /// What it was asked cannot be read.
    #[error("what the job {job} was asked cannot be read")]
    Request {
        job: JobId,
        source: serde_json::Error,
    },
}

impl RetryError {
    fn code(&self) -> &'static str {
        match self {
            Self::Active { .. } => "job_active",
            Self::Kind { .. } => "job_kind_unknown",
            Self::Request { .. } => "job_request_damaged",
        }
    }

    fn report(&self) -> ErrorReport {
        let report = ErrorReport::of(self.code(), self);
        match self {
            Self::Active { job } => report.with_hint(format!("lw jobs cancel {job} stops it.")),
            Self::Kind { .. } => report.with_hint("Use the version that did it."),
            Self::Request { .. } => report.with_hint("Ask for the same with a new command."),
        }
    }
}

/// Does a job again.
pub(super) async fn run(context: &Context, id: &str) -> Result<Exit, CommandError> {
    let history = context.history()?;
    let record = history.get(id)?;
    let job = record.job.id;
    if record.job.outcome.is_none() {
        return Err(RetryError::Active { job }.report().into());
    }
    let kind = record.job.kind;
    if kind != "import" {
        return Err(RetryError::Kind { job, kind }.report().into());
    }
    let request: Result<ImportRequest, _> = serde_json::from_value(record.request);
    let mut request = request.map_err(|source| RetryError::Request { job, source }.report())?;
    let engine = context.engine_again(&request.engine).await?;
    request.engine.clone_from(&engine.info().address);
    import_all(context, &history, &engine, rules(context)?, vec![request]).await
}
