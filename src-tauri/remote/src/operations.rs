//! What the shells ask for: a host tested, its key accepted, a node's log fetched.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use labwright_jobs::JobId;

use crate::host::{HostFacts, HostKey, probe};
use crate::install::{InstallError, InstallRequest, NodeStanding, examine};
use crate::runner;
use crate::ssh::{
    Connection, Resolved, SshError, Target, Transport, Unknown, accept, ask_for_key, resolve,
};

/// A host that can be asked.
#[derive(Clone, Debug)]
pub struct Access {
    /// What starts ssh.
    pub transport: Arc<dyn Transport>,
    /// What people call it.
    pub host: String,
    /// How ssh reaches it.
    pub target: Target,
    /// The user's home here, for `~` in ssh's configuration.
    pub home: Option<PathBuf>,
    /// A folder of this user's for what lives for seconds.
    pub scratch: PathBuf,
}

/// What a test found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// For a question and its answer.
    pub round_trip: Duration,
    /// What the host has.
    pub facts: HostFacts,
}

impl Access {
    /// Where ssh would go. Nothing is connected.
    pub async fn resolve(&self) -> Result<Resolved, SshError> {
        let home = self.home.as_deref();
        resolve(self.transport.as_ref(), &self.host, &self.target, home).await
    }

    /// Logs in and looks at what the host has.
    pub async fn test(&self) -> Result<Tested, SshError> {
        let connection = self.connect().await?;
        let facts = probe(&connection).await?;
        Ok(Tested {
            round_trip: connection.round_trip(),
            facts,
        })
    }

    /// Logs in.
    pub async fn connect(&self) -> Result<Connection, SshError> {
        Connection::open(self.transport.clone(), &self.host, self.target.clone()).await
    }

    /// The key that the host shows, and that ssh does not know.
    pub async fn unknown_key(&self) -> Result<HostKey, SshError> {
        self.meet().await.map(|unknown| unknown.key)
    }

    /// Adds the host's key to the user's known hosts, if it is the one that the user saw. What it shows now counts: a
    /// key that changed since is not accepted.
    pub async fn accept_key(&self, fingerprint: &str) -> Result<(), SshError> {
        let unknown = self.meet().await?;
        if unknown.key.fingerprint != fingerprint {
            return Err(SshError::KeyChanged {
                host: self.host.clone(),
                said: format!(
                    "it shows {} now, and you were shown {fingerprint}",
                    unknown.key.fingerprint
                ),
            });
        }
        let resolved = self.resolve().await?;
        let file = resolved
            .known_hosts
            .ok_or_else(|| SshError::Configuration {
                host: self.host.clone(),
                said: "UserKnownHostsFile names no file in which the key could be kept".to_owned(),
            })?;
        let adding = tokio::task::spawn_blocking(move || accept(&unknown, &file));
        adding.await.unwrap_or(Ok(()))
    }

    async fn meet(&self) -> Result<Unknown, SshError> {
        let scratch: &Path = &self.scratch;
        ask_for_key(self.transport.as_ref(), &self.host, &self.target, scratch).await
    }

    /// Looks at what stands where the request's nodes would go. Nothing there is changed.
    pub async fn examine(
        &self,
        request: &InstallRequest,
    ) -> Result<Vec<NodeStanding>, InstallError> {
        let connection = self.connect().await?;
        examine(&connection, request).await
    }

    /// The last of what one node's programs printed on the host. None if it is not a node that the host saw to.
    pub async fn node_log(
        &self,
        job: &JobId,
        request: &InstallRequest,
        node: &str,
    ) -> Result<Option<String>, SshError> {
        let Some(number) = request.far_number(node) else {
            return Ok(None);
        };
        let connection = self.connect().await?;
        let log = runner::node_log(&connection, job, number).await?;
        Ok(Some(log))
    }
}
