//! What an engine says of itself.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which program answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum EngineKind {
    /// Docker, and what is built from it.
    Docker,
    /// Podman, through its socket.
    Podman,
}

/// How the engine keeps images. It decides what form of an archive is cheapest to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Store {
    /// Docker's own graph drivers. An image's id is the digest of its configuration.
    Classic,
    /// Docker with containerd's image store. An image's id is the digest of its manifest.
    Containerd,
    /// containers/storage.
    Podman,
}

/// An engine that answered, as it was when it was connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct EngineInfo {
    /// The same for the same engine over restarts. Not for showing.
    pub id: String,
    /// What the engine is called here: a context's name, `docker`, `podman`, or its address.
    pub name: String,
    /// Its address, as it can be given to `--engine`.
    pub address: String,
    /// Docker or Podman.
    pub kind: EngineKind,
    /// The program's version, `28.5.2`.
    pub version: String,
    /// The newest version of Docker's API that it speaks, `1.51`.
    pub api_version: String,
    /// How it keeps images.
    pub store: Store,
    /// Its processor's architecture in the words of image platforms: `amd64`, `arm64`.
    pub architecture: String,
    /// Its operating system in the words of image platforms: `linux`.
    pub os: String,
    /// Where it keeps its data, as it sees the path. It may lie in a virtual machine or a chroot.
    pub data_root: Option<PathBuf>,
    /// True where the engine is reached without a network.
    pub local: bool,
}

impl EngineInfo {
    /// What to call it in a sentence: the name that somebody gave it, or `Docker 28.5`.
    pub(crate) fn title(&self) -> String {
        let program = match self.kind {
            EngineKind::Docker => "Docker",
            EngineKind::Podman => "Podman",
        };
        let has_own_name = self.name != self.address && !self.name.eq_ignore_ascii_case(program);
        if has_own_name {
            return self.name.clone();
        }
        let version: Vec<&str> = self.version.split('.').take(2).collect();
        format!("{program} {}", version.join("."))
            .trim_end()
            .to_owned()
    }
}

/// The name that image platforms use for an architecture, from what engines and kernels say.
pub fn platform_architecture(reported: &str) -> String {
    const SAME: &[(&str, &str)] = &[
        ("x86_64", "amd64"),
        ("x86-64", "amd64"),
        ("aarch64", "arm64"),
        ("armv7l", "arm"),
        ("armv6l", "arm"),
        ("i686", "386"),
        ("i386", "386"),
    ];
    let known = SAME.iter().find(|(from, _)| *from == reported);
    known.map_or(reported, |(_, to)| to).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_called_by_the_name_that_somebody_gave_it() {
        let titled = |name: &str, version: &str| {
            EngineInfo {
                id: String::new(),
                name: name.to_owned(),
                address: "unix:///run/docker.sock".to_owned(),
                kind: EngineKind::Docker,
                version: version.to_owned(),
                api_version: String::new(),
                store: Store::Classic,
                architecture: String::new(),
                os: String::new(),
                data_root: None,
                local: true,
            }
            .title()
        };
        assert_eq!(titled("lab-server", "28.5.2"), "lab-server");
        assert_eq!(titled("docker", "28.5.2+dfsg4"), "Docker 28.5");
        assert_eq!(
            titled("unix:///run/docker.sock", "20.10.24"),
            "Docker 20.10"
        );
        assert_eq!(titled("docker", ""), "Docker");
    }

    #[test]
    fn kernels_names_become_platforms() {
        assert_eq!(platform_architecture("x86_64"), "amd64");
        assert_eq!(platform_architecture("aarch64"), "arm64");
        assert_eq!(platform_architecture("amd64"), "amd64");
        assert_eq!(platform_architecture("riscv64"), "riscv64");
    }
}
