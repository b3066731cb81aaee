//! Jobs: asked for, tried again, cancelled, looked up.

use labwright_engine::Engine;
use labwright_images::{ImportJob, ImportRequest};
use labwright_jobs::{
    CancelReason, ErrorReport, History, HistoryError, HistoryPage, HistoryQuery, JobId, JobState,
    SubmitError,
};

use super::Session;
use crate::connect::connect_again;
use crate::{EngineProblem, ImportWish, Started};

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
        self.submit(engine, request).await
    }

    async fn submit(&self, engine: Engine, request: ImportRequest) -> Result<Started, ErrorReport> {
        let monitor = &self.shared.monitor;
        let earlier = monitor.history().succeeded_results("import");
        let job = ImportJob {
            engine,
            rules: self.shared.rules.load().0,
            earlier: earlier.unwrap_or_default(),
            request,
        };
        let spec = job.spec();
        let submitted = match monitor.submit(spec, |context| job.run(context)).await {
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
        let request = self.shared.monitor.history().request_of(job);
        let request = request.map_err(|error| error.report())?;
        let request: ImportRequest = serde_json::from_value(request)
            .map_err(|error| ErrorReport::of("job_unknown_kind", &error))?;
        let engine = match self.engine() {
            Ok(engine) if engine.info().address == request.engine => engine,
            _ => self.connect_again(&request.engine).await?,
        };
        self.submit(engine, request).await
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
    pub(super) async fn follow_others(self) {
        let history = self.shared.monitor.history().clone();
        let hear = |others: Vec<JobState>| {
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
