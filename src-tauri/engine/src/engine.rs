//! An engine that answered.

use std::sync::Arc;

use crate::{
    Candidate, EngineError, EngineInfo, HealthWatch,
    connection::{self, Connection},
    free_space, health,
};

/// A connected engine. Clones share one connection.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    candidate: Candidate,
    connection: Connection,
    info: EngineInfo,
}

impl Engine {
    /// Connects and asks the engine to describe itself.
    ///
    /// An engine that accepts the connection and stays silent is reported after five seconds. Later
    /// requests have no time limit.
    pub async fn connect(candidate: &Candidate) -> Result<Self, EngineError> {
        let connection = Connection::new(candidate)?;
        let info = connection::probe(&connection, candidate).await?;
        tracing::debug!(engine = info.name, address = info.address, "connected");
        Ok(Self {
            shared: Arc::new(Shared {
                candidate: candidate.clone(),
                connection,
                info,
            }),
        })
    }

    /// What the engine said of itself when it was connected.
    pub fn info(&self) -> &EngineInfo {
        &self.shared.info
    }

    /// Where it was found.
    pub fn candidate(&self) -> &Candidate {
        &self.shared.candidate
    }

    /// Bytes that are free for its images; none where that cannot be known from here.
    pub fn free_space(&self) -> Option<u64> {
        free_space::free_space(self.info())
    }

    /// Follows the engine's health and events. Needs a running tokio runtime.
    ///
    /// Each call opens a stream of its own, which closes when the watch is dropped.
    pub fn watch(&self) -> HealthWatch {
        health::watch(self.shared.connection.clone())
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.shared.connection
    }

    pub(crate) fn name(&self) -> &str {
        &self.shared.info.name
    }
}
