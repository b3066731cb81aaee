//! Whether an engine is there, and what happens in it, from its own stream of events.

mod event;
mod follow;
mod watch;

pub use event::EngineEvent;
pub use watch::{Health, HealthWatch};

use crate::connection::Connection;

/// Starts to follow the engine.
pub(crate) fn watch(connection: Connection) -> HealthWatch {
    watch::start(connection)
}
