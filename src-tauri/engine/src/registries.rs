//! What an engine was told about registries.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{Engine, EngineError, EngineKind, RequestError};

/// What an engine was told about registries, by whoever set it up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistrySettings {
    /// Registries, `host[:port]`, that it talks to without TLS or without checking it.
    pub insecure: Vec<String>,
    /// Where it looks first for what is on Docker Hub, as URLs or `host[:port]`.
    pub mirrors: Vec<String>,
}

#[derive(Deserialize)]
struct DockerInfo {
    #[serde(rename = "RegistryConfig", default)]
    registries: Option<DockerRegistries>,
}

#[derive(Default, Deserialize)]
struct DockerRegistries {
    #[serde(rename = "IndexConfigs", default)]
    indexes: BTreeMap<String, DockerIndex>,
    #[serde(rename = "Mirrors", default)]
    mirrors: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct DockerIndex {
    #[serde(rename = "Secure", default)]
    secure: bool,
}

#[derive(Deserialize)]
struct PodmanInfo {
    #[serde(default)]
    registries: BTreeMap<String, Value>,
}

/// An entry of `registries.conf`; beside them stand lists of names.
#[derive(Deserialize)]
struct PodmanRegistry {
    #[serde(rename = "Location", default)]
    location: String,
    #[serde(rename = "Insecure", default)]
    insecure: bool,
    #[serde(rename = "Mirrors", default)]
    mirrors: Option<Vec<PodmanMirror>>,
}

#[derive(Deserialize)]
struct PodmanMirror {
    #[serde(rename = "Location")]
    location: String,
}

impl Engine {
    /// Asks for them. Podman takes a third of a second.
    pub async fn registries(&self) -> Result<RegistrySettings, EngineError> {
        let asked = match self.info().kind {
            EngineKind::Docker => self.connection().get("/info", &[]).await.map(of_docker),
            EngineKind::Podman => {
                let path = "/v4.0.0/libpod/info";
                self.connection().get(path, &[]).await.map(of_podman)
            }
        };
        asked.map_err(|source: RequestError| {
            let action = || "tell its registries".to_owned();
            EngineError::of_request(self, action, source, |source| EngineError::Registries {
                engine: self.title().to_owned(),
                source,
            })
        })
    }
}

fn of_docker(info: DockerInfo) -> RegistrySettings {
    let DockerRegistries { indexes, mirrors } = info.registries.unwrap_or_default();
    let insecure = indexes.into_iter().filter(|(_, index)| !index.secure);
    RegistrySettings {
        insecure: insecure.map(|(host, _)| host).collect(),
        mirrors: mirrors.unwrap_or_default(),
    }
}

fn of_podman(info: PodmanInfo) -> RegistrySettings {
    let mut settings = RegistrySettings::default();
    let entries = info.registries.into_values();
    for entry in entries.filter_map(|value| serde_json::from_value::<PodmanRegistry>(value).ok()) {
        if entry.location == "docker.io" {
            let mirrors = entry.mirrors.into_iter().flatten();
            settings
                .mirrors
                .extend(mirrors.map(|mirror| mirror.location));
        }
        if entry.insecure {
            settings.insecure.push(entry.location);
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn docker_tells_them_by_index() {
        let info = r#"{"RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8"],
            "IndexConfigs": {"docker.io": {"Secure": true}, "lab.example:5000": {"Secure": false}},
            "Mirrors": ["https://mirror.example/"]}}"#;
        let settings = of_docker(serde_json::from_str(info).unwrap());
        assert_eq!(settings.insecure, ["lab.example:5000"]);
        assert_eq!(settings.mirrors, ["https://mirror.example/"]);
        let nothing = of_docker(serde_json::from_str(r#"{"RegistryConfig": null}"#).unwrap());
        assert_eq!(nothing, RegistrySettings::default());
    }

    #[test]
    fn podman_tells_them_by_entry() {
        let info = r#"{"registries": {"search": ["docker.io"],
            "lab.example:5000": {"Prefix": "lab.example:5000", "Location": "lab.example:5000", "Insecure": true, "Mirrors": null},
            "docker.io": {"Location": "docker.io", "Insecure": false, "Mirrors": [{"Location": "mirror.example"}]}}}"#;
        let settings = of_podman(serde_json::from_str(info).unwrap());
        assert_eq!(settings.insecure, ["lab.example:5000"]);
        assert_eq!(settings.mirrors, ["mirror.example"]);
    }
}
