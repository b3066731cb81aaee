//! `lw jobs retry`.

use labwright_images::{CopyRequest, ImportRequest, SaveError, SaveRequest};
use labwright_jobs::{ErrorReport, History, JobId};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::import::{import_all, rules};
use super::{Context, copy, save};
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
    match record.job.kind.as_str() {
        "import" => import(context, &history, read(job, record.request)?).await,
        "save" => save(context, &history, read(job, record.request)?).await,
        "copy" => copy(context, &history, read(job, record.request)?).await,
        kind => {
            let kind = kind.to_owned();
            Err(RetryError::Kind { job, kind }.report().into())
        }
    }
}

fn read<T: DeserializeOwned>(job: JobId, request: Value) -> Result<T, ErrorReport> {
    serde_json::from_value(request).map_err(|source| RetryError::Request { job, source }.report())
}

async fn import(
    context: &Context,
    history: &History,
    mut request: ImportRequest,
) -> Result<Exit, CommandError> {
    let engine = context.engine_again(&request.engine).await?;
    request.engine.clone_from(&engine.info().address);
    import_all(context, history, &engine, rules(context)?, vec![request]).await
}

async fn save(
    context: &Context,
    history: &History,
    mut request: SaveRequest,
) -> Result<Exit, CommandError> {
    let SaveRequest { file: Some(_), .. } = &request else {
        return Err(SaveError::NoPlace.report().into());
    };
    let engine = context.engine_again(&request.engine).await?;
    request.engine.clone_from(&engine.info().address);
    save::save(context, history, engine, request).await
}

/// The engine that can be chosen now is the one that the images come from, as in the first run.
async fn copy(
    context: &Context,
    history: &History,
    mut request: CopyRequest,
) -> Result<Exit, CommandError> {
    let from = context.engine_again(&request.from).await?;
    let to = context.engine_at(&request.engine).await?;
    request.from.clone_from(&from.info().address);
    copy::copy(context, history, [from, to], request).await
}
