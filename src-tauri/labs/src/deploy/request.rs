//! What is asked for when a lab is deployed, and what comes of it.

use super::flow;
use crate::kinds::Kinds;
use labwright_engine::Engine;
use labwright_images::{RegistryPlaces, Rules};
use labwright_jobs::{Failure, JobContext, JobSpec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The kind of job that a deployment is.
pub(crate) const KIND: &str = "deploy";

/// What is asked for. It is kept in the history for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployRequest {
    /// The topology's file, absolute.
    pub file: PathBuf,
    /// The engine's address.
    pub engine: String,
    /// Whether images that are missing are pulled.
    #[serde(default)]
    pub pull: bool,
    /// Archives that missing images are imported from: absolute paths or URLs.
    #[serde(default)]
    pub import: Vec<String>,
    /// Whether every node gets a new container.
    #[serde(default)]
    pub anew: bool,
    /// What becomes of what was made, if it fails.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// Seconds that a node may take to get ready; without an end if not given.
    #[serde(default)]
    pub ready_within: Option<u64>,
}

/// What becomes of what a deployment made that failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// It goes, unless all that failed is that nodes did not get ready: those can be looked at.
    #[default]
    Usual,
    /// It goes in any case.
    Undo,
    /// It stays in any case.
    Keep,
}

/// A deployment that can be run.
#[derive(Clone)]
pub struct DeployJob {
    /// The engine.
    pub engine: Engine,
    /// Where logins are found, for pulls.
    pub places: Arc<RegistryPlaces>,
    /// The kinds of node.
    pub kinds: Arc<Kinds>,
    /// How archives are recognised, for imports.
    pub rules: Arc<Rules>,
    /// What surrounds it.
    pub surroundings: Surroundings,
    /// What is asked for.
    pub request: DeployRequest,
}

/// Looks a variable of the environment up.
pub type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// What a topology may refer to besides its files.
#[derive(Clone)]
pub struct Surroundings {
    /// The environment's variables.
    pub variable: Arc<Lookup>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// Who deploys.
    pub owner: String,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Surroundings")
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}

/// What a deployment did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployResult {
    /// The lab.
    pub lab: String,
    /// Its nodes, in the order of the file.
    pub nodes: Vec<DeployedNode>,
    /// How many links were made.
    pub links: usize,
    /// Nodes that were removed.
    pub removed: Vec<String>,
    /// What is odd but stopped nothing.
    pub notes: Vec<String>,
}

/// A node that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployedNode {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its container.
    pub container: String,
    /// Its address in the management network; empty where it has none.
    pub ipv4: String,
    /// Its address in the management network; empty where it has none.
    pub ipv6: String,
    /// Whether it ran already, as it should.
    pub kept: bool,
}

impl DeployRequest {
    pub(super) fn ready_within(&self) -> Option<Duration> {
        self.ready_within.map(Duration::from_secs)
    }
}

impl DeployJob {
    /// What the monitor needs to know of it. `lab` is the lab's name, where it is known already.
    pub fn spec(&self, lab: &str) -> JobSpec {
        crate::running::spec(
            KIND,
            format!("Deploy {lab} on {}", self.engine.title()),
            &self.engine,
            lab,
            serde_json::to_value(&self.request).unwrap_or(Value::Null),
        )
    }

    /// Does it. The result is a [`DeployResult`].
    pub async fn run(self, context: JobContext) -> Result<Value, Failure> {
        flow::run(self, context).await
    }
}
