//! `lw jobs retry`.

use labwright_images::{CopyRequest, ImportRequest, PullRequest, SaveRequest};
use labwright_jobs::History;
use labwright_session::Again;

use super::import::{import_all, rules};
use super::pull::pull_all;
use super::{Context, copy, install, lab, save};
use crate::exit::{CommandError, Exit};

/// Does a job again.
pub(super) async fn run(context: &Context, id: &str) -> Result<Exit, CommandError> {
    let history = context.history()?;
    let record = history.get(id)?;
    match Again::read(&record).map_err(|error| error.report())? {
        Again::Import(request) => import(context, &history, request).await,
        Again::Pull(request) => pull(context, &history, request).await,
        Again::Save(request) => save(context, &history, request).await,
        Again::Copy(request) => copy(context, &history, request).await,
        Again::Deploy(mut request) => {
            let engine = context.engine_again(&request.engine).await?;
            request.engine.clone_from(&engine.info().address);
            let lab = record.job.subject.clone().unwrap_or_default();
            lab::deploy_as(context, &history, engine, &lab, request).await
        }
        Again::Destroy(mut request) => {
            let engine = context.engine_again(&request.engine).await?;
            request.engine.clone_from(&engine.info().address);
            lab::destroy_as(context, &history, engine, request).await
        }
        Again::Power(mut request) => {
            let engine = context.engine_again(&request.engine).await?;
            request.engine.clone_from(&engine.info().address);
            lab::power_as(context, &history, engine, request).await
        }
        Again::Install(request) => install::see_through(context, &history, *request, false).await,
    }
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
    let engine = context.engine_again(&request.engine).await?;
    request.engine.clone_from(&engine.info().address);
    save::save(context, history, engine, request).await
}

async fn pull(
    context: &Context,
    history: &History,
    mut request: PullRequest,
) -> Result<Exit, CommandError> {
    let engine = context.engine_again(&request.engine).await?;
    request.engine.clone_from(&engine.info().address);
    pull_all(context, history, &engine, vec![request]).await
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
