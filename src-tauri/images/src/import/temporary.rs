//! Temporary names: what is not checked yet, and what an interrupted import left.

use labwright_engine::{Engine, EngineError, ImageReference};
use labwright_jobs::JobId;
use std::time::Duration;

/// The repository below which all temporary names lie. The host part keeps every engine from
/// completing the name.
const REPOSITORY: &str = "localhost/labwright-import/";
/// A cancelled engine may finish what it had begun: the name is looked for again after these waits.
const LOOK_AGAIN: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_millis(700),
];

/// The temporary name of a job's `index`-th image.
pub(super) fn name(job: &JobId, index: usize) -> String {
    format!("{REPOSITORY}{job}:incomplete-{index}")
}

/// Removes what a job left under temporary names. It succeeds if nothing is left.
pub(super) async fn remove(
    engine: &Engine,
    job: &JobId,
    patience: Patience,
) -> Result<(), EngineError> {
    let prefix = format!("{REPOSITORY}{job}:");
    for wait in &LOOK_AGAIN[..patience as usize] {
        tokio::time::sleep(*wait).await;
        remove_matching(engine, |name| name.starts_with(&prefix)).await?;
    }
    Ok(())
}

/// How often to look for what an engine may still finish.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    /// The engine has answered: once.
    Once = 1,
    /// The engine was interrupted.
    WhileItEnds = 3,
}

/// Removes what imports left that were killed: all temporary names but those of `active` jobs.
pub async fn sweep(engine: &Engine, active: &[JobId]) -> Result<(), EngineError> {
    let active: Vec<String> = active
        .iter()
        .map(|job| format!("{REPOSITORY}{job}:"))
        .collect();
    remove_matching(engine, |name| {
        !active.iter().any(|prefix| name.starts_with(prefix))
    })
    .await
}

async fn remove_matching(
    engine: &Engine,
    matches: impl Fn(&str) -> bool,
) -> Result<(), EngineError> {
    for image in engine.images().await? {
        for name in image
            .references
            .iter()
            .filter(|name| name.starts_with(REPOSITORY) && matches(name))
        {
            let Ok(reference) = name.parse::<ImageReference>() else {
                continue;
            };
            match engine.untag(&reference).await {
                Ok(()) | Err(EngineError::ImageMissing { .. }) => {
                    tracing::debug!(%name, "removed a temporary name")
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
