//! The handle to a followed engine.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::{
    sync::{broadcast, watch},
    task::JoinHandle,
};
use ts_rs::TS;

use super::{event::EngineEvent, follow::Follower};
use crate::connection::Connection;

/// How many events a slow reader may lie behind before it misses some.
const BACKLOG: usize = 256;

/// Whether the engine is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Health {
    /// It answers.
    Up,
    /// It does not.
    Gone {
        /// Since when, in milliseconds since 1970-01-01 UTC.
        #[ts(type = "number")]
        since: i64,
        /// What the connection said last.
        why: String,
    },
}

impl Health {
    pub(super) fn gone_now(why: String) -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self::Gone {
            since: i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            why,
        }
    }
}

/// Follows one engine until it is dropped.
///
/// That the engine went away is known as soon as its stream of events ends, and that it came back
/// within three seconds; of an engine over SSH, within ten or so. Events that happened in between are not told: after `Up`, list again.
#[derive(Debug)]
pub struct HealthWatch {
    health: watch::Receiver<Health>,
    events: broadcast::Sender<EngineEvent>,
    follower: JoinHandle<()>,
}

impl HealthWatch {
    /// The health now, and a way to wait for it to change. It starts as `Up`, since a watch is made
    /// from an engine that answered.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// The events from now on. A reader that falls far behind is told how many it missed.
    pub fn events(&self) -> broadcast::Receiver<EngineEvent> {
        self.events.subscribe()
    }
}

impl Drop for HealthWatch {
    fn drop(&mut self) {
        self.follower.abort();
    }
}

/// Starts a task that follows the engine.
pub(super) fn start(connection: Connection) -> HealthWatch {
    let (tell, health) = watch::channel(Health::Up);
    let (events, _) = broadcast::channel(BACKLOG);
    let follower = Follower {
        connection,
        health: tell,
        events: events.clone(),
    };
    HealthWatch {
        health,
        events,
        follower: tokio::spawn(follower.run()),
    }
}
