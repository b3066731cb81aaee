//! Which addresses nodes get in the management network.

use crate::topology::{ManagementNetwork, Node};
use ipnet::{Ipv4Net, Ipv6Net};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A node's addresses in the management network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Addresses {
    /// None where the network has no such addresses.
    pub ipv4: Option<Ipv4Addr>,
    /// None where the network has no such addresses.
    pub ipv6: Option<Ipv6Addr>,
}

/// The ranges that addresses are given from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ranges {
    /// The whole subnet.
    pub ipv4: Option<Ipv4Net>,
    /// The whole subnet.
    pub ipv6: Option<Ipv6Net>,
}

/// Gives every node its addresses: those that the file says, those that it has already, and the lowest that are free. The
/// same file gets the same addresses, whatever else the engine has.
pub fn addresses(
    nodes: &[&Node],
    management: &ManagementNetwork,
    ranges: Ranges,
    had: &BTreeMap<String, Addresses>,
    taken: &BTreeSet<IpAddr>,
) -> BTreeMap<String, Addresses> {
    let mut taken = taken.clone();
    taken.extend(
        nodes
            .iter()
            .filter_map(|node| node.settings.management_ipv4.map(IpAddr::V4)),
    );
    taken.extend(
        nodes
            .iter()
            .filter_map(|node| node.settings.management_ipv6.map(IpAddr::V6)),
    );
    taken.extend(gateways(management, ranges));
    let (four, six) = (
        part_of(management.ipv4.range, ranges.ipv4),
        part_of(management.ipv6.range, ranges.ipv6),
    );
    let mut given = BTreeMap::new();
    let mut waiting = Vec::new();
    for node in nodes {
        let name = node.name.to_string();
        let before = had.get(&name).copied().unwrap_or_default();
        let ipv4 = node
            .settings
            .management_ipv4
            .or(kept(before.ipv4, ranges.ipv4, &taken));
        let ipv6 = node
            .settings
            .management_ipv6
            .or(kept6(before.ipv6, ranges.ipv6, &taken));
        taken.extend(ipv4.map(IpAddr::V4));
        taken.extend(ipv6.map(IpAddr::V6));
        waiting.push((name, Addresses { ipv4, ipv6 }));
    }
    for (name, mut addresses) in waiting {
        if addresses.ipv4.is_none() {
            let free = |net: Ipv4Net| net.hosts().find(|host| !taken.contains(&IpAddr::V4(*host)));
            addresses.ipv4 = four.and_then(free);
            taken.extend(addresses.ipv4.map(IpAddr::V4));
        }
        if addresses.ipv6.is_none() {
            // The first is the network's own.
            let free = |net: Ipv6Net| {
                net.hosts()
                    .skip(1)
                    .find(|host| !taken.contains(&IpAddr::V6(*host)))
            };
            addresses.ipv6 = six.and_then(free);
            taken.extend(addresses.ipv6.map(IpAddr::V6));
        }
        given.insert(name, addresses);
    }
    given
}

/// The part that addresses are given from, of the subnet.
fn part_of<Net>(part: Option<Net>, whole: Option<Net>) -> Option<Net> {
    whole.map(|whole| part.unwrap_or(whole))
}

fn kept(
    before: Option<Ipv4Addr>,
    range: Option<Ipv4Net>,
    taken: &BTreeSet<IpAddr>,
) -> Option<Ipv4Addr> {
    before.filter(|address| {
        range.is_some_and(|range| range.contains(address)) && !taken.contains(&(*address).into())
    })
}

fn kept6(
    before: Option<Ipv6Addr>,
    range: Option<Ipv6Net>,
    taken: &BTreeSet<IpAddr>,
) -> Option<Ipv6Addr> {
    before.filter(|address| {
        range.is_some_and(|range| range.contains(address)) && !taken.contains(&(*address).into())
    })
}

/// The network's own addresses: those that the file says, or the first of each range, which engines take.
pub fn gateways(management: &ManagementNetwork, ranges: Ranges) -> Vec<IpAddr> {
    let four = management
        .ipv4
        .gateway
        .or_else(|| ranges.ipv4?.hosts().next());
    let six = management
        .ipv6
        .gateway
        .or_else(|| ranges.ipv6?.hosts().nth(1));
    let four = four.map(IpAddr::V4);
    four.into_iter().chain(six.map(IpAddr::V6)).collect()
}
