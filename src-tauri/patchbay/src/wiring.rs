//! What is wanted: a lab's nodes, ports and links.

use std::{collections::BTreeMap, net::IpAddr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{EndName, Impairments, MacAddress};

/// An interface's MTU in bytes where none is given, as containerlab sets it
/// (<https://containerlab.dev/manual/network/#link-mtu>).
pub const DEFAULT_MTU: u32 = 9500;

/// A vxlan's UDP port where none is given, as containerlab sets it (`links/link_vxlan.go`).
pub const DEFAULT_VXLAN_PORT: u16 = 14789;

/// The whole wanted state of a lab's links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wiring {
    /// The nodes that have ports, by name.
    pub nodes: BTreeMap<String, Node>,
    /// Every port of every node, linked or not: it exists from the moment the node's container runs.
    pub ports: Vec<Port>,
    /// Switches inside the patchbay.
    pub switches: Vec<Switch>,
    /// Ends that are no node's port.
    pub outside: Vec<Outside>,
    /// What is joined with what.
    pub links: Vec<Link>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its container's id, 64 lower-case hexadecimal digits.
    pub container: String,
}

/// A port of a node: an interface there, and an end here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// The node, and the interface's Linux name in it: `leaf1:eth1`.
    pub end: EndName,
    /// The interface's hardware address.
    pub mac: MacAddress,
    /// The interface's MTU in bytes.
    #[serde(default = "default_mtu")]
    pub mtu: u32,
    /// Whether the node may leave transmit checksums to an interface that has none. Off for network systems: they
    /// would send frames with wrong checksums.
    #[serde(default)]
    pub checksum_offload: bool,
}

/// A switch inside the patchbay: a Linux bridge, whose ports are named by the links to it, `switch:port`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// Its name; no node has the same.
    pub name: String,
}

/// An end that is no node's port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// What links call it. Only [`OutsideKind::Host`] uses what stands behind the colon as the interface's name.
    pub end: EndName,
    /// What it is.
    pub kind: OutsideKind,
    /// Its MTU in bytes; none to let the kernel choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtu: Option<u32>,
}

/// What an end outside is. None of them outlives the patchbay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum OutsideKind {
    /// An interface in the engine's host, called as the end behind its colon.
    Host {
        /// Its hardware address; none to let the kernel choose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mac: Option<MacAddress>,
        /// A bridge of the host that it becomes a port of: the management network's, for `mgmt-net:`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bridge: Option<String>,
    },
    /// A share of an interface of the engine's host. It has the hardware address of the port that it is linked to,
    /// since the host's interface hands over no other's frames.
    Macvlan {
        /// The host's interface.
        parent: String,
        /// How the interface is shared.
        #[serde(default)]
        mode: MacvlanMode,
    },
    /// A tunnel through the engine host's network.
    Vxlan {
        /// The other side.
        remote: IpAddr,
        /// The network's number, 1 to 16777215.
        vni: u32,
        /// The UDP port of both sides.
        #[serde(default = "default_vxlan_port")]
        udp_port: u16,
        /// The host's interface it leaves by; none for what the route says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
    },
    /// Nothing: a port linked to it has a carrier, and what it sends is dropped.
    Dummy,
}

/// How an interface of the host is shared (ip-link(8), `macvlan`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacvlanMode {
    /// Shares of the same interface reach each other.
    #[default]
    Bridge,
    /// They reach each other only if the network outside sends frames back.
    Vepa,
    /// They never reach each other.
    Private,
    /// The only share, which gets all frames.
    Passthru,
}

/// A link between two ends. An end has one link at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its two ends, in any order.
    pub ends: [LinkEnd; 2],
    /// Whether it passes frames. The ports of a link that does not have no carrier.
    #[serde(default = "yes")]
    pub up: bool,
}

/// One side of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkEnd {
    /// The end.
    pub end: EndName,
    /// What is done to frames on their way to this end.
    #[serde(default, skip_serializing_if = "Impairments::is_none")]
    pub impairments: Impairments,
}

impl Wiring {
    /// A fingerprint in hexadecimal digits; the same for wirings that differ only in the order of their lists.
    pub fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(self.sorted().to_json()))
    }

    /// The link of an end.
    pub fn link_of(&self, end: &EndName) -> Option<&Link> {
        self.links.iter().find(|link| link.has(end))
    }

    /// The same with every list in order.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted.ports.sort_by(|a, b| a.end.cmp(&b.end));
        sorted.switches.sort_by(|a, b| a.name.cmp(&b.name));
        sorted.outside.sort_by(|a, b| a.end.cmp(&b.end));
        for link in &mut sorted.links {
            link.ends.sort_by(|a, b| a.end.cmp(&b.end));
        }
        sorted
            .links
            .sort_by(|a, b| a.ends[0].end.cmp(&b.ends[0].end));
        sorted
    }

    /// The wiring as JSON. Its types have no value that JSON lacks, so nothing is ever left out.
    fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Link {
    /// A link that is up and does nothing to frames.
    pub fn new(a: EndName, b: EndName) -> Self {
        Self {
            ends: [a, b].map(|end| LinkEnd {
                end,
                impairments: Impairments::NONE,
            }),
            up: true,
        }
    }

    /// Whether `end` is one of its ends.
    pub fn has(&self, end: &EndName) -> bool {
        self.ends.iter().any(|side| side.end == *end)
    }

    /// The other side of `end`, if that is one of its ends.
    pub fn other(&self, end: &EndName) -> Option<&LinkEnd> {
        let [a, b] = &self.ends;
        match () {
            () if a.end == *end => Some(b),
            () if b.end == *end => Some(a),
            () => None,
        }
    }
}

fn default_mtu() -> u32 {
    DEFAULT_MTU
}

fn default_vxlan_port() -> u16 {
    DEFAULT_VXLAN_PORT
}

fn yes() -> bool {
    true
}
