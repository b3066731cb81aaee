//! What the tests share: access to a test's host, and a monitor.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use labwright_jobs::{
    History, JobEvent, JobHandle, JobState, Monitor, MonitorOptions, Snapshot, Subscription,
};
use labwright_remote::Access;
use labwright_remote::install::{InstallJob, InstallMode, InstallRequest, RequestedNode};
use labwright_remote::plan::NodeSource;
use labwright_remote::ssh::{SystemSsh, Target};
use labwright_testbed::host::{Host, Wire};
use tempfile::TempDir;

/// No test waits longer than this for the next thing to happen.
const PATIENCE: Duration = Duration::from_secs(120);

/// A host, and the folder of who reaches it.
pub(crate) struct Bench {
    pub(crate) host: Host,
    pub(crate) folder: TempDir,
}

impl Bench {
    /// A host whose key is known.
    pub(crate) fn new(host: Host) -> Self {
        host.trust();
        Self::of_a_stranger(host)
    }

    /// A host whose key is not known.
    pub(crate) fn of_a_stranger(host: Host) -> Self {
        Self {
            host,
            folder: tempfile::tempdir_in("/tmp").unwrap(),
        }
    }

    pub(crate) fn access(&self) -> Access {
        self.access_with(&self.host.ssh_config())
    }

    pub(crate) fn access_through(&self, wire: &Wire) -> Access {
        self.access_with(&self.host.ssh_config_through(wire))
    }

    fn access_with(&self, config: &Path) -> Access {
        let sockets = self.folder.path().join("ssh");
        Access {
            transport: Arc::new(SystemSsh::new("ssh".into(), Some(sockets))),
            host: "gpu-7".to_owned(),
            target: Target::new(self.host.alias(), Some(config.to_owned())).unwrap(),
            home: None,
            scratch: self.folder.path().to_owned(),
        }
    }
}

/// What the parts of a repository's node are, to be changed by a test.
pub(crate) struct Git {
    pub(crate) folder: String,
    pub(crate) reference: Option<String>,
}

/// A repository as a node, in a folder of its name.
pub(crate) fn git(name: &str, url: &str) -> RequestedNode {
    RequestedNode {
        name: name.to_owned(),
        source: NodeSource::Git {
            url: url.to_owned(),
            folder: name.to_owned(),
            reference: None,
            requirements: None,
            packages: Vec::new(),
        },
        replace: false,
    }
}

/// The same node with something else.
pub(crate) fn node(mut node: RequestedNode, change: impl FnOnce(&mut Git)) -> RequestedNode {
    if let NodeSource::Git {
        folder, reference, ..
    } = &mut node.source
    {
        let mut parts = Git {
            folder: folder.clone(),
            reference: reference.clone(),
        };
        change(&mut parts);
        (*folder, *reference) = (parts.folder, parts.reference);
    }
    node
}

/// An install of these nodes.
pub(crate) fn request(bench: &Bench, target: &Path, nodes: Vec<RequestedNode>) -> InstallRequest {
    InstallRequest {
        host: "gpu-7".to_owned(),
        target: bench.access().target,
        mode: InstallMode::Install,
        plan: "plan.toml".to_owned(),
        folder: target.to_str().unwrap().to_owned(),
        given: None,
        venv: None,
        jobs: 4,
        nodes,
    }
}

/// A job that somebody watches.
pub(crate) struct Watch {
    pub(crate) request: InstallRequest,
    pub(crate) handle: JobHandle,
    monitor: Monitor,
    state: Snapshot,
    events: Subscription,
    pub(crate) seen: Vec<JobEvent>,
}

impl Watch {
    /// Submits an install to a monitor of its own.
    pub(crate) async fn of(bench: &Bench, request: InstallRequest) -> Self {
        let monitor = Monitor::start(History::in_memory().unwrap(), MonitorOptions::default());
        Self::on(monitor, &bench.access(), request).await
    }

    /// The same over a connection of its own.
    pub(crate) async fn through(access: &Access, request: InstallRequest) -> Self {
        let monitor = Monitor::start(History::in_memory().unwrap(), MonitorOptions::default());
        Self::on(monitor, access, request).await
    }

    /// Submits an install, or joins one that was left.
    pub(crate) async fn on(monitor: Monitor, access: &Access, mut request: InstallRequest) -> Self {
        request.target = access.target.clone();
        let (state, events) = monitor.subscribe().await;
        let job = InstallJob {
            transport: access.transport.clone(),
            sources: None,
            request: request.clone(),
        };
        let submitted = monitor.submit_durable(job.spec(), |context| job.run(context));
        Self {
            request,
            handle: submitted.await.unwrap().handle,
            monitor,
            state,
            events,
            seen: Vec::new(),
        }
    }

    /// The job as it stands after its next event. None that is missing.
    pub(crate) async fn next(&mut self) -> &JobState {
        let next = tokio::time::timeout(PATIENCE, self.events.next()).await;
        let event = next.expect("an event in time").unwrap().unwrap();
        self.state.apply(&event).unwrap();
        self.seen.push(event);
        self.state.job(self.handle.id()).unwrap()
    }

    /// The job as far as it was watched.
    pub(crate) fn state(&self) -> &JobState {
        self.state.job(self.handle.id()).unwrap()
    }

    /// Watches until something is so, and gives the job as it stands then.
    pub(crate) async fn until(
        &mut self,
        what: &str,
        is_so: impl Fn(&JobState) -> bool,
    ) -> JobState {
        loop {
            let job = self.next().await;
            if is_so(job) {
                return job.clone();
            }
            assert!(job.outcome.is_none(), "it ended before {what}: {job:#?}");
        }
    }

    /// Watches every event until its end.
    pub(crate) async fn followed(&mut self) -> JobState {
        let job = self.until("its end", |job| job.outcome.is_some()).await;
        let written = self.ended().await;
        assert_eq!(job.steps, written.steps, "who watches sees what is written");
        assert_eq!(job.outcome, written.outcome);
        job
    }

    /// Waits until the history has a checkpoint that is so.
    pub(crate) async fn noted(&self, is_so: impl Fn(&serde_json::Value) -> bool) {
        loop {
            let record = self.monitor.history().get(self.handle.id().as_str());
            if record.unwrap().checkpoint.as_ref().is_some_and(&is_so) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for its end.
    pub(crate) async fn ended(&self) -> JobState {
        self.handle.outcome().await;
        let record = self.monitor.history().get(self.handle.id().as_str());
        record.unwrap().job
    }
}

/// How many nodes are done.
pub(crate) fn nodes_done(job: &JobState) -> usize {
    let nodes = job.children(None).find(|step| step.name == "Nodes");
    let done = nodes.and_then(|nodes| nodes.progress);
    done.map_or(0, |progress| usize::try_from(progress.done).unwrap())
}

/// What any of its steps waits for.
pub(crate) fn waits_for(job: &JobState, part: &str) -> bool {
    let mut waits = job.steps.iter().filter_map(|step| step.waiting.as_ref());
    waits.any(|what| what.contains(part))
}
