//! What is asked for.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use labwright_engine::Engine;
use labwright_images::recognition::Rules;
use labwright_jobs::{ErrorReport, Failure, JobContext, JobSpec, JobState, StepOutcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::flow;
use super::ledger::Origin;
use super::steps::{NODES, PRESENT};
use crate::plan::{ImageSource, NodeSource};
use crate::runner::Mode;
use crate::ssh::{Target, Transport};

/// What is done with the nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallMode {
    /// They are installed.
    #[default]
    Install,
    /// They are looked at.
    Verify,
    /// What a verification found is mended.
    Repair,
}

impl InstallMode {
    /// The kind of job, in events and in the history.
    pub fn kind(self) -> &'static str {
        self.far().word()
    }

    pub(super) fn far(self) -> Mode {
        match self {
            Self::Install => Mode::Install,
            Self::Verify => Mode::Verify,
            Self::Repair => Mode::Repair,
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Install => "Install",
            Self::Verify => "Verify",
            Self::Repair => "Repair",
        }
    }
}

/// One node that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedNode {
    /// Its name in the plan.
    pub name: String,
    /// Where it comes from.
    pub source: NodeSource,
    /// Whether an existing folder that is in the way is moved aside, as the user confirmed.
    #[serde(default)]
    pub replace: bool,
}

/// One install as the user asked for it. It is kept in the history for a retry: no secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallRequest {
    /// What the host is called.
    pub host: String,
    /// How ssh reaches it.
    pub target: Target,
    /// What is done.
    pub mode: InstallMode,
    /// The plan's file.
    pub plan: String,
    /// The folder on the host that nodes' folders stand in; empty if no node needs one.
    pub folder: String,
    /// The target as the user gave it, if it was given.
    #[serde(default)]
    pub given: Option<String>,
    /// The Python environment on the host, if it was named.
    pub venv: Option<String>,
    /// How many clones at once.
    pub jobs: u8,
    /// The nodes.
    pub nodes: Vec<RequestedNode>,
}

/// What images are sent from, and to.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Connects engines when they are needed.
    pub engines: Arc<dyn Engines>,
    /// How files are recognised.
    pub rules: Arc<Rules>,
    /// The folder that relative paths of the plan are relative to.
    pub folder: PathBuf,
}

/// Connects the two engines that an image is sent between.
pub trait Engines: fmt::Debug + Send + Sync {
    /// This machine's own.
    fn here(&self) -> BoxFuture<'static, Result<Engine, ErrorReport>>;

    /// The host's.
    fn there(&self) -> BoxFuture<'static, Result<Engine, ErrorReport>>;
}

/// An install that can be submitted as a job.
#[derive(Clone, Debug)]
pub struct InstallJob {
    /// What starts ssh.
    pub transport: Arc<dyn Transport>,
    /// Where images come from; none if no node is sent from here.
    pub sources: Option<Sources>,
    /// What.
    pub request: InstallRequest,
}

impl InstallRequest {
    /// The nodes that the runner on the host sees to.
    pub(super) fn far_nodes(&self) -> impl Iterator<Item = (usize, &RequestedNode)> {
        self.nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| !node.is_sent())
    }

    /// The number that a node has for the runner, from 1.
    pub(crate) fn far_number(&self, name: &str) -> Option<usize> {
        let place = self.far_nodes().position(|(_, node)| node.name == name);
        place.map(|place| place + 1)
    }

    /// The nodes that are sent from here.
    pub(super) fn sent_nodes(&self) -> impl Iterator<Item = (usize, &RequestedNode)> {
        let sends = self.mode != InstallMode::Verify;
        self.nodes
            .iter()
            .enumerate()
            .filter(move |(_, node)| sends && node.is_sent())
    }

    /// Whether an engine of this machine or the host's own is needed here.
    pub fn sends(&self) -> bool {
        self.sent_nodes().next().is_some()
    }

    /// The same for the nodes that the job did not bring to a good end.
    #[must_use]
    pub fn for_the_rest(mut self, job: &JobState) -> Self {
        let above = job.children(None).find(|step| step.name == NODES);
        let above = above.map(|nodes| nodes.id);
        let is_good = |name: &str| {
            let mut nodes = job.steps.iter().filter(|step| step.parent.is_some());
            let step = nodes.find(|step| step.parent == above && step.name == name);
            let outcome = step.and_then(|step| step.outcome.as_ref());
            match outcome {
                Some(StepOutcome::Succeeded) => true,
                Some(StepOutcome::Skipped { why }) => why == PRESENT,
                _ => false,
            }
        };
        let all = self.nodes.clone();
        self.nodes.retain(|node| !is_good(&node.name));
        if self.nodes.is_empty() {
            self.nodes = all;
        }
        self
    }

    /// Where it came from.
    pub(super) fn origin(&self) -> Origin {
        Origin {
            host: self.host.clone(),
            file: self.plan.clone(),
            target: self.given.clone(),
            venv: self.venv.clone(),
        }
    }

    /// What it is called, for people.
    pub fn title(&self) -> String {
        let plan = Path::new(&self.plan).file_name().unwrap_or_default();
        format!(
            "{} {} on {}",
            self.mode.verb(),
            plan.to_string_lossy(),
            self.host
        )
    }

    /// What it is about: the host, and the folder there if one is needed.
    fn subject(&self) -> String {
        if self.folder.is_empty() {
            return self.host.clone();
        }
        format!("{}:{}", self.host, self.folder)
    }

    /// Whether a job with this subject is about the host.
    pub fn is_on(subject: &str, host: &str) -> bool {
        let rest = subject.strip_prefix(host);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }

    /// The same host and the same work.
    fn key(&self) -> String {
        let place = format!(
            "{}:{}",
            self.target.destination,
            self.target.port.unwrap_or_default()
        );
        let work = serde_json::to_vec(&(&self.folder, &self.venv, &self.nodes)).unwrap_or_default();
        let digest = Sha256::digest(work);
        let short = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
        format!("{}:{place}:{}", self.mode.kind(), short.collect::<String>())
    }
}

impl RequestedNode {
    /// Whether it is sent from here, and not fetched by the host.
    pub(super) fn is_sent(&self) -> bool {
        matches!(
            &self.source,
            NodeSource::Image {
                image: ImageSource::File { .. } | ImageSource::Engine { .. }
            }
        )
    }
}

impl InstallJob {
    /// What the monitor needs to know of it. One host does one install at a time.
    pub fn spec(&self) -> JobSpec {
        let request = &self.request;
        let place = &request.target;
        JobSpec {
            kind: request.mode.kind().to_owned(),
            title: request.title(),
            subject: Some(request.subject()),
            key: Some(request.key()),
            queue: Some(format!(
                "host:{}:{}",
                place.destination,
                place.port.unwrap_or_default()
            )),
            request: serde_json::to_value(request).unwrap_or_default(),
        }
    }

    /// Does it, or goes on with it where it was left.
    pub async fn run(self, context: JobContext) -> Result<Value, Failure> {
        flow::run(self, context).await
    }
}
