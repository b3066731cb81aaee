//! Where an engine listens.

mod ssh;

use std::{fmt, path::PathBuf, str::FromStr};

pub use ssh::SshAddress;

/// A text that is no address of an engine that can be reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing but blanks was given.
    #[error("the engine's address is empty")]
    Empty,
    /// A host that SSH cannot be asked for.
    #[error("{address} does not name a host for SSH: {why}")]
    Ssh {
        /// What was given.
        address: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A scheme that no engine uses.
    #[error("{address} has the scheme {scheme}, which no engine uses")]
    Scheme {
        /// What was given.
        address: String,
        /// Its part before `://`.
        scheme: String,
    },
    /// A socket without a path, or a path that is not absolute.
    #[error("{address} does not name a socket by an absolute path")]
    Path {
        /// What was given.
        address: String,
    },
    /// A network address without a host, or with a bad port.
    #[error("{address} does not name a host and a port")]
    Host {
        /// What was given.
        address: String,
    },
}

impl AddressError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "engine_address_empty",
            Self::Ssh { .. } => "engine_address_ssh",
            Self::Scheme { .. } => "engine_address_scheme",
            Self::Path { .. } => "engine_address_path",
            Self::Host { .. } => "engine_address_host",
        }
    }

    /// What to do instead.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Ssh { .. } => {
                "Write ssh://HOST or ssh://USER@HOST:PORT; HOST may be an alias of ~/.ssh/config."
            }
            _ => {
                "Write unix:///var/run/docker.sock, ssh://HOST, tcp://HOST:2375, or the path of a \
                 socket."
            }
        };
        vec![hint.to_owned()]
    }
}

/// Where an engine listens: a socket or pipe of this machine, a host and port, or a host that is reached through SSH.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EngineAddress {
    /// A Unix socket.
    Unix(PathBuf),
    /// A Windows named pipe, in the form `//./pipe/docker_engine`.
    Pipe(String),
    /// A host and port without the scheme: `127.0.0.1:2375`.
    Tcp {
        /// Host and port.
        authority: String,
        /// True where the address itself asks for TLS (`https://`).
        tls: bool,
    },
    /// A host that is reached through SSH.
    Ssh(SshAddress),
}

impl EngineAddress {
    /// True for an engine that is reached without a network.
    ///
    /// It may still run in a virtual machine, as Docker Desktop does.
    pub fn is_on_this_machine(&self) -> bool {
        matches!(self, Self::Unix(_) | Self::Pipe(_))
    }

    /// Equal for two addresses that reach the same socket: `/var/run` is a link to `/run`.
    pub(crate) fn canonical(&self) -> Self {
        match self {
            Self::Unix(path) => match path.strip_prefix("/var/run") {
                Ok(rest) => Self::Unix(PathBuf::from("/run").join(rest)),
                Err(_) => self.clone(),
            },
            _ => self.clone(),
        }
    }
}

impl FromStr for EngineAddress {
    type Err = AddressError;

    /// Reads `unix://`, `npipe://`, `tcp://`, `http://`, `https://`, `ssh://` and the path of a socket.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let address = || text.to_owned();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        match text.split_once("://") {
            None => socket(text, text),
            Some(("unix", path)) => socket(text, path),
            Some(("npipe", path)) => pipe(text, path),
            Some(("tcp" | "http", rest)) => network(text, rest, false),
            Some(("https", rest)) => network(text, rest, true),
            Some(("ssh", rest)) => SshAddress::read(rest).map(EngineAddress::Ssh),
            Some((scheme, _)) => Err(AddressError::Scheme {
                address: address(),
                scheme: scheme.to_owned(),
            }),
        }
    }
}

fn socket(text: &str, path: &str) -> Result<EngineAddress, AddressError> {
    if path.starts_with(r"\\.\pipe\") || path.starts_with("//./pipe/") {
        return pipe(text, path);
    }
    if !path.starts_with('/') || path.ends_with('/') {
        return Err(AddressError::Path {
            address: text.to_owned(),
        });
    }
    Ok(EngineAddress::Unix(path.into()))
}

fn pipe(text: &str, path: &str) -> Result<EngineAddress, AddressError> {
    let path = path.replace('\\', "/");
    match path.strip_prefix("//./pipe/") {
        Some(name) if !name.is_empty() => Ok(EngineAddress::Pipe(path)),
        _ => Err(AddressError::Path {
            address: text.to_owned(),
        }),
    }
}

fn network(text: &str, rest: &str, tls: bool) -> Result<EngineAddress, AddressError> {
    let refused = || AddressError::Host {
        address: text.to_owned(),
    };
    let url = url::Url::parse(&format!("http://{rest}")).map_err(|_| refused())?;
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(refused)?;
    let plain =
        matches!(url.path(), "" | "/") && url.query().is_none() && url.username().is_empty();
    if !plain {
        return Err(refused());
    }
    // Docker's own ports, for an address without one.
    let port = explicit_port(rest).unwrap_or(if tls { 2376 } else { 2375 });
    Ok(EngineAddress::Tcp {
        authority: format!("{host}:{port}"),
        tls,
    })
}

/// The URL parser drops a port 80 as the scheme's own, but here it was meant.
fn explicit_port(rest: &str) -> Option<u16> {
    let (_, port) = rest.trim_end_matches('/').rsplit_once(':')?;
    port.parse().ok()
}

impl fmt::Display for EngineAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Pipe(path) => write!(f, "npipe://{path}"),
            Self::Tcp {
                authority,
                tls: false,
            } => write!(f, "tcp://{authority}"),
            Self::Tcp {
                authority,
                tls: true,
            } => write!(f, "https://{authority}"),
            Self::Ssh(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
