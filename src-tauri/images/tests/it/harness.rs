//! One private engine, one monitor, and imports through both.

use labwright_engine::{Candidate, Engine};
use labwright_images::{ImportJob, ImportRequest, ImportResult, Rules};
use labwright_jobs::{
    CancelReason, Change, ErrorReport, History, JobHandle, Monitor, MonitorOptions, Outcome, StepId,
};
use labwright_testbed as testbed;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// The number of an import's second step; a job's steps are counted from 1.
pub(crate) const SEND: StepId = StepId(2);
/// The number of its third.
pub(crate) const COMMIT: StepId = StepId(3);

/// Everything that an import needs.
pub(crate) struct Bench {
    /// The engine of the test.
    pub(crate) host: Arc<testbed::Engine>,
    /// The connection to it.
    pub(crate) engine: Engine,
    /// What runs the jobs.
    pub(crate) monitor: Monitor,
    /// Where the files of the test lie.
    pub(crate) folder: TempDir,
}

impl Bench {
    /// A bench around an engine that may be shared with other tests.
    pub(crate) async fn shared(kind: testbed::Kind) -> Self {
        Self::of(
            tokio::task::spawn_blocking(move || testbed::Engine::shared(kind))
                .await
                .unwrap(),
        )
        .await
    }

    /// A bench around an engine of its own.
    pub(crate) async fn private(kind: testbed::Kind) -> Self {
        Self::of(
            tokio::task::spawn_blocking(move || testbed::Engine::private(kind))
                .await
                .unwrap(),
        )
        .await
    }

    /// A bench around the given engine, with stalls shown after a second.
    pub(crate) async fn of(host: testbed::Engine) -> Self {
        let engine = Engine::connect(&Candidate::explicit(&host.address()).unwrap())
            .await
            .unwrap();
        let options = MonitorOptions {
            stall_after: Duration::from_secs(1),
            ..MonitorOptions::default()
        };
        let monitor = Monitor::start(History::in_memory().unwrap(), options);
        Self {
            host: Arc::new(host),
            engine,
            monitor,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Writes a file for the test.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A request for a file, with nothing chosen.
    pub(crate) fn request(&self, path: &Path) -> ImportRequest {
        self.request_for(path.to_str().unwrap())
    }

    /// A request for a path or URL, with nothing chosen.
    pub(crate) fn request_for(&self, source: &str) -> ImportRequest {
        ImportRequest {
            source: source.to_owned(),
            reference: None,
            kind: None,
            replace: false,
            sha256: None,
            engine: self.host.address(),
        }
    }

    /// Starts an import.
    pub(crate) async fn submit(&self, request: ImportRequest) -> JobHandle {
        let job = ImportJob {
            engine: self.engine.clone(),
            rules: Arc::new(Rules::built_in().unwrap()),
            earlier: self.monitor.history().succeeded_results("import").unwrap(),
            request,
        };
        let submission = self
            .monitor
            .submit(job.spec(), move |context| job.run(context))
            .await
            .unwrap();
        submission.handle
    }

    /// Imports, which must succeed.
    pub(crate) async fn import(&self, request: ImportRequest) -> ImportResult {
        match self.submit(request).await.outcome().await {
            Outcome::Succeeded { result } => serde_json::from_value(result).unwrap(),
            other => panic!("the import did not succeed: {other:?}"),
        }
    }

    /// Imports, which must fail; and nothing may be left.
    pub(crate) async fn fail(&self, request: ImportRequest) -> ErrorReport {
        let before = self.host.images();
        let report = match self.submit(request).await.outcome().await {
            Outcome::Failed { error } => error,
            other => panic!("the import did not fail: {other:?}"),
        };
        assert_eq!(self.host.images(), before, "a failed import leaves nothing");
        report
    }

    /// Imports, and calls `reached` once when `percent` of the source was sent.
    pub(crate) async fn import_until(
        &self,
        request: ImportRequest,
        percent: u64,
        reached: impl FnOnce(),
    ) -> Outcome {
        let (_, mut events) = self.monitor.subscribe().await;
        let handle = self.submit(request).await;
        let mut reached = Some(reached);
        while let Some(Ok(event)) = events.next().await {
            match event.change {
                Change::Progress { step, progress } if step == SEND => {
                    let total = progress.total.unwrap();
                    if progress.done * 100 >= total * percent
                        && let Some(reached) = reached.take()
                    {
                        tokio::task::block_in_place(reached);
                    }
                }
                Change::Finished { .. } => break,
                _ => {}
            }
        }
        assert!(reached.is_none(), "the import never came to {percent} %");
        handle.outcome().await
    }

    /// Cancels a job, which must end cancelled within two seconds.
    pub(crate) async fn cancel(&self, handle: &JobHandle) {
        handle.cancel(CancelReason::User);
        let outcome = tokio::time::timeout(Duration::from_secs(2), handle.outcome()).await;
        assert_eq!(
            outcome.unwrap(),
            Outcome::Cancelled {
                by: CancelReason::User
            }
        );
    }

    /// Runs a container of an image, and returns what the marker in it says.
    pub(crate) fn marker(&self, image: &str) -> String {
        self.host
            .run(image, &["/bin/cat", "/etc/marker"])
            .trim()
            .to_owned()
    }
}
