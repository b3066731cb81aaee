//! What a node has of its host, and the services around it.

use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A folder or file of the host in a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// On the host, absolute.
    pub source: PathBuf,
    /// In the node.
    pub target: String,
    /// `ro`, `z` and what else the engine takes, in the order in which they were written.
    pub options: Vec<String>,
}

/// An engine's volume in a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Its name; none for an anonymous one.
    pub name: Option<String>,
    /// In the node.
    pub target: String,
    /// `ro`, `nocopy`.
    pub options: Vec<String>,
}

/// A port of a node, and where the host offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortMapping {
    /// The host's address; all where it is none.
    pub host_address: Option<IpAddr>,
    /// The host's port; the engine chooses where it is none.
    pub host_port: Option<u16>,
    /// The node's port.
    pub container_port: u16,
    /// Over what.
    pub protocol: Protocol,
}

/// What a port speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// How a node resolves names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dns {
    /// Servers.
    pub servers: Vec<IpAddr>,
    /// Options.
    pub options: Vec<String>,
    /// Domains that are searched.
    pub search: Vec<String>,
}

/// How the engine tells whether a node is healthy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healthcheck {
    /// `CMD` or `CMD-SHELL`, and the words of the command.
    pub test: Vec<String>,
    /// Between two checks.
    #[serde(with = "super::seconds")]
    pub interval: Duration,
    /// How long a check may take.
    #[serde(with = "super::seconds")]
    pub timeout: Duration,
    /// Failures in a row that make it unhealthy.
    pub retries: u32,
    /// How long failures do not count.
    #[serde(with = "super::seconds")]
    pub start_period: Duration,
}
