//! One private engine, a real registry behind a gate, and pulls through all of them.

use labwright_engine::{Candidate, Engine};
use labwright_images::{PullJob, PullRequest, PullResult, RegistryPlaces};
use labwright_jobs::{
    Change, ErrorReport, History, JobEvent, JobHandle, JobId, JobState, Monitor, MonitorOptions,
    Outcome, StepState, Subscription,
};
use labwright_registry::{CredentialSources, Credentials};
use labwright_testbed::archives::{Compression, RootFs};
use labwright_testbed::{self as testbed, Gate, Kind, Registry, RegistryImage};
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;

/// Everything that a pull needs.
pub(super) struct Bench {
    pub(super) host: Arc<testbed::Engine>,
    pub(super) engine: Engine,
    pub(super) monitor: Monitor,
    pub(super) registry: Registry,
    pub(super) gate: Gate,
    folder: TempDir,
}

/// A pull that ended, and everything that was told of it.
pub(super) struct Told {
    pub(super) outcome: Outcome,
    pub(super) state: JobState,
    pub(super) events: Vec<JobEvent>,
}

impl Bench {
    /// An engine of its own before an open registry.
    pub(super) async fn new(kind: Kind) -> Self {
        Self::before(kind, Registry::open).await
    }

    /// The same before a registry of another sort.
    pub(super) async fn before(
        kind: Kind,
        registry: impl FnOnce() -> Registry + Send + 'static,
    ) -> Self {
        let make = move || {
            let registry = registry();
            let gate = Gate::before(&registry);
            let host = testbed::Engine::trusting(kind, &[&gate.address()]);
            (registry, gate, host)
        };
        let (registry, gate, host) = tokio::task::spawn_blocking(make).await.unwrap();
        Self::of(registry, gate, host).await
    }

    /// The same with an engine whose disk holds so many bytes.
    pub(super) async fn with_small_disk(kind: Kind, bytes: u64) -> Self {
        let make = move || {
            let registry = Registry::open();
            let gate = Gate::before(&registry);
            let host = testbed::Engine::trusting_with_small_disk(kind, &[&gate.address()], bytes);
            (registry, gate, host)
        };
        let (registry, gate, host) = tokio::task::spawn_blocking(make).await.unwrap();
        Self::of(registry, gate, host).await
    }

    async fn of(registry: Registry, gate: Gate, host: testbed::Engine) -> Self {
        let candidate = Candidate::explicit(&host.address()).unwrap();
        let engine = Engine::connect(&candidate).await.unwrap();
        let history = History::in_memory().unwrap();
        Self {
            host: Arc::new(host),
            engine,
            monitor: Monitor::start(history, MonitorOptions::default()),
            registry,
            gate,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Writes a Docker configuration with a login for the registry.
    pub(super) fn log_in(&self, user: &str, password: &str) {
        use base64::Engine as _;
        let auth = base64::prelude::BASE64_STANDARD.encode(format!("{user}:{password}"));
        let text = serde_json::json!({ "auths": { self.gate.address(): { "auth": auth } } });
        std::fs::write(self.folder.path().join("config.json"), text.to_string()).unwrap();
    }

    pub(super) fn request(&self, name: &str) -> PullRequest {
        PullRequest {
            reference: self.gate.reference(name),
            platform: None,
            engine: self.host.address(),
        }
    }

    /// Starts a pull.
    pub(super) async fn submit(&self, request: PullRequest) -> JobHandle {
        let sources = CredentialSources {
            docker_config: Some(self.folder.path().join("config.json")),
            auth_files: Vec::new(),
            helper_path: None,
            keyring: None,
        };
        let job = PullJob {
            engine: self.engine.clone(),
            places: Arc::new(RegistryPlaces {
                credentials: Credentials::new(sources),
                certificate_folders: Vec::new(),
            }),
            request,
        };
        let submitted = self
            .monitor
            .submit(job.spec(), move |context| job.run(context))
            .await;
        submitted.unwrap().handle
    }

    /// Pulls, and calls `at` once when so many per cent were downloaded.
    pub(super) async fn pull_until(
        &self,
        request: PullRequest,
        percent: u64,
        at: impl FnOnce(&JobHandle),
    ) -> Told {
        let (_, events) = self.monitor.subscribe().await;
        let handle = self.submit(request).await;
        let mut at = Some(at);
        let told = follow(events, handle.id(), |state| {
            let download = step(state, "Download");
            let progress = download.and_then(|download| download.progress);
            let far = progress.is_some_and(|progress| {
                progress.done * 100 >= progress.total.unwrap_or(u64::MAX / 100) * percent
            });
            if far && let Some(at) = at.take() {
                tokio::task::block_in_place(|| at(&handle));
            }
        })
        .await;
        assert!(at.is_none(), "the pull never came to {percent} %");
        told
    }

    /// Pulls to the end, whatever that is.
    pub(super) async fn told(&self, request: PullRequest) -> Told {
        let (_, events) = self.monitor.subscribe().await;
        let handle = self.submit(request).await;
        follow(events, handle.id(), |_| {}).await
    }

    /// Pulls, which must succeed.
    pub(super) async fn pull(&self, name: &str) -> (PullResult, Told) {
        let told = self.told(self.request(name)).await;
        (told.result(), told)
    }

    /// Pulls, which must fail.
    pub(super) async fn fail(&self, request: PullRequest) -> ErrorReport {
        self.told(request).await.error()
    }

    /// Whether the engine has an image of this name.
    pub(super) async fn has(&self, name: &str) -> bool {
        let name = self.gate.reference(name);
        self.engine.inspect(&name).await.unwrap().is_some()
    }
}

impl Told {
    pub(super) fn result(&self) -> PullResult {
        match &self.outcome {
            Outcome::Succeeded { result } => serde_json::from_value(result.clone()).unwrap(),
            other => panic!("the pull did not succeed: {other:?}\n{:#?}", self.state),
        }
    }

    pub(super) fn error(&self) -> ErrorReport {
        match &self.outcome {
            Outcome::Failed { error } => error.clone(),
            other => panic!("the pull did not fail: {other:?}"),
        }
    }

    pub(super) fn step(&self, name: &str) -> &StepState {
        step(&self.state, name).unwrap_or_else(|| panic!("no step {name}: {:#?}", self.state))
    }

    /// The steps of the layers.
    pub(super) fn layers(&self) -> Vec<&StepState> {
        let download = self.step("Download").id;
        let steps = self.state.steps.iter();
        steps.filter(|step| step.parent == Some(download)).collect()
    }

    /// What was logged, a line each.
    pub(super) fn log(&self) -> String {
        let lines = self.state.log.iter().map(|line| line.line.clone());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// No figure of any step ever fell, or was more than its total.
    pub(super) fn check_figures(&self) {
        let mut last = BTreeMap::new();
        for event in &self.events {
            let Change::Progress { step, progress } = &event.change else {
                continue;
            };
            let before = last.insert(*step, progress.done).unwrap_or_default();
            assert!(before <= progress.done, "{event:?} after {before}");
            assert!(
                progress.total.is_none_or(|total| progress.done <= total),
                "{event:?}"
            );
        }
    }
}

fn step<'a>(state: &'a JobState, name: &str) -> Option<&'a StepState> {
    state.steps.iter().find(|step| step.name == name)
}

/// Follows a job to its end.
async fn follow(mut events: Subscription, job: &JobId, mut each: impl FnMut(&JobState)) -> Told {
    let mut state: Option<JobState> = None;
    let mut told = Vec::new();
    while let Some(Ok(event)) = events.next().await {
        if event.job != *job {
            continue;
        }
        match &mut state {
            None => state = JobState::begin(&event),
            Some(state) => {
                state.apply(&event);
                each(state);
            }
        }
        told.push(event.clone());
        if let Change::Finished { outcome } = event.change {
            return Told {
                outcome,
                state: state.unwrap(),
                events: told,
            };
        }
    }
    panic!("the events ended before the job did");
}

/// An image whose layers have these sizes; the first has a shell.
pub(super) fn image(name: &str, sizes: &[u64]) -> RegistryImage {
    let (repository, tag) = name.split_once(':').unwrap();
    let image = RegistryImage::new(repository, tag).compression(Compression::None);
    layers(image, name, sizes)
}

/// Adds layers of these sizes, other ones for each name.
pub(super) fn layers(image: RegistryImage, name: &str, sizes: &[u64]) -> RegistryImage {
    let seed = name.bytes().fold(7_u64, |seed, byte| {
        seed.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let mut number = 0;
    sizes.iter().fold(image, |image, size| {
        let root = if number == 0 {
            RootFs::tiny()
        } else {
            RootFs::empty()
        };
        number += 1;
        let marker = format!("{name} {number}");
        let root = root.file(&format!("etc/layer-{number}"), marker);
        image.layer(&root.seed(seed.wrapping_add(number)).padding(*size))
    })
}
