//! The steps of a plan, and what takes each of them back.

use crate::labels;
use labwright_engine::NetworkSettings;
use serde::Serialize;
use std::fmt;

/// One thing to do. The order is that of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanStep {
    /// Pull an image.
    Pull {
        /// The image.
        reference: String,
        /// The nodes that need it.
        nodes: Vec<String>,
    },
    /// Import an image.
    Import {
        /// The archive's path or URL.
        archive: String,
        /// The image.
        reference: String,
        /// The nodes that need it.
        nodes: Vec<String>,
    },
    /// Remove a node that the file has no more, or whose container must be another.
    RemoveNode {
        /// The node.
        node: String,
        /// Its container.
        container: String,
        /// Whether it shares the network of another one, which goes after it.
        guest: bool,
        /// Why.
        why: Why,
    },
    /// Make the management network.
    CreateNetwork(NetworkSettings),
    /// Make the patchbay.
    CreatePatchbay {
        /// Its container's name.
        container: String,
    },
    /// Replace the patchbay by one that understands this version: all links go, and come again.
    ReplacePatchbay {
        /// Its container's name.
        container: String,
    },
    /// Make a volume.
    CreateVolume {
        /// Its name.
        name: String,
    },
    /// Make a node's container.
    CreateNode {
        /// The node.
        node: String,
        /// Its container.
        container: String,
        /// Why.
        why: Why,
    },
    /// Wire the lab.
    Wire {
        /// How many ports it has.
        ports: usize,
        /// How many links.
        links: usize,
    },
    /// Start a node, and wait until it is ready.
    StartNode {
        /// The node.
        node: String,
    },
    /// Run the commands of a node that runs, and was not given them since it was started.
    RunCommands {
        /// The node.
        node: String,
    },
}

/// Why a node is touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The engine does not have it.
    New,
    /// The file has it no more.
    Gone,
    /// Its settings, image or files are others.
    Changed,
    /// It was made, and never started.
    Unfinished,
    /// Its commands are others, and what the old ones did cannot be taken back.
    Commands,
    /// The network that it was in is gone.
    Network,
    /// Its ports are others, and it sees ports only when it starts.
    Ports,
}

/// What takes a step back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo {
    /// Remove the network, if it is this lab's and no other uses it.
    RemoveNetwork {
        /// Its name.
        name: String,
        /// The lab that makes it.
        lab: Option<String>,
    },
    /// Remove the container.
    RemoveContainer(String),
    /// Remove the volume.
    RemoveVolume(String),
}

impl PlanStep {
    /// What takes it back; none where it makes nothing.
    pub fn undo(&self) -> Option<Undo> {
        match self {
            Self::CreateNetwork(network) => Some(Undo::RemoveNetwork {
                name: network.name.clone(),
                lab: network.labels.get(labels::NETWORK).cloned(),
            }),
            Self::CreatePatchbay { container } | Self::CreateNode { container, .. } => {
                Some(Undo::RemoveContainer(container.clone()))
            }
            Self::CreateVolume { name } => Some(Undo::RemoveVolume(name.clone())),
            Self::Pull { .. }
            | Self::Import { .. }
            | Self::RemoveNode { .. }
            | Self::ReplacePatchbay { .. }
            | Self::Wire { .. }
            | Self::StartNode { .. }
            | Self::RunCommands { .. } => None,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::New => "it is new",
            Self::Gone => "the file has it no more",
            Self::Changed => "its settings have changed",
            Self::Unfinished => "it was never started",
            Self::Commands => "its commands have changed, and what the old ones did would stay",
            Self::Network => "its network is gone",
            Self::Ports => "its ports have changed, and it sees them only when it starts",
        })
    }
}

impl fmt::Display for PlanStep {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pull { reference, nodes } => {
                write!(out, "pull {reference} for {}", nodes.join(", "))
            }
            Self::Import {
                archive,
                reference,
                nodes,
            } => write!(
                out,
                "import {archive} as {reference} for {}",
                nodes.join(", ")
            ),
            Self::RemoveNode { container, why, .. } => write!(out, "remove {container}: {why}"),
            Self::CreateNetwork(network) => {
                let ranges = network.subnets.iter().map(|subnet| subnet.range.as_str());
                let ranges: Vec<&str> = ranges.collect();
                write!(out, "create network {} {}", network.name, ranges.join(" "))
            }
            Self::CreatePatchbay { container } => write!(out, "create patchbay {container}"),
            Self::ReplacePatchbay { container } => {
                write!(
                    out,
                    "replace patchbay {container}: all links go, and come again"
                )
            }
            Self::CreateVolume { name } => write!(out, "create volume {name}"),
            Self::CreateNode { container, why, .. } => write!(out, "create {container}: {why}"),
            Self::Wire { ports, links } => write!(
                out,
                "wire {} and {}",
                count(*ports, "port"),
                count(*links, "link")
            ),
            Self::StartNode { node } => write!(out, "start {node}"),
            Self::RunCommands { node } => write!(
                out,
                "run the commands of {node}: they have not run since it was started"
            ),
        }
    }
}

/// `1 port`, `2 ports`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
