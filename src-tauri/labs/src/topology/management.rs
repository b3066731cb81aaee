//! The management network.

use ipnet::{Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The network that each node's first interface is on.
///
/// Without a word in the file it is the bridge network `clab` with 172.20.20.0/24 and `3fff:172:20:20::/64`. A file
/// that gives one subnet gets only that family; `auto` leaves a subnet to the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagementNetwork {
    /// The engine's network.
    pub network: String,
    /// The Linux bridge behind it, where the file names one.
    pub bridge: Option<String>,
    /// The IPv4 subnet.
    pub ipv4: Subnet<Ipv4Net, Ipv4Addr>,
    /// The IPv6 subnet.
    pub ipv6: Subnet<Ipv6Net, Ipv6Addr>,
    /// Bytes; the engine's default where it is none.
    pub mtu: Option<u32>,
    /// Whether the network is left out if no node uses it.
    pub skip_when_unused: bool,
    /// Options for the engine's network driver.
    pub driver_options: BTreeMap<String, String>,
}

/// One family of the management network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet<Net, Address> {
    /// The subnet.
    pub subnet: SubnetChoice<Net>,
    /// The bridge's own address; the subnet's first where it is none.
    pub gateway: Option<Address>,
    /// The part that addresses are given from without being asked for.
    pub range: Option<Net>,
}

/// Where a subnet comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubnetChoice<Net> {
    /// The family is not used.
    Off,
    /// The engine chooses.
    Auto,
    /// This one.
    Fixed(Net),
}

impl<Net: Copy> SubnetChoice<Net> {
    /// The subnet, if it is known.
    pub fn fixed(&self) -> Option<Net> {
        match self {
            Self::Fixed(net) => Some(*net),
            Self::Off | Self::Auto => None,
        }
    }
}
