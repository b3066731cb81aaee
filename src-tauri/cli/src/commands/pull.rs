//! `lw pull`.

use std::sync::Arc;

use labwright_engine::Engine;
use labwright_images::{PullJob, PullRequest};
use labwright_jobs::History;

use super::Context;
use super::work::Work;
use crate::args::PullArguments;
use crate::exit::{CommandError, Exit};

/// Pulls all that was given.
pub(crate) async fn run(context: &Context, arguments: PullArguments) -> Result<Exit, CommandError> {
    let history = context.history()?;
    let engine = context.engine().await?;
    let address = &engine.info().address;
    let request = |reference| PullRequest {
        reference,
        platform: arguments.platform.clone(),
        engine: address.clone(),
    };
    let requests = arguments.references.into_iter().map(request).collect();
    pull_all(context, &history, &engine, requests).await
}

/// Submits all pulls at once, and shows them until they have ended.
pub(super) async fn pull_all(
    context: &Context,
    history: &History,
    engine: &Engine,
    requests: Vec<PullRequest>,
) -> Result<Exit, CommandError> {
    let places = Arc::new(context.environment.registry_places());
    let several = requests.len() > 1;
    let mut work = Work::start(context, history).await;
    for request in requests {
        let job = PullJob {
            engine: engine.clone(),
            places: Arc::clone(&places),
            request,
        };
        work.submit(job.spec(), |context| job.run(context)).await?;
    }
    work.show(&context.output, several).await
}
