//! How a lab is found again in an engine: the labels on all that it is made of.
//!
//! Those without `labwright` are containerlab's (<https://containerlab.dev/manual/topo-def-file/#labels>), so that its users
//! and their tools find what they know.

use crate::topology::{LabName, NodeName};
use crate::up::Way;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The lab, on everything that belongs to it.
pub const LAB: &str = "containerlab";
/// A node's name.
pub const NODE: &str = "clab-node-name";
/// The name of a node's container.
pub const LONG_NAME: &str = "clab-node-longname";
/// A node's kind.
pub const KIND: &str = "clab-node-kind";
/// A node's model.
pub const TYPE: &str = "clab-node-type";
/// A node's group.
pub const GROUP: &str = "clab-node-group";
/// The topology's file.
pub const FILE: &str = "clab-topo-file";
/// Who deployed it.
pub const OWNER: &str = "clab-owner";
/// The management network's bridge.
pub const BRIDGE: &str = "clab-mgmt-net-bridge";
/// A node's folder beside the topology's file.
pub const FOLDER: &str = "clab-node-lab-dir";
/// What a part is to Labwright; what has none is not Labwright's.
pub const ROLE: &str = "labwright.role";
/// A [`NodeRecord`], as JSON.
pub const RECORD: &str = "labwright.node";
/// On a patchbay: the number of the protocol that it speaks.
pub const PROTOCOL: &str = "labwright.protocol";
/// The lab that made a management network. It is not [`LAB`], since several labs can share a network.
pub const NETWORK: &str = "labwright.network";

/// What a part of a lab is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A node's container.
    Node,
    /// The helper container that holds the links.
    Patchbay,
    /// A volume.
    State,
}

impl Role {
    /// As it stands in [`ROLE`].
    pub fn word(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Patchbay => "patchbay",
            Self::State => "state",
        }
    }

    /// The role that labels tell, if they are Labwright's.
    pub fn of(labels: &BTreeMap<String, String>) -> Option<Self> {
        let word = labels.get(ROLE)?;
        [Self::Node, Self::Patchbay, Self::State]
            .into_iter()
            .find(|role| role.word() == word)
    }
}

/// What must be known of a node once its file is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeRecord {
    /// Its place in the file, from 0: the order in which nodes start.
    pub order: usize,
    /// Its image, as the file calls it.
    pub image: String,
    /// A fingerprint of everything that its container was made of.
    pub settings: String,
    /// A fingerprint of the files that were written into its volume, and stay there; empty where there are none.
    pub saved: String,
    /// Its ports by their Linux names.
    pub ports: Vec<String>,
    /// The address that it was given in the management network.
    pub ipv4: Option<Ipv4Addr>,
    /// The address that it was given in the management network.
    pub ipv6: Option<Ipv6Addr>,
    /// What it waits for and runs on its way up.
    pub way: Way,
}

impl NodeRecord {
    /// Reads the record of a node's container. One that cannot be read is empty.
    pub fn of(labels: &BTreeMap<String, String>) -> Self {
        let record = labels.get(RECORD).map(String::as_str).unwrap_or_default();
        serde_json::from_str(record).unwrap_or_default()
    }

    /// As it stands in [`RECORD`].
    pub fn text(&self) -> String {
        // It holds nothing that JSON has no words for.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The question for everything of a lab.
pub fn of_lab(lab: &LabName) -> String {
    format!("{LAB}={lab}")
}

/// What everything of a lab has, for a role.
pub fn common(lab: &LabName, role: Role) -> BTreeMap<String, String> {
    [(LAB, lab.as_str()), (ROLE, role.word())]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// What a lab's patchbay is called.
pub fn patchbay_name(lab: &LabName) -> String {
    format!("labwright-{lab}-patchbay")
}

/// What a volume of a node is called.
pub fn volume_name(lab: &LabName, node: &NodeName, purpose: &str) -> String {
    format!("labwright-{lab}-{node}-{purpose}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_its_label_and_an_unreadable_one_is_empty() {
        let record = NodeRecord {
            order: 3,
            image: "ceos:4.35.1F".to_owned(),
            settings: "0a".to_owned(),
            ports: vec!["eth1".to_owned()],
            ipv4: Some(Ipv4Addr::new(172, 20, 20, 2)),
            way: Way {
                delay: 5,
                ..Way::default()
            },
            ..NodeRecord::default()
        };
        let labels = BTreeMap::from([(RECORD.to_owned(), record.text())]);
        assert_eq!(NodeRecord::of(&labels), record);
        let labels = BTreeMap::from([(RECORD.to_owned(), "[".to_owned())]);
        assert_eq!(NodeRecord::of(&labels), NodeRecord::default());
    }
}
