//! What is asked for, and what comes of it.

use super::flow;
use super::packing::Packing;
use crate::source::list;
use labwright_engine::Engine;
use labwright_jobs::{Failure, JobContext, JobSpec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::io::Write;
use std::path::Path;

/// The kind of job that a save is, in events and in the history.
const KIND: &str = "save";
/// The queue that saves wait in: one disk is not made faster by two.
const QUEUE: &str = "saves";

/// One save, as the user asked for it. It is kept in the history for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveRequest {
    /// The images' names.
    pub references: Vec<String>,
    /// The file's absolute path; none if the archive goes into a stream, which cannot be done again.
    pub file: Option<String>,
    /// Whether a file that exists is replaced.
    pub replace: bool,
    /// The engine's address.
    pub engine: String,
}

/// What a save achieved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveResult {
    /// The images' names.
    pub references: Vec<String>,
    /// The engine's ids of the images, in the same order.
    pub image_ids: Vec<String>,
    /// The file's absolute path; none for a stream.
    pub file: Option<String>,
    /// How it is compressed.
    pub packing: Packing,
    /// Bytes that were written.
    pub size: u64,
    /// Bytes of the archive before it was compressed.
    pub archive_size: u64,
    /// SHA-256 of what was written, in hexadecimal.
    pub sha256: String,
    /// What the engine is called.
    pub engine: String,
    /// The engine's own id.
    pub engine_id: String,
}

/// Where the archive goes.
pub enum SaveTarget {
    /// Into the file that the request names.
    File,
    /// Into a stream, as the engine sends it. What was written when it fails cannot be taken back.
    Stream(Box<dyn Write + Send>),
}

impl fmt::Debug for SaveTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "File",
            Self::Stream(_) => "Stream",
        })
    }
}

/// A save that can be submitted as a job.
#[derive(Debug)]
pub struct SaveJob {
    /// The engine that has the images.
    pub engine: Engine,
    /// Where to.
    pub target: SaveTarget,
    /// What.
    pub request: SaveRequest,
}

impl SaveJob {
    /// What the monitor needs to know of it. The same images into the same file are the same work;
    /// a stream is always its own.
    pub fn spec(&self) -> JobSpec {
        let request = &self.request;
        let names = list(&request.references);
        let into = request.file.as_deref().map_or("a stream", file_name);
        let key = request.file.as_ref().map(|file| {
            let (engine, names) = (&self.engine.info().id, request.references.join(","));
            format!("{KIND}:{engine}:{names}:{file}")
        });
        JobSpec {
            kind: KIND.to_owned(),
            title: format!("Save {names} from {} to {into}", self.engine.title()),
            subject: Some(names),
            key,
            queue: Some(QUEUE.to_owned()),
            request: serde_json::to_value(request).unwrap_or(Value::Null),
        }
    }

    /// Does it. The result is a [`SaveResult`].
    pub async fn run(self, context: JobContext) -> Result<Value, Failure> {
        flow::run(self, context).await
    }
}

fn file_name(path: &str) -> &str {
    let name = Path::new(path).file_name().and_then(|name| name.to_str());
    name.unwrap_or(path)
}
