//! Whether an image is there, on its way, or missing.

use super::request::KIND as PULL;
use crate::library::LibraryImage;
use labwright_engine::{EngineKind, same_reference};
use labwright_jobs::JobState;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a reference stands on an engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Presence {
    /// The engine has it.
    Present {
        /// The engine's id of the image.
        id: String,
    },
    /// A job brings it, whether an older image has the name meanwhile or not.
    Pulling {
        /// The job.
        job: String,
    },
    /// The engine does not have it, and nothing brings it.
    Missing,
}

/// How a reference stands, by the engine's images and the jobs that have not ended.
pub fn presence(
    reference: &str,
    kind: EngineKind,
    images: &[LibraryImage],
    jobs: &[JobState],
) -> Presence {
    let names_it = |name: &str| same_reference(kind, name, reference);
    let brings = |job: &&JobState| {
        job.kind == PULL && job.outcome.is_none() && job.subject.as_deref().is_some_and(names_it)
    };
    if let Some(job) = jobs.iter().find(brings) {
        return Presence::Pulling {
            job: job.id.to_string(),
        };
    }
    let has_name = |image: &&LibraryImage| image.references.iter().any(|name| names_it(name));
    match images.iter().find(has_name) {
        Some(image) => Presence::Present {
            id: image.id.clone(),
        },
        None => Presence::Missing,
    }
}
