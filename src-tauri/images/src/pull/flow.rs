//! The steps of a pull: Manifest, Download, Extract, Verify.

use super::error::PullError;
use super::manifest::Manifest;
use super::request::{PullJob, PullResult, Wanted};
use super::steps::{Steps, known_layers};
use labwright_engine::{Engine, ImageDetail, ImageReference, PullOrder, PullState, PullStream};
use labwright_jobs::{ErrorReport, Failure, JobContext};
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
        let manifest = self.manifest(&wanted, steps.manifest()).await?;
        let before = self.inspect(&wanted.reference).await?;
        let state = self.fetch(&wanted, &manifest, &steps).await?;
        steps.verify.start();
        let image = self.verify(&wanted, &manifest, &state).await?;
        steps.verify.succeed();
        Ok(self.result(&wanted, manifest, &state, &image, before))
    }

    /// Lets the engine pull, and follows it to its end.
    async fn fetch(
        &self,
        wanted: &Wanted,
        manifest: &Manifest,
        steps: &Steps,
    ) -> Result<PullState, PullError> {
        let known = known_layers(manifest.image.as_ref());
        let mut state = PullState::new(self.engine().info().store, &known);
        let order = PullOrder {
            reference: wanted.reference.clone(),
            platform: wanted.platform.as_ref().map(ToString::to_string),
            credentials: manifest.credentials.clone(),
        };
        let mut download = steps.begin(&state, &manifest.registry);
        let mut stream = self.or_cancelled(self.engine().pull(order)).await??;
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
