//! A topology's links in the words of the patchbay.

use crate::kinds::{Kinds, Runs};
use crate::topology::{
    DEFAULT_LINK_MTU, Endpoint, Link, LinkForm, MacAddress, MacvlanMode, Topology, Tunnel,
    TunnelRemote,
};
use labwright_patchbay::{
    EndName, Link as Wire, MacvlanMode as WireMode, Node, Outside, OutsideKind, Port, Switch,
    Wiring,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

/// What the hardware addresses of ports begin with where the kind has no wish.
const PREFIX: [u8; 3] = [0xaa, 0xc1, 0xab];

/// What of the engine's host a wiring must know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The containers' ids by the nodes' names.
    pub containers: BTreeMap<String, String>,
    /// What the management network's bridge is called on the engine's host.
    pub bridge: Option<String>,
    /// Addresses by the names that the file gives for the other side of a vxlan.
    pub remotes: BTreeMap<String, IpAddr>,
}

/// A link of the file, and what its ends are called in the wiring, where they are in it.
pub type LinkEnds<'a> = (&'a Link, [Option<EndName>; 2]);

/// What the ends of each link are called in the wiring, in the order of the file, as if every node had its container.
pub fn link_ends<'a>(topology: &'a Topology, kinds: &Kinds) -> Vec<LinkEnds<'a>> {
    let nodes = topology.nodes.iter();
    let anywhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let remotes = topology.links.iter().filter_map(|link| match &link.form {
        LinkForm::Vxlan { tunnel, .. } | LinkForm::VxlanStitch { tunnel, .. } => {
            match &tunnel.remote {
                TunnelRemote::Name(name) => Some((name.clone(), anywhere)),
                TunnelRemote::Address(_) => None,
            }
        }
        _ => None,
    });
    let around = Surroundings {
        containers: nodes
            .map(|node| (node.name.to_string(), String::new()))
            .collect(),
        bridge: None,
        remotes: remotes.collect(),
    };
    wiring_and_ends(topology, kinds, &around).1
}

/// The whole wiring of a lab. Nodes without a container have no ports yet.
pub fn wiring(topology: &Topology, kinds: &Kinds, around: &Surroundings) -> Wiring {
    wiring_and_ends(topology, kinds, around).0
}

/// The same, and the ends of each link, in the order of the file.
pub(super) fn wiring_and_ends<'a>(
    topology: &'a Topology,
    kinds: &Kinds,
    around: &Surroundings,
) -> (Wiring, Vec<LinkEnds<'a>>) {
    let mut wiring = Wiring::default();
    let known = |runs: Runs| -> BTreeSet<&str> {
        let of_kind = |name: &str| kinds.get(name).is_some_and(|kind| kind.runs == runs);
        let nodes = topology.nodes.iter().filter(|node| of_kind(&node.kind));
        nodes.map(|node| node.name.as_str()).collect()
    };
    let (switches, hosts) = (known(Runs::Switch), known(Runs::HostNamespace));
    for (name, container) in &around.containers {
        let container = container.clone();
        wiring.nodes.insert(name.clone(), Node { container });
    }
    wiring.switches = switches
        .iter()
        .map(|name| Switch {
            name: (*name).to_owned(),
        })
        .collect();
    let builder = Builder {
        topology,
        around,
        switches,
        hosts,
    };
    let links = topology.links.iter();
    let ends = links
        .map(|link| (link, builder.add(link, &mut wiring)))
        .collect();
    (wiring, ends)
}

struct Builder<'a> {
    topology: &'a Topology,
    around: &'a Surroundings,
    switches: BTreeSet<&'a str>,
    hosts: BTreeSet<&'a str>,
}

impl Builder<'_> {
    /// Adds a link, if both of its ends are there.
    fn add(&self, link: &Link, wiring: &mut Wiring) -> [Option<EndName>; 2] {
        let ends = match &link.form {
            LinkForm::Veth { a, b } => [self.end(a, link, wiring), self.end(b, link, wiring)],
            LinkForm::Host {
                endpoint,
                host_interface,
            } => {
                let kind = OutsideKind::Host {
                    mac: None,
                    bridge: None,
                };
                let outside = outside("host", host_interface.as_str(), kind, link, wiring);
                [self.end(endpoint, link, wiring), outside]
            }
            LinkForm::ManagementNet {
                endpoint,
                host_interface,
            } => {
                let bridge = self.around.bridge.clone();
                let kind = OutsideKind::Host { mac: None, bridge };
                let outside = outside("mgmt-net", host_interface.as_str(), kind, link, wiring);
                [self.end(endpoint, link, wiring), outside]
            }
            LinkForm::Macvlan {
                endpoint,
                host_interface,
                mode,
            } => {
                let kind = OutsideKind::Macvlan {
                    parent: host_interface.to_string(),
                    mode: wire_mode(*mode),
                };
                let owner = beside("macvlan", endpoint);
                let outside = outside(&owner, host_interface.as_str(), kind, link, wiring);
                [self.end(endpoint, link, wiring), outside]
            }
            LinkForm::Dummy { endpoint } => {
                let owner = beside("dummy", endpoint);
                let outside = outside(&owner, "none", OutsideKind::Dummy, link, wiring);
                [self.end(endpoint, link, wiring), outside]
            }
            LinkForm::Vxlan { endpoint, tunnel } | LinkForm::VxlanStitch { endpoint, tunnel } => {
                let vni = format!("vx{}", tunnel.vni);
                let kind = self.vxlan(tunnel);
                let owner = beside("vxlan", endpoint);
                let outside = kind.and_then(|kind| outside(&owner, &vni, kind, link, wiring));
                [self.end(endpoint, link, wiring), outside]
            }
        };
        if let [Some(a), Some(b)] = &ends {
            wiring.links.push(Wire::new(a.clone(), b.clone()));
        }
        ends
    }

    /// None where the name of the other side was not found.
    fn vxlan(&self, tunnel: &Tunnel) -> Option<OutsideKind> {
        let remote = match &tunnel.remote {
            TunnelRemote::Address(address) => *address,
            TunnelRemote::Name(name) => *self.around.remotes.get(name)?,
        };
        Some(OutsideKind::Vxlan {
            remote,
            vni: tunnel.vni,
            udp_port: tunnel.destination_port,
            parent: tunnel.parent.as_ref().map(ToString::to_string),
        })
    }

    /// The end of a node, which gets a port for it unless it is a switch's.
    fn end(&self, endpoint: &Endpoint, link: &Link, wiring: &mut Wiring) -> Option<EndName> {
        let (node, interface) = (endpoint.node.as_str(), endpoint.interface.as_str());
        if self.hosts.contains(node) {
            let mac = endpoint.mac.map(wire_mac);
            let kind = OutsideKind::Host { mac, bridge: None };
            return outside("host", interface, kind, link, wiring);
        }
        let end = EndName::new(node, interface).ok()?;
        if self.switches.contains(node) {
            return Some(end);
        }
        if !self.around.containers.contains_key(node) {
            return None;
        }
        let text = format!("{}/{end}", self.topology.name);
        let mac = endpoint
            .mac
            .unwrap_or_else(|| MacAddress::derived(PREFIX, &text));
        wiring.ports.push(Port {
            end: end.clone(),
            mac: wire_mac(mac),
            mtu: link.mtu.unwrap_or(usual_mtu(&link.form)),
            checksum_offload: false,
        });
        Some(end)
    }
}

fn outside(
    owner: &str,
    interface: &str,
    kind: OutsideKind,
    link: &Link,
    wiring: &mut Wiring,
) -> Option<EndName> {
    let end = EndName::new(owner, interface).ok()?;
    wiring.outside.push(Outside {
        end: end.clone(),
        kind,
        mtu: link.mtu,
    });
    Some(end)
}

/// Bytes of a port whose link says nothing: not more than what usually lies underneath takes, or routers would disagree.
fn usual_mtu(form: &LinkForm) -> u32 {
    match form {
        LinkForm::Macvlan { .. } | LinkForm::ManagementNet { .. } => 1500,
        LinkForm::Vxlan { .. } | LinkForm::VxlanStitch { .. } => 1450,
        _ => DEFAULT_LINK_MTU,
    }
}

/// The owner of the end outside that a port is linked to: `vxlan-leaf1/eth3`. A port has one link, so it is the same
/// whatever other links come and go; and no node or interface has a slash in its name, so nothing else is called so.
fn beside(word: &str, endpoint: &Endpoint) -> String {
    format!("{word}-{}/{}", endpoint.node, endpoint.interface)
}

fn wire_mac(mac: MacAddress) -> labwright_patchbay::MacAddress {
    labwright_patchbay::MacAddress::new(mac.0)
}

fn wire_mode(mode: MacvlanMode) -> WireMode {
    match mode {
        MacvlanMode::Bridge | MacvlanMode::Source => WireMode::Bridge,
        MacvlanMode::Vepa => WireMode::Vepa,
        MacvlanMode::Private => WireMode::Private,
        MacvlanMode::Passthru => WireMode::Passthru,
    }
}

#[cfg(test)]
mod tests;
