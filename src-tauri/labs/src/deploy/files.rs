//! Files that are put into a node before it starts.

use crate::files::archive;
use crate::kinds::WriteWhen;
use crate::plan::NodePlan;
use labwright_engine::{Engine, EngineError};

/// Puts in what a node needs. What it has already stays, where the kind says so.
pub(super) async fn put(engine: &Engine, node: &NodePlan) -> Result<(), EngineError> {
    let container = &node.container.name;
    let mut wanted = Vec::new();
    for file in &node.files {
        let keeps = match file.when {
            WriteWhen::Always => false,
            WriteWhen::Missing => true,
            WriteWhen::MissingOrEnforced => !node.enforce_files,
        };
        if !keeps || engine.get_files(container, &file.path).await?.is_none() {
            wanted.push((file.path.as_str(), file.mode, file.text.as_str()));
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    engine.put_files(container, "/", archive(wanted)).await
}
