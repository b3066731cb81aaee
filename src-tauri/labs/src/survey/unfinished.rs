//! Which nodes still lack their commands.

use crate::kinds::Kinds;
use crate::labels::{self, NodeRecord};
use crate::up::{Done, has_commands};
use futures_util::{StreamExt, TryStreamExt, stream};
use labwright_engine::{ContainerStatus, ContainerSummary, Engine, EngineError};
use std::collections::BTreeSet;

/// How many nodes are asked at once.
const AT_ONCE: usize = 4;

/// Those of these nodes that run and were not given their commands since they were started.
pub(super) async fn unfinished(
    engine: &Engine,
    kinds: &Kinds,
    nodes: impl Iterator<Item = (&str, &ContainerSummary)>,
) -> Result<BTreeSet<String>, EngineError> {
    let gets_some = |container: &ContainerSummary| {
        let kind = container.labels.get(labels::KIND);
        let kind = kind.and_then(|kind| kinds.get(kind));
        has_commands(&NodeRecord::of(&container.labels), kind)
    };
    let asked: Vec<_> = nodes
        .filter(|(_, container)| container.status == ContainerStatus::Running)
        .filter(|(_, container)| gets_some(container))
        .map(|(node, container)| lacks(engine, node, &container.name))
        .collect();
    let lacking: Vec<Option<String>> = stream::iter(asked)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(lacking.into_iter().flatten().collect())
}

/// The node, if it lacks its commands. One that went meanwhile lacks nothing.
async fn lacks(
    engine: &Engine,
    node: &str,
    container: &str,
) -> Result<Option<String>, EngineError> {
    let Some(detail) = engine.container(container).await? else {
        return Ok(None);
    };
    let done = Done::of(engine, container).await?;
    Ok((!done.since_start(&detail)).then(|| node.to_owned()))
}
