//! Wirings, as tests write them.

use std::collections::BTreeMap;

use labwright_patchbay::{DEFAULT_MTU, EndName, Link, MacAddress, Node, Port, Wiring};

/// An end.
pub(crate) fn end(name: &str) -> EndName {
    name.parse().unwrap()
}

/// The id of the container of a node.
pub(crate) fn container_id(node: &str) -> String {
    let mut digits = hex::encode(node);
    digits.extend(std::iter::repeat_n('0', 64 - digits.len()));
    digits
}

/// A hardware address that no other end has.
pub(crate) fn mac(end: &EndName) -> MacAddress {
    let sum = end.as_str().bytes().fold(7_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    let [_, a, b, c] = sum.to_be_bytes();
    MacAddress::new([0xaa, 0xc1, 0xab, a, b, c])
}

/// A port as containerlab makes it.
pub(crate) fn port(name: &str) -> Port {
    let end = end(name);
    Port {
        mac: mac(&end),
        end,
        mtu: DEFAULT_MTU,
        checksum_offload: false,
    }
}

/// A link between two ends, up.
pub(crate) fn link(a: &str, b: &str) -> Link {
    Link::new(end(a), end(b))
}

/// A wiring with these ports, of nodes that are called as the ports say.
pub(crate) fn wiring(ports: &[&str], links: &[(&str, &str)]) -> Wiring {
    let ports: Vec<_> = ports.iter().map(|name| port(name)).collect();
    let nodes: BTreeMap<_, _> = ports
        .iter()
        .map(|port| {
            let node = port.end.owner().to_owned();
            let container = container_id(&node);
            (node, Node { container })
        })
        .collect();
    Wiring {
        nodes,
        ports,
        links: links.iter().map(|(a, b)| link(a, b)).collect(),
        ..Wiring::default()
    }
}
