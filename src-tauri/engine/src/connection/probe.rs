//! Asking an address whether an engine is there, and which.

use std::{env::consts::ARCH, io, time::Duration};

use reqwest::Method;
use serde::Deserialize;
use tokio::time::timeout;

use super::Connection;
use crate::{
    Candidate, EngineError, EngineInfo, EngineKind, RequestError, Store,
    info::platform_architecture,
};

/// What the headers of a ping's answer tell.
struct Ping {
    kind: EngineKind,
    api_version: String,
    /// What Podman's headers tell of it, and what is true of a program on this machine.
    podman: Option<SystemInfo>,
}

#[derive(Clone, Deserialize)]
struct SystemInfo {
    #[serde(rename = "ID", default)]
    id: String,
    #[serde(rename = "ServerVersion", default)]
    version: String,
    #[serde(rename = "DriverStatus", default)]
    driver_status: Option<Vec<Vec<String>>>,
    #[serde(rename = "Architecture", default)]
    architecture: String,
    #[serde(rename = "OSType", default)]
    os: String,
    #[serde(rename = "DockerRootDir", default)]
    data_root: String,
}

/// What an engine told of itself.
pub(crate) struct Probed {
    /// What is known.
    pub(crate) info: EngineInfo,
    /// Whether that is all, so that [`describe`] would add nothing.
    pub(crate) whole: bool,
}

/// Asks the engine at the candidate's address what it is.
///
/// Podman collects all it knows of its system anew for `/info`, and again for `/version`, which takes
/// it 0.35 and 0.55 s (4.3, measured): programs, packages, mounts. Of one on this machine a ping's
/// headers tell all that is needed at once.
pub(crate) async fn probe(
    connection: &Connection,
    candidate: &Candidate,
) -> Result<Probed, EngineError> {
    let ping = greet(connection, candidate).await?;
    let (info, whole) = match ping.podman.clone().filter(|_| is_here(candidate)) {
        Some(system) => (described(candidate, ping, system), false),
        None => (ask(connection, candidate, ping).await?, true),
    };
    Ok(Probed { info, whole })
}

/// Asks the engine all that it knows of itself.
pub(crate) async fn describe(
    connection: &Connection,
    candidate: &Candidate,
) -> Result<EngineInfo, EngineError> {
    let ping = greet(connection, candidate).await?;
    ask(connection, candidate, ping).await
}

async fn greet(connection: &Connection, candidate: &Candidate) -> Result<Ping, EngineError> {
    let limit = connection.patience().ping;
    within(limit, connection, candidate, ping(connection)).await
}

async fn ask(
    connection: &Connection,
    candidate: &Candidate,
    ping: Ping,
) -> Result<EngineInfo, EngineError> {
    let describe = connection.get::<SystemInfo>("/info", &[]);
    let limit = connection.patience().describe;
    let system = within(limit, connection, candidate, describe).await?;
    Ok(described(candidate, ping, system))
}

/// Whether an engine at this address has this machine's processor, as far as can be told.
fn is_here(candidate: &Candidate) -> bool {
    cfg!(target_os = "linux") && candidate.address.is_on_this_machine()
}

async fn within<T>(
    limit: Duration,
    connection: &Connection,
    candidate: &Candidate,
    request: impl Future<Output = Result<T, RequestError>>,
) -> Result<T, EngineError> {
    let address = candidate.address.to_string();
    match timeout(limit, request).await {
        Ok(answer) => answer.map_err(|error| match connection.way_failed() {
            Some(source) => EngineError::ssh(address, "say what it is", source),
            None => unreachable_because(address, error),
        }),
        Err(_) => Err(EngineError::NoAnswer {
            address,
            seconds: limit.as_secs(),
        }),
    }
}

async fn ping(connection: &Connection) -> Result<Ping, RequestError> {
    let answer = connection.send(Method::GET, "/_ping", &[]).await?;
    let headers = answer.headers();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(api_version) = header("api-version") else {
        return Err(RequestError::Answered {
            status: answer.status().as_u16(),
            message: "it answers a ping, but not as an engine does".to_owned(),
        });
    };
    let kind = if headers.contains_key("libpod-api-version") {
        EngineKind::Podman
    } else {
        EngineKind::Docker
    };
    Ok(Ping {
        kind,
        api_version: api_version.to_owned(),
        podman: header("server").and_then(podman_of),
    })
}

/// Podman names itself as `Libpod/4.3.1 (linux)`.
fn podman_of(server: &str) -> Option<SystemInfo> {
    let (version, system) = server.strip_prefix("Libpod/")?.split_once(' ')?;
    let os = system.strip_prefix('(')?.strip_suffix(')')?;
    Some(SystemInfo {
        id: String::new(),
        version: version.to_owned(),
        driver_status: None,
        architecture: ARCH.to_owned(),
        os: os.to_owned(),
        data_root: String::new(),
    })
}

/// Sorts the failures of a first request by what the user can do about them.
fn unreachable_because(address: String, source: RequestError) -> EngineError {
    let connecting = match &source {
        RequestError::Broken { source } => source
            .downcast_ref::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_connect),
        _ => false,
    };
    match source.io_kind() {
        Some(io::ErrorKind::NotFound) => EngineError::SocketMissing { address },
        Some(io::ErrorKind::PermissionDenied) => EngineError::PermissionDenied { address, source },
        Some(io::ErrorKind::ConnectionRefused) => {
            EngineError::ConnectionRefused { address, source }
        }
        _ if connecting => EngineError::Unreachable { address, source },
        _ => EngineError::NotAnEngine { address, source },
    }
}

fn described(candidate: &Candidate, ping: Ping, system: SystemInfo) -> EngineInfo {
    let Ping {
        kind, api_version, ..
    } = ping;
    let address = candidate.address.to_string();
    EngineInfo {
        id: match kind {
            EngineKind::Docker => system.id.clone(),
            // Podman makes up a new id at every question.
            EngineKind::Podman => format!("podman@{address}"),
        },
        name: candidate.name.clone(),
        address,
        kind,
        api_version,
        store: store(kind, &system),
        version: system.version,
        architecture: platform_architecture(&system.architecture),
        os: system.os,
        data_root: Some(system.data_root)
            .filter(|root| !root.is_empty())
            .map(Into::into),
        local: candidate.address.is_on_this_machine(),
    }
}

/// Docker tells its containerd store by the type of the driver:
/// <https://docs.docker.com/engine/storage/containerd/>.
fn store(kind: EngineKind, system: &SystemInfo) -> Store {
    let containerd = |pair: &Vec<String>| {
        matches!(pair.as_slice(), [name, value]
            if name == "driver-type" && value.starts_with("io.containerd.snapshotter"))
    };
    match kind {
        EngineKind::Podman => Store::Podman,
        EngineKind::Docker if system.driver_status.iter().flatten().any(containerd) => {
            Store::Containerd
        }
        EngineKind::Docker => Store::Classic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_sorted_by_what_can_be_done() {
        for (kind, code) in [
            (io::ErrorKind::NotFound, "engine_socket_missing"),
            (io::ErrorKind::PermissionDenied, "engine_permission_denied"),
            (
                io::ErrorKind::ConnectionRefused,
                "engine_connection_refused",
            ),
            (io::ErrorKind::InvalidData, "engine_not_an_engine"),
        ] {
            let source = RequestError::broken(io::Error::from(kind));
            let error = unreachable_because("unix:///run/docker.sock".to_owned(), source);
            assert_eq!(error.code(), code, "{error:?}");
            assert!(!error.hints().is_empty(), "{error:?}");
        }
    }

    #[test]
    fn podman_names_itself_in_a_header() {
        let told = podman_of("Libpod/5.4.2 (linux)").map(|told| (told.version, told.os));
        assert_eq!(told, Some(("5.4.2".to_owned(), "linux".to_owned())));
        for other in [
            "Docker/28.5.2 (linux)",
            "Libpod/5.4.2",
            "Libpod/5.4.2 linux",
        ] {
            assert!(podman_of(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_store_is_told_by_its_driver() {
        let system = |status: &str| {
            let text = format!("{{\"DriverStatus\": {status}}}");
            serde_json::from_str::<SystemInfo>(&text).ok()
        };
        for (status, expected) in [
            (
                r#"[["driver-type", "io.containerd.snapshotter.v1"]]"#,
                Store::Containerd,
            ),
            (r#"[["Backing Filesystem", "extfs"]]"#, Store::Classic),
            ("null", Store::Classic),
        ] {
            let found = system(status).map(|system| store(EngineKind::Docker, &system));
            assert_eq!(found, Some(expected), "{status}");
        }
    }
}
