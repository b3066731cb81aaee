//! Making the two clients for an address.

use std::{io, path::Path};

use bollard::{API_DEFAULT_VERSION, Docker};

use super::tls;
use crate::{Candidate, EngineAddress, EngineError, RequestError};

/// bollard wants a number of seconds until the answer's headers: no action of ours has a limit.
const NO_LIMIT: u64 = u64::MAX;

/// The client for typed queries.
pub(super) fn queries(candidate: &Candidate) -> Result<Docker, EngineError> {
    let address = candidate.address.to_string();
    let made = match (&candidate.address, &candidate.tls) {
        #[cfg(unix)]
        (EngineAddress::Unix(path), _) => {
            let path = path.to_string_lossy();
            Docker::connect_with_unix(&path, NO_LIMIT, API_DEFAULT_VERSION)
        }
        #[cfg(windows)]
        (EngineAddress::Pipe(path), _) => {
            Docker::connect_with_named_pipe(path, NO_LIMIT, API_DEFAULT_VERSION)
        }
        (EngineAddress::Tcp { authority, .. }, Some(files)) => {
            tls::install_provider();
            let (key, cert, ca) = (&files.key, &files.cert, &files.ca);
            Docker::connect_with_ssl(authority, key, cert, ca, NO_LIMIT, API_DEFAULT_VERSION)
        }
        (EngineAddress::Tcp { tls: true, .. }, None) => {
            return Err(EngineError::TlsFilesUnknown { address });
        }
        (EngineAddress::Tcp { authority, .. }, None) => {
            Docker::connect_with_http(authority, NO_LIMIT, API_DEFAULT_VERSION)
        }
        (EngineAddress::Ssh(_), _) => return Err(EngineError::SshUnavailable { address }),
        #[cfg(not(unix))]
        (EngineAddress::Unix(_), _) => return Err(EngineError::SocketMissing { address }),
        #[cfg(not(windows))]
        (EngineAddress::Pipe(_), _) => return Err(EngineError::SocketMissing { address }),
    };
    made.map_err(|error| match error {
        bollard::errors::Error::SocketNotFoundError(path) => no_socket(address, path.as_ref()),
        error => EngineError::Client {
            address,
            source: error.into(),
        },
    })
}

/// A socket in a folder that we may not enter is there for others.
fn no_socket(address: String, path: &Path) -> EngineError {
    match path.try_exists() {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            let source = RequestError::broken(error);
            EngineError::PermissionDenied { address, source }
        }
        _ => EngineError::SocketMissing { address },
    }
}

/// The client for uploads, and what its URLs begin with.
pub(super) fn uploads(candidate: &Candidate) -> Result<(reqwest::Client, String), EngineError> {
    tls::install_provider();
    // No pool: a connection that outlived its engine would fail the next request.
    let builder = reqwest::Client::builder()
        .no_proxy()
        .http1_only()
        .pool_max_idle_per_host(0);
    let builder = match &candidate.tls {
        Some(files) => tls::with_files(builder, candidate, files)?,
        // The system's authorities are not loaded for nothing: a minimal system has none, which
        // would be an error.
        None => builder.tls_certs_only([]),
    };
    let (builder, authority) = match &candidate.address {
        #[cfg(unix)]
        EngineAddress::Unix(path) => (builder.unix_socket(path.as_path()), "localhost"),
        #[cfg(windows)]
        EngineAddress::Pipe(path) => (
            builder.windows_named_pipe(path.replace('/', "\\")),
            "localhost",
        ),
        EngineAddress::Tcp { authority, .. } => (builder, authority.as_str()),
        EngineAddress::Ssh(address) => {
            let address = address.to_string();
            return Err(EngineError::SshUnavailable { address });
        }
        #[cfg(any(not(unix), not(windows)))]
        _ => {
            return Err(EngineError::SocketMissing {
                address: candidate.address.to_string(),
            });
        }
    };
    let scheme = if candidate.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let client = builder.build().map_err(|source| EngineError::Client {
        address: candidate.address.to_string(),
        source: RequestError::from(source),
    })?;
    Ok((client, format!("{scheme}://{authority}")))
}
