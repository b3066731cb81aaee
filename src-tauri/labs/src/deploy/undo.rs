//! Taking back what a deployment made.

use crate::labels;
use crate::plan::Undo;
use crate::running::is_unused;
use labwright_engine::{Engine, EngineError};
use labwright_jobs::{ErrorReport, Step, Unit};

/// Takes everything back, the latest first. Goes on over errors, and says them; returns how many parts stay. `step` has
/// begun.
pub(super) async fn undo(engine: &Engine, made: Vec<Undo>, step: &Step) -> usize {
    let mut failed = 0;
    let total = made.len() as u64;
    for (number, undo) in made.into_iter().rev().enumerate() {
        if let Err(error) = one(engine, &undo).await {
            failed += 1;
            step.log(ErrorReport::of("undo", &error).in_one_line());
        }
        step.progress(number as u64 + 1, Some(total), Unit::Items);
    }
    if failed == 0 {
        step.succeed();
    } else {
        step.fail(format!("{failed} parts could not be removed"));
    }
    failed
}

async fn one(engine: &Engine, undo: &Undo) -> Result<(), EngineError> {
    match undo {
        Undo::RemoveContainer(name) => engine.remove_container(name).await,
        Undo::RemoveVolume(name) => engine.remove_volume(name).await,
        Undo::RemoveNetwork { name, lab } => {
            // Another lab may have been quicker to make it, or use it by now.
            let there = engine.network(name).await?;
            let made_by = there.and_then(|network| network.labels.get(labels::NETWORK).cloned());
            if made_by == *lab && is_unused(engine, name).await? {
                return engine.remove_network(name).await;
            }
            Ok(())
        }
    }
}
