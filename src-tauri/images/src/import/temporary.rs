//! Temporary names: what is not checked yet, and what an interrupted import left.

use labwright_engine::{Engine, EngineError, ImageReference};
use labwright_jobs::JobId;
use std::time::Duration;

/// The repository below which all temporary names lie. The host part keeps every engine from
/// completing the name.
const REPOSITORY: &str = "localhost/labwright-import/";
/// An engine that was interrupted may still finish what it had begun: the name is looked for again
/// after each of these waits, before the job ends.
const LOOK_AGAIN: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::from_millis(300),
    Duration::from_millis(400),
    Duration::from_millis(500),
];
/// And in the background, after the job has ended: a busy Podman was seen to need more than ten seconds.
const LOOK_LATER: [Duration; 10] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(4),
    Duration::from_secs(5),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(30),
];

/// The temporary name of a job's `index`-th image.
pub(super) fn name(job: &JobId, index: usize) -> String {
    format!("{REPOSITORY}{job}:incomplete-{index}")
}

/// Removes the temporary names of a job whose engine has answered.
pub(super) async fn remove(engine: &Engine, job: &JobId) -> Result<(), EngineError> {
    let prefix = format!("{REPOSITORY}{job}:");
    remove_matching(engine, |name| name.starts_with(&prefix))
        .await
        .map(drop)
}

/// Removes what an interrupted engine leaves: looks until something was found, or long enough.
///
/// It takes at most about a second and a half. What an engine finishes even later is removed in the
/// background while the program runs, and by the sweep of the next import otherwise.
pub(super) async fn remove_after_interruption(
    engine: &Engine,
    job: &JobId,
) -> Result<(), EngineError> {
    if look(engine, job, &LOOK_AGAIN).await? {
        return Ok(());
    }
    let (engine, job) = (engine.clone(), job.clone());
    tokio::spawn(async move {
        if let Err(error) = look(&engine, &job, &LOOK_LATER).await {
            tracing::debug!(%error, "the engine is gone; the next import sweeps");
        }
    });
    Ok(())
}

async fn look(engine: &Engine, job: &JobId, waits: &[Duration]) -> Result<bool, EngineError> {
    let prefix = format!("{REPOSITORY}{job}:");
    for wait in waits {
        tokio::time::sleep(*wait).await;
        if remove_matching(engine, |name| name.starts_with(&prefix)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes what imports left that were killed: the temporary names of jobs that have `ended`.
///
/// Names of jobs that the caller does not know are left alone: another user of the engine, with a
/// history of their own, may be at work under them.
pub async fn sweep(engine: &Engine, ended: impl Fn(&JobId) -> bool) -> Result<(), EngineError> {
    remove_matching(engine, |name| job_of(name).is_some_and(|job| ended(&job)))
        .await
        .map(drop)
}

/// The job that a temporary name belongs to.
fn job_of(name: &str) -> Option<JobId> {
    let (job, _) = name.strip_prefix(REPOSITORY)?.split_once(':')?;
    Some(JobId(job.to_owned()))
}

async fn remove_matching(
    engine: &Engine,
    matches: impl Fn(&str) -> bool,
) -> Result<bool, EngineError> {
    let mut found = false;
    for image in engine.images().await? {
        for name in image
            .references
            .iter()
            .filter(|name| name.starts_with(REPOSITORY) && matches(name))
        {
            found = true;
            let Ok(reference) = name.parse::<ImageReference>() else {
                continue;
            };
            match engine.untag(&reference).await {
                Ok(()) | Err(EngineError::ImageMissing { .. }) => {
                    tracing::debug!(%name, "removed a temporary name");
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(found)
}
