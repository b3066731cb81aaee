//! From what the shells know of the system to the places to ask, in order of precedence.

use std::{path::PathBuf, sync::Arc};

use super::{
    candidate::{Candidate, Origin, TlsFiles},
    contexts::DockerContext,
    well_known,
};
use crate::{AddressError, Dial, EngineAddress};

/// The systems that differ in where engines listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Linux and other Unixes.
    Linux,
    /// macOS.
    Mac,
    /// Windows.
    Windows,
}

impl Default for Platform {
    /// The system that this program was built for.
    fn default() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Mac
        } else {
            Self::Linux
        }
    }
}

/// What the shells know of the system. Empty values are as good as none.
#[derive(Clone, Debug, Default)]
pub struct DiscoveryInputs {
    /// The engine that the user asked for: an address, or the name of a candidate.
    pub explicit: Option<String>,
    /// `DOCKER_HOST`.
    pub docker_host: Option<String>,
    /// `DOCKER_TLS_VERIFY` is set and not empty.
    pub docker_tls_verify: bool,
    /// `DOCKER_CERT_PATH`; without it, TLS files are looked for in `~/.docker`.
    pub docker_cert_path: Option<PathBuf>,
    /// The contexts of the Docker command line: [`docker_contexts`](super::docker_contexts).
    pub contexts: Vec<DockerContext>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`; `~/.config` without it.
    pub config_home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`; usually `/run/user/UID`.
    pub runtime_dir: Option<PathBuf>,
    /// The system to look on.
    pub platform: Platform,
    /// Who opens streams to engines over SSH. Without it they cannot be reached.
    pub dial: Option<Arc<dyn Dial>>,
}

impl DiscoveryInputs {
    pub(super) fn config_dir(&self) -> Option<PathBuf> {
        let home = || self.home.as_ref().map(|home| home.join(".config"));
        self.config_home.clone().or_else(home)
    }

    /// What the user asked for, if it is an address and not a name.
    pub(super) fn explicit_address(&self) -> Option<&str> {
        let given = filled(self.explicit.as_deref())?;
        let named = !given.contains("://") && !given.contains(['/', '\\']);
        (!named).then_some(given)
    }

    /// The socket where Labwright starts its own Podman, and where it is looked for:
    /// [`start_podman`](crate::start_podman).
    pub fn own_podman_socket(&self) -> Option<PathBuf> {
        self.runtime_dir
            .as_ref()
            .map(|folder| folder.join(OWN_PODMAN))
    }

    /// The files for an address from the command line or `DOCKER_HOST`.
    fn docker_tls(&self, text: &str) -> Option<TlsFiles> {
        let wanted = self.docker_tls_verify || text.trim().starts_with("https://");
        let home = || self.home.as_ref().map(|home| home.join(".docker"));
        let folder = self
            .docker_cert_path
            .clone()
            .or_else(home)
            .filter(|_| wanted)?;
        Some(TlsFiles::in_folder(&folder))
    }
}

/// Below the folder for sockets of this user.
pub(super) const OWN_PODMAN: &str = "labwright/podman.sock";

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// An address that somebody wrote down and that cannot be used.
#[derive(Clone, Debug)]
pub struct RefusedAddress {
    /// What the candidate would have been called.
    pub name: String,
    /// Who named the address.
    pub origin: Origin,
    /// What is wrong with it.
    pub error: AddressError,
}

/// Every place to ask, the same address once, in order of precedence: the explicit address,
/// `DOCKER_HOST`, the current context, the usual sockets, the other contexts.
///
/// Addresses that cannot be used are in [`refused_addresses`].
pub fn candidates(inputs: &DiscoveryInputs) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for candidate in all(inputs).into_iter().filter_map(Result::ok) {
        let address = candidate.address.canonical();
        if !found
            .iter()
            .any(|earlier| earlier.address.canonical() == address)
        {
            found.push(candidate);
        }
    }
    found
}

/// The addresses that were given and cannot be used, one with a scheme that no engine uses for one.
pub fn refused_addresses(inputs: &DiscoveryInputs) -> Vec<RefusedAddress> {
    all(inputs).into_iter().filter_map(Result::err).collect()
}

/// All names under which an address was given, also those that [`candidates`] leaves out.
pub(super) fn all_names(inputs: &DiscoveryInputs) -> Vec<(String, EngineAddress)> {
    let named = all(inputs).into_iter().filter_map(Result::ok);
    named
        .map(|candidate| (candidate.name, candidate.address.canonical()))
        .collect()
}

fn all(inputs: &DiscoveryInputs) -> Vec<Result<Candidate, RefusedAddress>> {
    let explicit = inputs
        .explicit_address()
        .map(|text| given(text, text, Origin::Explicit, inputs.docker_tls(text)));
    let docker_host = filled(inputs.docker_host.as_deref()).map(|text| {
        given(
            "DOCKER_HOST",
            text,
            Origin::DockerHost,
            inputs.docker_tls(text),
        )
    });
    // As for the Docker command line: DOCKER_HOST outweighs the current context.
    let chosen = |context: &DockerContext| context.current && docker_host.is_none();
    let contexts = |current| {
        let some = inputs
            .contexts
            .iter()
            .filter(move |context| chosen(context) == current);
        some.map(move |named| context(named, current))
            .collect::<Vec<_>>()
    };
    let (current, others) = (contexts(true), contexts(false));
    let well_known = well_known::places(inputs).map(|(name, address)| {
        Ok(Candidate {
            name,
            origin: Origin::WellKnown,
            address,
            tls: None,
        })
    });
    explicit
        .into_iter()
        .chain(docker_host)
        .chain(current)
        .chain(well_known)
        .chain(others)
        .collect()
}

fn context(context: &DockerContext, current: bool) -> Result<Candidate, RefusedAddress> {
    let origin = Origin::Context {
        name: context.name.clone(),
        current,
    };
    let tls = context.tls_dir.as_deref().map(TlsFiles::in_folder);
    given(&context.name, &context.host, origin, tls)
}

fn given(
    name: &str,
    text: &str,
    origin: Origin,
    tls: Option<TlsFiles>,
) -> Result<Candidate, RefusedAddress> {
    let name = name.to_owned();
    match text.parse() {
        // TLS is for what stands open in a network, whatever else is configured.
        Ok(address @ (EngineAddress::Unix(_) | EngineAddress::Pipe(_) | EngineAddress::Ssh(_))) => {
            Ok(Candidate {
                name,
                origin,
                address,
                tls: None,
            })
        }
        Ok(address) => Ok(Candidate {
            name,
            origin,
            address,
            tls,
        }),
        Err(error) => Err(RefusedAddress {
            name,
            origin,
            error,
        }),
    }
}

#[cfg(test)]
mod tests;
