//! Nodes, ports, switches and ends outside.

use std::{collections::BTreeSet, fmt, net::IpAddr};

use super::{
    interface_name_fault,
    names::{is_container_id, is_owner},
};
use crate::{EndName, MacAddress, Outside, OutsideKind, Port, Problem, ProblemCode, Wiring};

/// What Linux allows for an Ethernet interface (`ETH_MIN_MTU`, `ETH_MAX_MTU`).
const MTU: std::ops::RangeInclusive<u32> = 68..=65535;

/// A vxlan's network number has 24 bits; 0 is no network of its own.
const VNI: std::ops::RangeInclusive<u32> = 1..=0x00ff_ffff;

impl Wiring {
    /// Everything that is wrong with it; nothing, if it can be applied as far as can be told without looking.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        self.check_nodes(&mut found);
        self.check_switches(&mut found);
        for port in &self.ports {
            self.check_port(port, &mut found);
        }
        for outside in &self.outside {
            self.check_outside(outside, &mut found);
        }
        self.check_duplicates(&mut found);
        self.check_links(&mut found);
        found
    }

    fn check_nodes(&self, found: &mut Vec<Problem>) {
        for (name, node) in &self.nodes {
            check_owner(name, found);
            if !is_container_id(&node.container) {
                let message = format!(
                    "the container of node {name:?} is {:?}, which is no id of 64 hexadecimal digits",
                    node.container
                );
                found.push(Problem::new(ProblemCode::ContainerIdInvalid, name, message));
            }
        }
    }

    fn check_switches(&self, found: &mut Vec<Problem>) {
        for switch in &self.switches {
            check_owner(&switch.name, found);
            if self.nodes.contains_key(&switch.name) {
                found.push(duplicate(
                    &switch.name,
                    "both a node and a switch are called",
                ));
            }
        }
    }

    fn check_port(&self, port: &Port, found: &mut Vec<Problem>) {
        let end = &port.end;
        if !self.nodes.contains_key(end.owner()) {
            let message = format!("port {end} is of a node that the wiring does not have");
            found.push(Problem::new(ProblemCode::NodeUnknown, end, message));
        }
        check_interface(end, end.interface(), found);
        check_mac(end, Some(port.mac), found);
        check_mtu(end, Some(port.mtu), found);
    }

    fn check_outside(&self, outside: &Outside, found: &mut Vec<Problem>) {
        let end = &outside.end;
        let owner = end.owner();
        if self.nodes.contains_key(owner) || self.is_switch(owner) {
            found.push(duplicate(
                owner,
                "an end outside is called as if it were of",
            ));
        }
        check_mtu(end, outside.mtu, found);
        match &outside.kind {
            OutsideKind::Host { mac, bridge } => {
                check_interface(end, end.interface(), found);
                check_mac(end, *mac, found);
                check_named(end, bridge.as_deref(), found);
            }
            OutsideKind::Macvlan { parent, .. } => check_named(end, Some(parent), found),
            OutsideKind::Vxlan {
                remote,
                vni,
                udp_port,
                parent,
            } => {
                check_vxlan(end, *remote, *vni, *udp_port, found);
                check_named(end, parent.as_deref(), found);
            }
            OutsideKind::Dummy => {}
        }
    }

    fn check_duplicates(&self, found: &mut Vec<Problem>) {
        let ports = self.ports.iter().map(|port| port.end.to_string());
        let outside = self.outside.iter().map(|outside| outside.end.to_string());
        let switches = self.switches.iter().map(|switch| switch.name.clone());
        let mut seen = BTreeSet::new();
        for name in ports.chain(outside).chain(switches) {
            if !seen.insert(name.clone()) {
                found.push(duplicate(&name, "there is more than one"));
            }
        }
        self.check_host_names(found);
    }

    /// Two ends in the engine's host may differ before the colon and still want the same interface.
    fn check_host_names(&self, found: &mut Vec<Problem>) {
        let hosts = (self.outside.iter()).filter(|o| matches!(o.kind, OutsideKind::Host { .. }));
        let mut seen = BTreeSet::new();
        for outside in hosts {
            let name = outside.end.interface();
            if !seen.insert(name) {
                found.push(duplicate(
                    &outside.end,
                    "another end in the engine's host has the interface of",
                ));
            }
        }
    }

    /// Whether there is a switch of that name.
    pub fn is_switch(&self, name: &str) -> bool {
        self.switches.iter().any(|switch| switch.name == name)
    }
}

pub(super) fn duplicate(object: impl fmt::Display, what: &str) -> Problem {
    let message = format!("{what} {object}");
    Problem::new(ProblemCode::Duplicate, object, message)
}

fn check_owner(name: &str, found: &mut Vec<Problem>) {
    if !is_owner(name) {
        let message = format!("{name:?} is no name: it is empty or has a colon or a slash");
        found.push(Problem::new(ProblemCode::NameInvalid, name, message));
    }
}

fn check_interface(end: &EndName, name: &str, found: &mut Vec<Problem>) {
    if let Some(fault) = interface_name_fault(name) {
        let message = format!("the interface name {name:?} of {end} {fault}");
        found.push(Problem::new(
            ProblemCode::InterfaceNameInvalid,
            end,
            message,
        ));
    }
}

/// An interface that must exist already: a name that none can have is missing for sure.
fn check_named(end: &EndName, name: Option<&str>, found: &mut Vec<Problem>) {
    if let Some(name) = name {
        check_interface(end, name, found);
    }
}

fn check_mac(end: &EndName, mac: Option<MacAddress>, found: &mut Vec<Problem>) {
    if let Some(mac) = mac.filter(|mac| !mac.is_assignable()) {
        let message = format!("{end} cannot have the MAC address {mac}: it is a group's or zero");
        found.push(Problem::new(ProblemCode::MacInvalid, end, message));
    }
}

fn check_mtu(end: &EndName, mtu: Option<u32>, found: &mut Vec<Problem>) {
    if let Some(mtu) = mtu.filter(|mtu| !MTU.contains(mtu)) {
        let message = format!("the MTU {mtu} of {end} is outside 68 to 65535");
        found.push(Problem::new(ProblemCode::MtuOutOfRange, end, message));
    }
}

fn check_vxlan(end: &EndName, remote: IpAddr, vni: u32, port: u16, found: &mut Vec<Problem>) {
    let faults = [
        (!VNI.contains(&vni)).then(|| format!("its network {vni} is outside 1 to 16777215")),
        (port == 0).then(|| "its UDP port is 0".to_owned()),
        (remote.is_unspecified() || remote.is_multicast())
            .then(|| format!("its remote {remote} is no host's address")),
    ];
    for fault in faults.into_iter().flatten() {
        let message = format!("the vxlan {end} cannot be: {fault}");
        found.push(Problem::new(ProblemCode::VxlanInvalid, end, message));
    }
}
