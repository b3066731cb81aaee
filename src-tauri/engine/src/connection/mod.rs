//! The connection to one engine: two clients over the same address.
//!
//! Queries with a typed answer go through bollard. Uploads go through reqwest, which has no time
//! limit of its own and breaks the connection when the body's stream fails, so that an engine never
//! takes half an archive for a whole one. Answers that bollard's types refuse from Podman go through
//! reqwest too.

mod client;
mod probe;
mod request;
mod tls;

use bollard::Docker;

pub(crate) use probe::{Probed, describe, probe};
pub(crate) use request::UploadFailure;

use crate::{Candidate, EngineError};

/// Both clients of one engine. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    docker: Docker,
    http: reqwest::Client,
    /// Scheme and authority that every request's URL begins with.
    base: String,
}

impl Connection {
    /// Prepares the clients. Nothing is sent.
    pub(crate) fn new(candidate: &Candidate) -> Result<Self, EngineError> {
        let (http, base) = client::uploads(candidate)?;
        Ok(Self {
            docker: client::queries(candidate)?,
            http,
            base,
        })
    }

    /// The client for queries with a typed answer.
    pub(crate) fn docker(&self) -> &Docker {
        &self.docker
    }
}
