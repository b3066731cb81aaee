//! What is asked for, and what comes of it.

use super::flow;
use crate::recognition::Rules;
use labwright_engine::Engine;
use labwright_jobs::{Failure, JobContext, JobSpec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// The kind of job that an import is, in events and in the history.
const KIND: &str = "import";
/// The queue that imports wait in.
const QUEUE: &str = "imports";

/// One import, as the user asked for it. It is kept in the history for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// An absolute path, or an http or https URL.
    pub source: String,
    /// The reference that the image shall get; proposed by the rules without it.
    pub reference: Option<String>,
    /// The kind that it shall be taken for.
    pub kind: Option<String>,
    /// Whether a reference that exists is moved to the new image.
    pub replace: bool,
    /// What the source's SHA-256 must be, in hexadecimal.
    pub sha256: Option<String>,
    /// The engine's address.
    pub engine: String,
}

/// What an import achieved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportResult {
    /// The image's names that this import gave or found.
    pub references: Vec<String>,
    /// The engine's id of the image; of the first one, if the archive held several.
    pub image_id: String,
    /// Bytes, as the engine counts them.
    pub size: u64,
    /// As the engine tells it.
    pub architecture: String,
    /// The kind that was recognised.
    pub kind: Option<String>,
    /// The version that was recognised.
    pub version: Option<String>,
    /// SHA-256 of the source, in hexadecimal.
    pub sha256: String,
    /// The source's path or URL.
    pub source: String,
    /// What the engine is called.
    pub engine: String,
    /// The engine's own id.
    pub engine_id: String,
    /// Whether the engine had the image before, and nothing was sent.
    pub already_there: bool,
    /// What the user should know though it worked.
    pub warnings: Vec<String>,
    /// The id of the image that lost its name to this one.
    pub untagged: Option<String>,
}

/// An import that can be submitted as a job.
#[derive(Debug, Clone)]
pub struct ImportJob {
    /// Where to.
    pub engine: Engine,
    /// How files are recognised.
    pub rules: Arc<Rules>,
    /// Results of earlier imports, from the history: the same file again is known by them.
    pub earlier: Vec<Value>,
    /// What.
    pub request: ImportRequest,
}

impl ImportJob {
    /// What the monitor needs to know of it. Two imports of the same source to the same engine and
    /// reference are the same work. Two sources are not, though they may want the same name: the
    /// second finds it taken.
    pub fn spec(&self) -> JobSpec {
        let recognised =
            self.rules
                .recognise(self.source_name(), None, self.request.kind.as_deref());
        let reference = self
            .request
            .reference
            .clone()
            .unwrap_or(recognised.reference);
        JobSpec {
            kind: KIND.to_owned(),
            title: format!("Import {} into {}", self.source_name(), self.engine.title()),
            subject: None,
            key: Some(format!(
                "{KIND}:{}:{reference}:{}",
                self.engine.info().id,
                self.request.source
            )),
            queue: Some(QUEUE.to_owned()),
            request: serde_json::to_value(&self.request).unwrap_or(Value::Null),
        }
    }

    /// Does it. The result is an [`ImportResult`].
    pub async fn run(self, context: JobContext) -> Result<Value, Failure> {
        flow::run(self, context).await
    }

    /// The file's name, from the path or the URL.
    pub(super) fn source_name(&self) -> &str {
        let source = self.request.source.as_str();
        if is_url(source) {
            let path = source.split(['?', '#']).next().unwrap_or(source);
            return path
                .rsplit('/')
                .next()
                .filter(|name| !name.is_empty())
                .unwrap_or(path);
        }
        Path::new(source)
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or(source)
    }
}

/// Whether a source is a URL that can be downloaded.
pub(super) fn is_url(source: &str) -> bool {
    source.starts_with("http://") || source.starts_with("https://")
}
