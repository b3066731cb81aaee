//! The connection to one engine: two clients over the same address.
//!
//! Queries with a typed answer go through bollard. Uploads go through reqwest, which has no time
//! limit of its own and breaks the connection when the body's stream fails, so that an engine never
//! takes half an archive for a whole one. Answers that bollard's types refuse from Podman go through
//! reqwest too.

mod client;
mod patience;
mod probe;
mod request;
mod tls;

use std::{io, sync::Arc};

use bollard::Docker;

pub(crate) use patience::Patience;
pub(crate) use probe::{Probed, describe, probe};
pub(crate) use request::UploadFailure;

use crate::{Candidate, DiscoveryInputs, EngineAddress, EngineError, RequestError, tunnel::Tunnel};

/// Both clients of one engine. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    docker: Docker,
    http: reqwest::Client,
    /// Scheme and authority that every request's URL begins with.
    base: String,
    /// What the clients connect to, where the engine is another machine's.
    tunnel: Option<Arc<Tunnel>>,
}

impl Connection {
    /// Prepares the clients. Nothing is sent. An engine of another machine needs somebody who dials.
    pub(crate) fn new(
        candidate: &Candidate,
        inputs: Option<&DiscoveryInputs>,
    ) -> Result<Self, EngineError> {
        let tunnel = open_tunnel(candidate, inputs)?;
        let reached = match &tunnel {
            Some(tunnel) => &Candidate {
                address: EngineAddress::Unix(tunnel.socket().to_owned()),
                ..candidate.clone()
            },
            None => candidate,
        };
        let (http, base) = client::uploads(reached)?;
        Ok(Self {
            docker: client::queries(reached)?,
            http,
            base,
            tunnel: tunnel.map(Arc::new),
        })
    }

    /// The client for queries with a typed answer.
    pub(crate) fn docker(&self) -> &Docker {
        &self.docker
    }

    /// How long this engine is waited for.
    pub(crate) fn patience(&self) -> Patience {
        match &self.tunnel {
            Some(_) => Patience::THROUGH_SSH,
            None => Patience::DIRECT,
        }
    }

    /// Why the way to another machine has just failed, if it has.
    pub(crate) fn way_failed(&self) -> Option<Arc<io::Error>> {
        self.tunnel.as_ref()?.failure()
    }

    /// The end of a stream is only believed while the way to the engine is whole.
    pub(crate) fn checked_end(&self) -> Result<(), RequestError> {
        match self.way_failed() {
            Some(error) => Err(RequestError::broken(error)),
            None => Ok(()),
        }
    }
}

fn open_tunnel(
    candidate: &Candidate,
    inputs: Option<&DiscoveryInputs>,
) -> Result<Option<Tunnel>, EngineError> {
    let dial = inputs.and_then(|inputs| Some((inputs, inputs.dial.clone()?)));
    match (&candidate.address, dial) {
        (EngineAddress::Ssh(address), Some((inputs, dial))) => {
            Tunnel::open(address, dial, inputs.runtime_dir.as_deref()).map(Some)
        }
        (EngineAddress::Ssh(address), None) => Err(EngineError::SshUnavailable {
            address: address.to_string(),
        }),
        _ => Ok(None),
    }
}
