//! Links: what is joined to what.

use super::{InterfaceName, NodeName, Place};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::net::IpAddr;

/// Bytes of a link's frames without their header, unless the file says otherwise.
pub const DEFAULT_LINK_MTU: u32 = 9500;
/// The UDP port of a vxlan, unless the file says otherwise.
pub const DEFAULT_VXLAN_PORT: u16 = 14789;
/// What hardware addresses of links begin with, unless the file says otherwise.
pub const LINK_MAC_PREFIX: [u8; 3] = [0xaa, 0xc1, 0xab];

/// One link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Its number in the file, from 1.
    pub number: usize,
    /// What it joins.
    pub form: LinkForm,
    /// Bytes. None where the file gives none and the link is a macvlan or a vxlan: it follows from what is underneath.
    pub mtu: Option<u32>,
    /// Where it begins in the file.
    pub place: Place,
}

impl Link {
    /// The ends that are nodes' ports: one or two.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        match &self.form {
            LinkForm::Veth { a, b } => vec![a, b],
            LinkForm::Host { endpoint, .. }
            | LinkForm::ManagementNet { endpoint, .. }
            | LinkForm::Macvlan { endpoint, .. }
            | LinkForm::Dummy { endpoint }
            | LinkForm::Vxlan { endpoint, .. }
            | LinkForm::VxlanStitch { endpoint, .. } => vec![endpoint],
        }
    }
}

/// What a link joins. A node's port may belong to a bridge: what it joins then follows from the node's kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum LinkForm {
    /// Two nodes' ports.
    Veth {
        /// The first end.
        a: Endpoint,
        /// The second end.
        b: Endpoint,
    },
    /// A node's port and an interface that is made in the engine host's namespace.
    Host {
        /// The node's end.
        endpoint: Endpoint,
        /// The host's end.
        host_interface: InterfaceName,
    },
    /// A node's port and a port of the management network's bridge.
    #[serde(rename = "mgmt-net")]
    ManagementNet {
        /// The node's end.
        endpoint: Endpoint,
        /// The bridge's port, in the engine host's namespace.
        host_interface: InterfaceName,
    },
    /// A node's port as a macvlan of an interface of the engine's host.
    Macvlan {
        /// The node's end.
        endpoint: Endpoint,
        /// The parent, which must be there.
        host_interface: InterfaceName,
        /// How its macvlans reach each other.
        mode: MacvlanMode,
    },
    /// A port that leads nowhere.
    Dummy {
        /// The node's end.
        endpoint: Endpoint,
    },
    /// A node's port that is a vxlan itself.
    Vxlan {
        /// The node's end.
        endpoint: Endpoint,
        /// The far side.
        tunnel: Tunnel,
    },
    /// A node's port joined to a vxlan on the engine's host.
    VxlanStitch {
        /// The node's end.
        endpoint: Endpoint,
        /// The far side.
        tunnel: Tunnel,
    },
}

/// A node's end of a link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The node.
    pub node: NodeName,
    /// The interface as Linux knows it.
    pub interface: InterfaceName,
    /// The interface as it was written, `Ethernet1/1`.
    pub written: String,
    /// Its hardware address, where the file gives one.
    pub mac: Option<MacAddress>,
    /// Where it stands in the file.
    pub place: Place,
}

/// How the macvlans of one parent reach each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MacvlanMode {
    /// Directly.
    #[default]
    Bridge,
    /// Over the switch outside.
    Vepa,
    /// Not at all.
    Private,
    /// The parent belongs to one macvlan.
    Passthru,
    /// By a list of hardware addresses.
    Source,
}

/// The far side of a vxlan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tunnel {
    /// The other host.
    pub remote: TunnelRemote,
    /// The network's number, 1 to 16777215.
    pub vni: u32,
    /// The UDP port there.
    pub destination_port: u16,
    /// The interface underneath; the one that leads to the remote where it is none.
    pub parent: Option<InterfaceName>,
}

/// The other host of a vxlan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TunnelRemote {
    /// By its address.
    Address(IpAddr),
    /// By a name that is looked up when the lab is deployed.
    Name(String),
}

/// A hardware address of six bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress(
    /// The bytes as they are sent.
    pub [u8; 6],
);

impl MacAddress {
    /// An address that begins with `prefix` and always follows from the same text: a node's port keeps its address
    /// however often the lab is deployed.
    pub fn derived(prefix: [u8; 3], text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let [a, b, c] = prefix;
        Self([a, b, c, digest[0], digest[1], digest[2]])
    }

    /// The address whose last byte is one higher, as cEOS counts from its management port to the system.
    #[must_use]
    pub fn following(self) -> Self {
        let Self(mut bytes) = self;
        bytes[5] = bytes[5].wrapping_add(1);
        Self(bytes)
    }
}

impl fmt::Display for MacAddress {
    /// `aa:c1:ab:00:00:01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.0.map(|byte| format!("{byte:02x}"));
        f.write_str(&pairs.join(":"))
    }
}

/// A text that is no hardware address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a hardware address of six bytes")]
pub struct MacAddressError {
    /// What was given.
    pub text: String,
}

impl std::str::FromStr for MacAddress {
    type Err = MacAddressError;

    /// `aa:c1:ab:00:00:01`, `aa-c1-ab-00-00-01` or `aac1.ab00.0001`, as Go's `net.ParseMAC` reads them.
    fn from_str(text: &str) -> Result<Self, MacAddressError> {
        parse_mac(text).ok_or_else(|| MacAddressError {
            text: text.to_owned(),
        })
    }
}

fn parse_mac(text: &str) -> Option<MacAddress> {
    let (separator, digits) = match text.as_bytes() {
        bytes if bytes.len() == 17 => (char::from(bytes[2]), 2),
        bytes if bytes.len() == 14 => (char::from(bytes[4]), 4),
        _ => return None,
    };
    let fits = matches!((separator, digits), (':' | '-', 2) | ('.', 4));
    let parts: Vec<&str> = text.split(separator).collect();
    if !fits || parts.iter().any(|part| part.len() != digits) {
        return None;
    }
    let bytes = hex::decode(parts.concat()).ok()?;
    Some(MacAddress(bytes.try_into().ok()?))
}

impl Serialize for MacAddress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MacAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
