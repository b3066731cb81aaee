//! For tests of saves and copies: how they are asked for, and images to be saved and copied.

use crate::harness::Bench;
use labwright_images::{CopyJob, CopyRequest, CopyResult, Rules};
use labwright_images::{SaveJob, SaveRequest, SaveResult, SaveTarget};
use labwright_jobs::{
    Change, ErrorReport, JobHandle, JobId, JobSpec, JobState, Outcome, StepId, Subscription,
};
use labwright_testbed::Kind;
use labwright_testbed::archives::{DockerArchive, RootFs, noise};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The number of the step in which a save writes, and a copy sends.
pub(crate) const MOVE: StepId = StepId(2);

/// A name that no other test and no other run uses, in an engine that is shared.
pub(crate) fn fresh(what: &str, kind: Kind) -> String {
    format!("{what}-{kind}-{}:1", std::process::id())
}

/// Two layers; `/etc/marker` is in the upper one, and says this.
pub(crate) fn layers(marker: &str) -> [RootFs; 2] {
    [
        RootFs::tiny().marker("below"),
        RootFs::empty().marker(marker),
    ]
}

/// The names of all files in a folder, hidden ones too.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// What a report says, for a snapshot.
pub(crate) fn said(report: &ErrorReport) -> String {
    let (code, line) = (&report.code, report.in_one_line());
    format!("{code}: {line}\n  hint: {}", report.hints.join(" | "))
}

impl Bench {
    /// Brings an image of two layers into the engine, under this name.
    pub(crate) async fn two_layers(&self, name: &str, marker: &str) {
        let archive = DockerArchive::new().image(&[name], &layers(marker));
        let path = self.file("two-layers.tar", &archive.tar());
        let mut request = self.request(&path);
        request.reference = Some(name.to_owned());
        self.import(request).await;
    }

    /// Brings an image of one layer into the engine that takes a while to be moved.
    pub(crate) async fn large(&self, name: &str, bytes: usize) {
        let root = RootFs::tiny()
            .marker("large")
            .file("opt/noise", noise(bytes));
        let path = self.file("large.tar", &root.tar());
        let mut request = self.request(&path);
        request.reference = Some(name.to_owned());
        self.import(request).await;
    }

    /// A folder for saved files, with nothing in it.
    pub(crate) fn shelf(&self) -> PathBuf {
        let path = self.folder.path().join("shelf");
        std::fs::create_dir_all(&path).unwrap();
        path
    }

    /// Starts a save into a file.
    pub(crate) async fn submit_save(&self, names: &[&str], file: &Path) -> JobHandle {
        self.submit_save_of(self.save_request(names, file)).await
    }

    pub(crate) fn save_request(&self, names: &[&str], file: &Path) -> SaveRequest {
        SaveRequest {
            references: names.iter().map(|&name| name.to_owned()).collect(),
            file: Some(file.to_str().unwrap().to_owned()),
            replace: false,
            engine: self.host.address(),
        }
    }

    pub(crate) async fn submit_save_of(&self, request: SaveRequest) -> JobHandle {
        let job = SaveJob {
            engine: self.engine.clone(),
            target: SaveTarget::File,
            request,
        };
        self.begin(job.spec(), |context| job.run(context)).await
    }

    /// Saves, which must succeed.
    pub(crate) async fn save(&self, names: &[&str], file: &Path) -> SaveResult {
        let outcome = self.submit_save(names, file).await.outcome().await;
        serde_json::from_value(result_of(outcome)).unwrap()
    }

    /// Saves, which must fail.
    pub(crate) async fn fail_save(&self, request: SaveRequest) -> ErrorReport {
        error_of(self.submit_save_of(request).await.outcome().await)
    }

    /// Starts a copy to another engine.
    pub(crate) async fn submit_copy(&self, names: &[&str], to: &Bench, replace: bool) -> JobHandle {
        let job = CopyJob {
            from: self.engine.clone(),
            engine: to.engine.clone(),
            rules: Arc::new(Rules::built_in().unwrap()),
            request: CopyRequest {
                references: names.iter().map(|&name| name.to_owned()).collect(),
                replace,
                from: self.host.address(),
                engine: to.host.address(),
            },
        };
        self.begin(job.spec(), |context| job.run(context)).await
    }

    /// Copies, which must succeed.
    pub(crate) async fn copy(&self, names: &[&str], to: &Bench) -> CopyResult {
        let outcome = self.submit_copy(names, to, false).await.outcome().await;
        serde_json::from_value(result_of(outcome)).unwrap()
    }

    /// Copies, which must fail; and nothing may be left in the other engine.
    pub(crate) async fn fail_copy(&self, names: &[&str], to: &Bench) -> ErrorReport {
        let before = to.host.images();
        let outcome = self.submit_copy(names, to, false).await.outcome().await;
        assert_eq!(to.host.images(), before, "a failed copy leaves nothing");
        error_of(outcome)
    }

    async fn begin<W, F>(&self, spec: JobSpec, work: W) -> JobHandle
    where
        W: FnOnce(labwright_jobs::JobContext) -> F + Send + 'static,
        F: Future<Output = Result<serde_json::Value, labwright_jobs::Failure>> + Send + 'static,
    {
        self.monitor.submit(spec, work).await.unwrap().handle
    }

    /// The job as it is now.
    pub(crate) async fn state(&self, id: &JobId) -> JobState {
        let (snapshot, _) = self.monitor.subscribe().await;
        let job = snapshot.jobs.into_iter().find(|job| job.id == *id);
        job.unwrap()
    }
}

pub(crate) fn result_of(outcome: Outcome) -> serde_json::Value {
    match outcome {
        Outcome::Succeeded { result } => result,
        other => panic!("it did not succeed: {other:?}"),
    }
}

pub(crate) fn error_of(outcome: Outcome) -> ErrorReport {
    match outcome {
        Outcome::Failed { error } => error,
        other => panic!("it did not fail: {other:?}"),
    }
}

/// Waits until so many bytes have moved.
pub(crate) async fn until_moved(events: &mut Subscription, bytes: u64) {
    loop {
        match events.next().await.unwrap().unwrap().change {
            Change::Progress { step, progress } if step == MOVE && progress.done >= bytes => return,
            Change::Finished { outcome } => panic!("it ended before {bytes} bytes: {outcome:?}"),
            _ => {}
        }
    }
}

/// The engine may need a while to notice that nobody wants the image.
pub(crate) async fn nothing_is_left(bench: &Bench, before: &[String], case: &str) {
    let mut left = bench.host.images();
    for _ in 0..200 {
        if left == before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        left = bench.host.images();
    }
    panic!("{case}: {left:?}");
}
