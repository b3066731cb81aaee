//! Files that are put into a node before it starts.

use crate::kinds::{RenderedFile, WriteWhen};
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
            wanted.push(file);
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    engine.put_files(container, "/", archive(&wanted)).await
}

/// Writing to memory cannot fail.
fn archive(files: &[&RenderedFile]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(file.mode);
        header.set_size(file.text.len() as u64);
        let path = file.path.trim_start_matches('/');
        let _written = archive.append_data(&mut header, path, file.text.as_bytes());
    }
    archive.into_inner().unwrap_or_default()
}
