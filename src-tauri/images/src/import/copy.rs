//! A copy: an import whose archive another engine makes, as a job.

use super::flow;
use crate::recognition::Rules;
use crate::source::list;
use labwright_engine::Engine;
use labwright_jobs::{Failure, JobContext, JobSpec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The kind of job that a copy is, in events and in the history.
const KIND: &str = "copy";
/// The queue that copies wait in: what they make of an engine's time is what imports do.
const QUEUE: &str = "imports";

/// One copy, as the user asked for it. It is kept in the history for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyRequest {
    /// The images' names. They get the same ones in the other engine.
    pub references: Vec<String>,
    /// Whether names that exist there are moved to the new images.
    pub replace: bool,
    /// The address of the engine that has the images.
    pub from: String,
    /// The address of the engine that gets them.
    pub engine: String,
}

/// What a copy achieved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyResult {
    /// The images, in the order in which they were asked for.
    pub images: Vec<CopiedImage>,
    /// What the engine that had them is called.
    pub from: String,
    /// Its own id.
    pub from_id: String,
    /// What the engine that got them is called.
    pub engine: String,
    /// Its own id.
    pub engine_id: String,
    /// What the user should know though it worked.
    pub warnings: Vec<String>,
}

/// One image of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedImage {
    /// Its name.
    pub reference: String,
    /// Its id in the engine that got it; another one than where it came from if one of the two
    /// engines keeps its images with containerd.
    pub image_id: String,
    /// Bytes, as the engine that got it counts them.
    pub size: u64,
    /// Whether the engine had it before under this name, and it was not sent.
    pub already_there: bool,
    /// The id of the image that lost its name to this one.
    pub untagged: Option<String>,
}

/// A copy that can be submitted as a job.
#[derive(Debug, Clone)]
pub struct CopyJob {
    /// The engine that has the images.
    pub from: Engine,
    /// The engine that gets them.
    pub engine: Engine,
    /// How images are recognised.
    pub rules: Arc<Rules>,
    /// What.
    pub request: CopyRequest,
}

impl CopyJob {
    /// What the monitor needs to know of it. Two copies of the same images between the same engines
    /// are the same work, in whatever order they are named.
    pub fn spec(&self) -> JobSpec {
        let names = list(&self.request.references);
        let mut sorted = self.request.references.clone();
        sorted.sort();
        JobSpec {
            kind: KIND.to_owned(),
            title: format!(
                "Copy {names} from {} to {}",
                self.from.title(),
                self.engine.title()
            ),
            subject: Some(names),
            key: Some(format!(
                "{KIND}:{}:{}:{}",
                self.from.info().id,
                self.engine.info().id,
                sorted.join(",")
            )),
            queue: Some(QUEUE.to_owned()),
            request: serde_json::to_value(&self.request).unwrap_or(Value::Null),
        }
    }

    /// Does it. The result is a [`CopyResult`].
    pub async fn run(self, context: JobContext) -> Result<Value, Failure> {
        flow::run_copy(self, context).await
    }
}
