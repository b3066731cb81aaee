//! The steps of a pull: Manifest, Download, Extract, Verify.

use super::error::PullError;
use super::manifest::Begun;
use super::request::{PullJob, PullResult, Wanted};
use super::steps::{Steps, known_layers};
use labwright_engine::{Engine, ImageDetail, ImageReference, PullState, PullStream};
use labwright_jobs::{ErrorReport, Failure, JobContext};
use labwright_registry::RemoteImage;
use serde_json::Value;
use std::future::Future;

/// Does the pull, and turns its failure into the job's.
pub(super) async fn run(job: PullJob, context: JobContext) -> Result<Value, Failure> {
    let pull = Pull { job, context };
    match pull.run().await {
        Ok(result) => serde_json::to_value(result)
            .map_err(|error| Failure::Failed(ErrorReport::of("internal", &error))),
        Err(PullError::Cancelled) => Err(Failure::Cancelled),
        Err(error) if pull.context.cancel.is_cancelled() => {
            tracing::debug!(%error, "the pull failed while it was cancelled");
            Err(Failure::Cancelled)
        }
        Err(error) => Err(Failure::Failed(error.report())),
    }
}

pub(super) struct Pull {
    pub(super) job: PullJob,
    pub(super) context: JobContext,
}

impl Pull {
    pub(super) fn engine(&self) -> &Engine {
        &self.job.engine
    }

    async fn run(&self) -> Result<PullResult, PullError> {
        let wanted = self.job.request.wanted()?;
        self.context.reporter.subject(wanted.reference.to_string());
        let steps = Steps::new(&self.context.reporter, self.engine().info());
        let step = steps.manifest();
        step.start();
        step.if_stalled(format!("{} to answer", wanted.registry()));
        let credential = self.or_cancelled(self.credential(&wanted, step)).await?;
        let before = self.inspect(&wanted.reference).await?;
        let begun = self.begin(&wanted, credential.as_ref(), step);
        let Begun { stream, image } = self.or_cancelled(begun).await??;
        let state = self.follow(&wanted, stream, image.as_ref(), &steps).await?;
        steps.verify.start();
        let there = self.verify(&wanted, image.as_ref(), &state).await?;
        steps.verify.succeed();
        Ok(self.result(&wanted, image, &state, &there, before))
    }

    /// Follows the engine's pull to its end.
    async fn follow(
        &self,
        wanted: &Wanted,
        mut stream: PullStream,
        image: Option<&RemoteImage>,
        steps: &Steps,
    ) -> Result<PullState, PullError> {
        let mut state = PullState::new(self.engine().info().store, &known_layers(image));
        let mut download = steps.begin(&state, wanted.registry());
        while let Some(lines) = self.next(&mut stream).await? {
            state.apply(&lines);
            if let Some(failure) = state.failure() {
                let error = self.engine().pull_reported(&wanted.reference, failure);
                download.fail(&state);
                return Err(error.into());
            }
            download.report(&state);
        }
        state.finish();
        download.end(&state);
        Ok(state)
    }

    async fn next(
        &self,
        stream: &mut PullStream,
    ) -> Result<Option<Vec<labwright_engine::PullLine>>, PullError> {
        Ok(self.or_cancelled(stream.next()).await??)
    }

    /// On Podman a short name would be the local image's first: the one that was pulled has its registry in its name.
    pub(super) async fn inspect(
        &self,
        reference: &ImageReference,
    ) -> Result<Option<ImageDetail>, PullError> {
        let name = reference.canonical();
        Ok(self.or_cancelled(self.engine().inspect(&name)).await??)
    }

    pub(super) async fn or_cancelled<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, PullError> {
        tokio::select! {
            done = work => Ok(done),
            _ = self.context.cancel.cancelled() => Err(PullError::Cancelled),
        }
    }
}
