//! A place where an engine may be.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AddressError, EngineAddress};

/// Who named an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Origin {
    /// The user, for this run.
    Explicit,
    /// The variable `DOCKER_HOST`.
    DockerHost,
    /// A context of the Docker command line.
    Context {
        /// The context's name.
        name: String,
        /// True for the one that the Docker command line uses.
        current: bool,
    },
    /// One of the places where engines usually listen.
    WellKnown,
}

impl Origin {
    /// True where the user chose the address: if it does not answer, another engine would be a
    /// surprise and not a help.
    pub fn is_chosen(&self) -> bool {
        match self {
            Self::Explicit | Self::DockerHost => true,
            Self::Context { current, .. } => *current,
            Self::WellKnown => false,
        }
    }
}

/// The files of a TLS client, all PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificates of the authorities that the engine's certificate is checked against.
    pub ca: PathBuf,
    /// The client's certificate.
    pub cert: PathBuf,
    /// The client's private key.
    pub key: PathBuf,
}

impl TlsFiles {
    /// The three files by the names that Docker gives them: `ca.pem`, `cert.pem`, `key.pem`.
    pub fn in_folder(folder: &Path) -> Self {
        let file = |name| folder.join(name);
        Self {
            ca: file("ca.pem"),
            cert: file("cert.pem"),
            key: file("key.pem"),
        }
    }
}

/// A place where an engine may be. Nothing was asked there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What to call it: a context's name, `docker`, `podman`, …
    pub name: String,
    /// Who named it.
    pub origin: Origin,
    /// Where it listens.
    pub address: EngineAddress,
    /// The files to reach it with TLS.
    pub tls: Option<TlsFiles>,
}

impl Candidate {
    /// The candidate for an address that the user gave, called by that address.
    pub fn explicit(address: &str) -> Result<Self, AddressError> {
        let address: EngineAddress = address.parse()?;
        Ok(Self {
            name: address.to_string(),
            origin: Origin::Explicit,
            address,
            tls: None,
        })
    }
}
