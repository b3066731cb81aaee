//! An engine that answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit, SetOnce};

use crate::{
    Candidate, DiscoveryInputs, EngineError, EngineInfo, HealthWatch,
    connection::{self, Connection, Probed},
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
    title: String,
    /// What was known when it was connected.
    told: EngineInfo,
    /// All that it says of itself, once it has.
    described: SetOnce<EngineInfo>,
    /// Whether it was asked for that.
    asked: AtomicBool,
    /// One permit: see [`naming`](Engine::naming).
    naming: Semaphore,
}

impl Engine {
    /// Connects and asks the engine to describe itself.
    ///
    /// An engine that accepts the connection and stays silent is reported after five seconds. Later
    /// requests have no time limit. Needs a running tokio runtime.
    ///
    /// An engine over SSH cannot be reached by this: [`connect_through`](Self::connect_through) can.
    pub async fn connect(candidate: &Candidate) -> Result<Self, EngineError> {
        Self::connected(candidate, None).await
    }

    /// The same for an engine anywhere: one over SSH is reached by what dials, `inputs.dial`, through a private socket
    /// in `inputs.runtime_dir`. Silence is reported after half a minute. The socket and all connections last until the
    /// last clone of the engine is dropped, and all streams and watches that came of it.
    pub async fn connect_through(
        candidate: &Candidate,
        inputs: &DiscoveryInputs,
    ) -> Result<Self, EngineError> {
        Self::connected(candidate, Some(inputs)).await
    }

    async fn connected(
        candidate: &Candidate,
        inputs: Option<&DiscoveryInputs>,
    ) -> Result<Self, EngineError> {
        let connection = Connection::new(candidate, inputs)?;
        let Probed { info, whole } = connection::probe(&connection, candidate).await?;
        tracing::debug!(engine = info.name, address = info.address, "connected");
        Ok(Self {
            shared: Arc::new(Shared {
                candidate: candidate.clone(),
                connection,
                title: info.title(),
                described: SetOnce::new_with(whole.then(|| info.clone())),
                asked: AtomicBool::new(whole),
                told: info,
                naming: Semaphore::new(1),
            }),
        })
    }

    /// Asks for the rest, which takes Podman a third of a second.
    async fn describe(self) {
        let Shared {
            candidate,
            connection,
            told,
            described,
            ..
        } = &*self.shared;
        let whole = connection::describe(connection, candidate).await;
        let info = whole.unwrap_or_else(|error| {
            tracing::warn!(engine = told.name, %error, "the engine does not describe itself");
            told.clone()
        });
        let _only_once = described.set(info);
    }

    /// Asks a Podman on this machine for what it did not tell when it was connected, in the background
    /// and once. What has no need of it does without: it takes Podman a third of a second of work.
    pub fn begin_describing(&self) {
        if !self.shared.asked.swap(true, Ordering::Relaxed) {
            tokio::spawn(self.clone().describe());
        }
    }

    /// What is known of the engine. Of a Podman on this machine the architecture is this machine's and
    /// the data root is not known before [`described`](Self::described). Nothing else changes.
    pub fn info(&self) -> &EngineInfo {
        self.shared.described.get().unwrap_or(&self.shared.told)
    }

    /// All that the engine says of itself; waits for it, twenty seconds at most.
    pub async fn described(&self) -> &EngineInfo {
        self.begin_describing();
        self.shared.described.wait().await
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

    /// Engines have no operation that gives a name only if nothing has it. Who holds this is the only
    /// one, of those that share this connection, who looks at names and moves them.
    pub async fn naming(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed: there is always a permit to come.
        self.shared.naming.acquire().await.ok()
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.shared.connection
    }

    /// What to call it in a sentence: a context's name, or `Docker 28.5`.
    pub fn title(&self) -> &str {
        &self.shared.title
    }
}
