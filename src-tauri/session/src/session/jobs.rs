//! Jobs: asked for, tried again, cancelled, looked up.

use std::sync::Arc;

use labwright_engine::Engine;
use labwright_images::{
    CopyJob, ImportJob, ImportRequest, PullJob, PullRequest, SaveJob, SaveTarget,
};
use labwright_jobs::{
    CancelReason, ErrorReport, Failure, History, HistoryError, HistoryPage, HistoryQuery,
    JobContext, JobId, JobSpec, JobState, SubmitError,
};
use serde_json::Value;

use super::Session;
use crate::connect::connect_again;
use crate::hosts::goes_on_alone;
use crate::{Again, EngineProblem, ImportWish, PullWish, Started};

impl Session {
    /// Imports one file or URL.
    pub async fn import(&self, wish: ImportWish) -> Result<Started, ErrorReport> {
        let engine = self.engine()?;
        let request = ImportRequest {
            source: wish.source,
            reference: wish.reference,
            kind: wish.kind,
            replace: wish.replace,
            sha256: None,
            engine: engine.info().address.clone(),
        };
        self.begin_import(engine, request).await
    }

    /// Pulls an image.
    pub async fn pull(&self, wish: PullWish) -> Result<Started, ErrorReport> {
        let engine = self.engine()?;
        let request = PullRequest {
            reference: wish.reference,
            platform: wish.platform.filter(|platform| !platform.is_empty()),
            engine: engine.info().address.clone(),
        };
        request.check().map_err(|error| error.report())?;
        self.begin_pull(engine, request).await
    }

    async fn begin_import(
        &self,
        engine: Engine,
        request: ImportRequest,
    ) -> Result<Started, ErrorReport> {
        let earlier = self.shared.monitor.history().succeeded_results("import");
        let job = ImportJob {
            engine,
            rules: self.shared.rules.load().0,
            earlier: earlier.unwrap_or_default(),
            request,
        };
        self.begin(job.spec(), |context| job.run(context)).await
    }

    async fn begin_pull(
        &self,
        engine: Engine,
        request: PullRequest,
    ) -> Result<Started, ErrorReport> {
        let job = PullJob {
            engine,
            places: Arc::clone(&self.shared.registries),
            request,
        };
        self.begin(job.spec(), |context| job.run(context)).await
    }

    pub(super) async fn begin<W, F>(&self, spec: JobSpec, work: W) -> Result<Started, ErrorReport>
    where
        W: FnOnce(JobContext) -> F + Send + 'static,
        F: Future<Output = Result<Value, Failure>> + Send + 'static,
    {
        let submitted = match self.shared.monitor.submit(spec, work).await {
            // It is among the others' jobs.
            Err(SubmitError::RunsElsewhere { job, .. }) => {
                return Ok(Started { job, resumed: true });
            }
            submitted => submitted.map_err(|error| error.report())?,
        };
        let started = Started {
            job: submitted.handle.id().clone(),
            resumed: submitted.resumed,
        };
        // It belongs to the session, not to the window that asked for it.
        submitted.handle.detach();
        Ok(started)
    }

    /// Does again what a job that ended was asked to do, with the engine it was asked of.
    pub async fn retry(&self, job: &JobId) -> Result<Started, ErrorReport> {
        let record = self.shared.monitor.history().get(job.as_str());
        let record = record.map_err(|error| error.report())?;
        match Again::read(&record).map_err(|error| error.report())? {
            Again::Import(request) => {
                let engine = self.engine_at(&request.engine).await?;
                self.begin_import(engine, request).await
            }
            Again::Pull(request) => {
                let engine = self.engine_at(&request.engine).await?;
                self.begin_pull(engine, request).await
            }
            Again::Save(request) => {
                let job = SaveJob {
                    engine: self.engine_at(&request.engine).await?,
                    target: SaveTarget::File,
                    request,
                };
                self.begin(job.spec(), |context| job.run(context)).await
            }
            Again::Copy(request) => {
                let job = CopyJob {
                    from: self.engine_at(&request.from).await?,
                    engine: self.engine_at(&request.engine).await?,
                    rules: self.shared.rules.load().0,
                    request,
                };
                self.begin(job.spec(), |context| job.run(context)).await
            }
            Again::Deploy(request) => {
                let engine = self.engine_at(&request.engine).await?;
                let lab = record.job.subject.unwrap_or_default();
                self.begin_deploy(engine, &lab, request).await
            }
            Again::Destroy(request) => {
                let engine = self.engine_at(&request.engine).await?;
                self.begin_destroy(engine, request).await
            }
            Again::Install(request) => self.begin_install(*request).await,
            Again::Power(request) => {
                let engine = self.engine_at(&request.engine).await?;
                self.begin_power(engine, request).await
            }
        }
    }

    async fn engine_at(&self, address: &str) -> Result<Engine, ErrorReport> {
        match self.engine() {
            Ok(engine) if engine.info().address == address => Ok(engine),
            _ => self.connect_again(address).await,
        }
    }

    async fn connect_again(&self, address: &str) -> Result<Engine, ErrorReport> {
        let note = |text: &str| tracing::info!("{text}");
        let connected = connect_again(&self.shared.environment, address, note).await;
        connected.map_err(|EngineProblem { error, .. }| error)
    }

    /// Tells a job to stop, here or in another process. Says whether it ran or waited.
    pub async fn cancel(&self, job: &JobId) -> Result<bool, ErrorReport> {
        let monitor = &self.shared.monitor;
        if monitor.cancel(job, CancelReason::User).await {
            return Ok(true);
        }
        let asked = monitor.history().request_cancel(job);
        asked.map_err(|error| error.report())
    }

    /// Past jobs.
    pub async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, ErrorReport> {
        self.read_history(move |history| history.search(&query))
            .await
    }

    /// Follows what other processes run. One that is gone may have brought an image.
    ///
    /// An install that is left is joined: by an earlier window that ended, or by an `lw` that was killed.
    pub(super) async fn follow_others(self) {
        let history = self.shared.monitor.history().clone();
        let hear = |others: Vec<JobState>| {
            if others.iter().any(goes_on_alone) {
                let session = self.clone();
                tokio::spawn(async move { session.join_left().await });
            }
            let before = self.shared.others.send_replace(others);
            let left = self.shared.others.borrow();
            let gone = |job: &JobState| left.iter().all(|other| other.id != job.id);
            if before.iter().any(gone) {
                self.list_again();
            }
        };
        history.follow_others(hear).await;
    }

    async fn read_history<T: Send + 'static>(
        &self,
        read: impl FnOnce(&History) -> Result<T, HistoryError> + Send + 'static,
    ) -> Result<T, ErrorReport> {
        let history = self.shared.monitor.history().clone();
        let reading = tokio::task::spawn_blocking(move || read(&history));
        match reading.await {
            Ok(read) => read.map_err(|error| error.report()),
            Err(fault) => Err(ErrorReport::of("internal", &fault)),
        }
    }
}
