//! What a node has printed, and prints.

use super::ConsoleError;
use crate::running::{RunningLab, RunningNode};
use labwright_engine::{Engine, LogSettings, OutputStream};

/// The log of a node, whether it runs or not. Followed, it ends when the node does.
pub async fn logs(
    engine: &Engine,
    lab: &RunningLab,
    node: &RunningNode,
    settings: LogSettings,
) -> Result<OutputStream, ConsoleError> {
    let logs = engine.logs(&node.container, settings).await;
    logs.map_err(|source| ConsoleError::Engine {
        lab: lab.name.clone(),
        node: node.name.clone(),
        source,
    })
}
