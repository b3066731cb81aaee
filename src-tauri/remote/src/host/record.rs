//! What is kept and what is known of a host. Never a secret: how to log in is ssh's matter.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A host as the user added it. Whatever is not said here, ssh's own configuration says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Host {
    /// What it is called here; unique.
    pub name: String,
    /// What ssh is told: an alias of its configuration, an address, or `user@address`.
    pub destination: String,
    /// The port, where ssh's configuration does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The file of the private key, where ssh's configuration does not say it. The path only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The configuration file that ssh reads in place of the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssh_config: Option<String>,
}

/// A key that a host shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct HostKey {
    /// `ED25519`, `RSA`, …
    pub algorithm: String,
    /// `SHA256:…`, as ssh-keygen prints it.
    pub fingerprint: String,
}

/// What a test of a host found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct HostFacts {
    /// Who one is there.
    pub user: String,
    /// The host's own name.
    pub hostname: String,
    /// The system: `Debian GNU/Linux 12 (bookworm) x86_64`.
    pub system: String,
    /// The user's login shell.
    pub shell: String,
    /// The home folder.
    pub home: String,
    /// Whether files can be made there.
    pub home_writable: bool,
    /// Bytes that are free there; none if unknown.
    #[ts(type = "number | null")]
    pub free_space: Option<u64>,
    /// git's version.
    pub git: Option<String>,
    /// Python's version.
    pub python: Option<String>,
    /// The engine and its version: `Docker 28.5.2`; none if none answers.
    pub engine: Option<String>,
    /// Why no engine answers, where one is installed.
    pub engine_problem: Option<String>,
    /// Whether systemd runs the host. Nothing needs it.
    pub systemd: bool,
    /// Whether `setsid` is there, with which an install outlives its connection.
    pub setsid: bool,
}
