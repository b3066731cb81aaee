//! `lw images copy`.

use std::sync::Arc;

use labwright_engine::Engine;
use labwright_images::{CopyJob, CopyRequest};
use labwright_jobs::History;

use super::Context;
use super::import::rules;
use super::work::{Work, remove_leftovers};
use crate::args::CopyArguments;
use crate::exit::{CommandError, Exit};

/// Copies images from the engine in use to another one.
pub(super) async fn run(context: &Context, arguments: CopyArguments) -> Result<Exit, CommandError> {
    let history = context.history()?;
    let from = context.engine().await?;
    let to = context.engine_named(&arguments.to).await?;
    let request = CopyRequest {
        references: arguments.references,
        replace: arguments.replace,
        from: from.info().address.clone(),
        engine: to.info().address.clone(),
    };
    copy(context, &history, [from, to], request).await
}

/// Submits the copy, and shows it until it has ended.
pub(super) async fn copy(
    context: &Context,
    history: &History,
    [from, engine]: [Engine; 2],
    request: CopyRequest,
) -> Result<Exit, CommandError> {
    let job = CopyJob {
        from,
        engine: engine.clone(),
        rules: Arc::new(rules(context)?),
        request,
    };
    let mut work = Work::start(context, history).await;
    work.submit(job.spec(), |context| job.run(context)).await?;
    let sweeping = tokio::spawn(remove_leftovers(history.clone(), engine));
    let exit = work.show(&context.output, false).await?;
    // Nothing is lost if it is left undone: the next import does it.
    let _undone = context.unless_stopped(sweeping).await;
    Ok(exit)
}
