//! Which addresses nodes get in the management network.

use super::make::Planner;
use crate::labels::{self, NodeRecord};
use crate::topology::{ManagementNetwork, NetworkMode, Node};
use ipnet::{Ipv4Net, Ipv6Net};
use labwright_engine::{ContainerSummary, NetworkDetail};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
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

/// Who has an address that no node of the lab can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder<'a> {
    /// The network itself.
    Gateway,
    /// A node of another lab, or a container that is not Labwright's.
    Container(&'a ContainerSummary),
}

impl fmt::Display for Holder<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Container(container) = self else {
            return out.write_str("the network's gateway");
        };
        write!(out, "container {}", container.name)?;
        match container.labels.get(labels::LAB) {
            Some(lab) => write!(out, " of lab {lab}"),
            None => Ok(()),
        }
    }
}

/// The addresses of the management network that no node of the lab can be given, and who has them.
pub(super) fn taken<'a>(planner: &Planner<'a>) -> BTreeMap<IpAddr, Holder<'a>> {
    let (topology, survey) = (planner.topology, planner.survey);
    let network = topology.management.network.as_str();
    let own = survey.nodes(topology.name.as_str());
    let own: BTreeSet<&str> = own.into_values().map(|node| node.name.as_str()).collect();
    let holders = survey.holders(network).into_iter();
    let others = holders.filter(|(_, holder)| !own.contains(holder.name.as_str()));
    let others = others.map(|(address, holder)| (address, Holder::Container(holder)));
    let there = survey.network(network);
    let gateways = gateways(&topology.management, planner.ranges(), there).into_iter();
    let gateways = gateways.map(|address| (address, Holder::Gateway));
    others.chain(gateways).collect()
}

/// What each node of the lab that wants addresses in the management network is given, by the node's name.
pub(super) fn given(planner: &Planner<'_>) -> BTreeMap<String, Addresses> {
    let wanting: Vec<&Node> = planner
        .containers()
        .map(|(_, node, _)| node)
        .filter(|node| node.settings.network_mode == NetworkMode::Management)
        .collect();
    let there = planner.survey.nodes(planner.topology.name.as_str());
    let had = there.into_iter().map(|(name, container)| {
        let NodeRecord { ipv4, ipv6, .. } = NodeRecord::of(&container.labels);
        (name.to_owned(), Addresses { ipv4, ipv6 })
    });
    addresses(
        &wanting,
        &planner.topology.management,
        planner.ranges(),
        &had.collect(),
        &taken(planner).into_keys().collect(),
    )
}

/// Gives every node its addresses: those that the file says, those that it has already, and the lowest that are free of
/// what is `taken`, the gateways among it. Nodes for which nothing is left have none.
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
    let (four, six) = (
        part_of(management.ipv4.range, ranges.ipv4),
        part_of(management.ipv6.range, ranges.ipv6),
    );
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
    let four = four.into_iter().flat_map(|net| net.hosts());
    let mut four = four.filter(|host| !taken.contains(&IpAddr::V4(*host)));
    // The first is the network's own.
    let six = six.into_iter().flat_map(|net| net.hosts().skip(1));
    let mut six = six.filter(|host| !taken.contains(&IpAddr::V6(*host)));
    let mut filled = |Addresses { ipv4, ipv6 }| Addresses {
        ipv4: ipv4.or_else(|| four.next()),
        ipv6: ipv6.or_else(|| six.next()),
    };
    waiting
        .into_iter()
        .map(|(name, addresses)| (name, filled(addresses)))
        .collect()
}

/// The part that addresses are given from, of the subnet.
pub(super) fn part_of<Net>(part: Option<Net>, whole: Option<Net>) -> Option<Net> {
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

/// The network's own addresses: those that the network which is `there` tells, or those that the file says of one that
/// is not; where nobody says, the first of a range, which engines take. Those of the file are kept free in any case,
/// since nodes are told of them.
pub fn gateways(
    management: &ManagementNetwork,
    ranges: Ranges,
    there: Option<&NetworkDetail>,
) -> Vec<IpAddr> {
    let of_file = [
        management.ipv4.gateway.map(IpAddr::V4),
        management.ipv6.gateway.map(IpAddr::V6),
    ];
    let of_file = of_file.into_iter().flatten();
    let mut gateways: Vec<IpAddr> = match there {
        Some(network) => {
            let told = network.subnets.iter();
            told.filter_map(|subnet| subnet.gateway.as_deref()?.parse().ok())
                .collect()
        }
        None => of_file.clone().collect(),
    };
    if !gateways.iter().any(IpAddr::is_ipv4) {
        let first = ranges.ipv4.and_then(|range| range.hosts().next());
        gateways.extend(first.map(IpAddr::V4));
    }
    if !gateways.iter().any(IpAddr::is_ipv6) {
        let first = ranges.ipv6.and_then(|range| range.hosts().nth(1));
        gateways.extend(first.map(IpAddr::V6));
    }
    gateways.extend(of_file);
    gateways
}
