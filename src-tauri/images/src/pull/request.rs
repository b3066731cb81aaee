//! What is asked for, and what comes of it.

use super::error::PullError;
use super::flow;
use labwright_engine::{Engine, ImageReference};
use labwright_jobs::{Failure, JobContext, JobSpec};
use labwright_registry::{Credentials, Platform};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

/// The kind of job that a pull is, in events and in the history.
pub(crate) const KIND: &str = "pull";
/// The queue that pulls wait in.
const QUEUE: &str = "pulls";

/// One pull, as the user asked for it. It is kept in the history for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// The image; a short name is Docker Hub's.
    pub reference: String,
    /// `linux/arm64`; the engine's own platform if not said.
    pub platform: Option<String>,
    /// The engine's address.
    pub engine: String,
}

/// A request, understood.
pub(super) struct Wanted {
    pub(super) reference: ImageReference,
    /// The platform that was asked for.
    pub(super) platform: Option<Platform>,
}

impl Wanted {
    /// The registry's host and port.
    pub(super) fn registry(&self) -> &str {
        self.reference.registry().unwrap_or("docker.io")
    }
}

impl PullRequest {
    /// Whether it can be asked for at all.
    pub fn check(&self) -> Result<(), PullError> {
        self.wanted().map(drop)
    }

    pub(super) fn wanted(&self) -> Result<Wanted, PullError> {
        let reference = self
            .reference
            .parse()
            .map_err(|source| PullError::Reference {
                reference: self.reference.clone(),
                source,
            })?;
        let platform = self.platform.as_deref().map(str::parse);
        Ok(Wanted {
            reference,
            platform: platform.transpose()?,
        })
    }
}

/// What a pull achieved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullResult {
    /// The image's name.
    pub references: Vec<String>,
    /// The engine's id of the image.
    pub image_id: String,
    /// What the reference points to in the registry, `sha256:…`, where that was told.
    pub digest: Option<String>,
    /// Bytes, as the engine counts them.
    pub size: u64,
    /// As the engine tells it.
    pub architecture: String,
    /// How many layers it has; each counts once.
    pub layers: usize,
    /// How many of them the engine had before.
    pub layers_before: usize,
    /// Bytes that came from the registry: the compressed sizes of the other layers.
    pub downloaded: u64,
    /// What the engine is called.
    pub engine: String,
    /// The engine's own id.
    pub engine_id: String,
    /// Whether the reference named this very image before.
    pub already_there: bool,
    /// What the user should know though it worked.
    pub warnings: Vec<String>,
    /// The id of the image that lost its name to this one.
    pub untagged: Option<String>,
}

/// Where credentials and certificates for registries are found.
#[derive(Debug)]
pub struct RegistryPlaces {
    /// Who the user is, for each registry.
    pub credentials: Credentials,
    /// Folders as `/etc/docker/certs.d`: `HOST:PORT/*.crt`.
    pub certificate_folders: Vec<PathBuf>,
}

/// A pull that can be submitted as a job.
#[derive(Debug, Clone)]
pub struct PullJob {
    /// Who fetches.
    pub engine: Engine,
    /// Who the user is to registries.
    pub places: Arc<RegistryPlaces>,
    /// What.
    pub request: PullRequest,
}

impl PullJob {
    /// What the monitor needs to know of it. Two pulls of one reference and platform into one engine are the same work.
    pub fn spec(&self) -> JobSpec {
        let reference = self.shown_reference();
        let platform = self.request.platform.as_deref().unwrap_or_default();
        JobSpec {
            kind: KIND.to_owned(),
            title: format!("Pull {reference} into {}", self.engine.title()),
            subject: Some(reference.clone()),
            key: Some(format!(
                "{KIND}:{}:{reference}:{platform}",
                self.engine.info().id
            )),
            queue: Some(QUEUE.to_owned()),
            request: serde_json::to_value(&self.request).unwrap_or(Value::Null),
        }
    }

    /// Does it. The result is a [`PullResult`].
    pub async fn run(self, context: JobContext) -> Result<Value, Failure> {
        flow::run(self, context).await
    }

    /// In its familiar form, so that one image has one name.
    fn shown_reference(&self) -> String {
        let text = &self.request.reference;
        let parsed = text.parse::<ImageReference>();
        parsed.map_or_else(|_| text.clone(), |reference| reference.to_string())
    }
}
