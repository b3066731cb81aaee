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
use std::net::IpAddr;

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

/// The whole wiring of a lab. Nodes without a container have no ports yet.
pub fn wiring(topology: &Topology, kinds: &Kinds, around: &Surroundings) -> Wiring {
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
    for link in &topology.links {
        builder.add(link, &mut wiring);
    }
    wiring
}

struct Builder<'a> {
    topology: &'a Topology,
    around: &'a Surroundings,
    switches: BTreeSet<&'a str>,
    hosts: BTreeSet<&'a str>,
}

impl Builder<'_> {
    fn add(&self, link: &Link, wiring: &mut Wiring) {
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
                let outside = outside(
                    &numbered("macvlan", link),
                    host_interface.as_str(),
                    kind,
                    link,
                    wiring,
                );
                [self.end(endpoint, link, wiring), outside]
            }
            LinkForm::Dummy { endpoint } => {
                let outside = outside(
                    &numbered("dummy", link),
                    "none",
                    OutsideKind::Dummy,
                    link,
                    wiring,
                );
                [self.end(endpoint, link, wiring), outside]
            }
            LinkForm::Vxlan { endpoint, tunnel } | LinkForm::VxlanStitch { endpoint, tunnel } => {
                let vni = format!("vx{}", tunnel.vni);
                let kind = self.vxlan(tunnel);
                let owner = numbered("vxlan", link);
                let outside = kind.and_then(|kind| outside(&owner, &vni, kind, link, wiring));
                [self.end(endpoint, link, wiring), outside]
            }
        };
        if let [Some(a), Some(b)] = ends {
            wiring.links.push(Wire::new(a, b));
        }
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
        LinkForm::Macvlan { .. } => 1500,
        LinkForm::Vxlan { .. } | LinkForm::VxlanStitch { .. } => 1450,
        _ => DEFAULT_LINK_MTU,
    }
}

fn numbered(word: &str, link: &Link) -> String {
    format!("{word}-{}", link.number)
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
