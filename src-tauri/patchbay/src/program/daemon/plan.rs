//! What each end's interface should be like, and what must be asked for so that it is. Plain functions.

use std::collections::BTreeMap;

use labwright_patchbay::{
    EndName, Impairments, Link, LinkEnd, MacAddress, MacvlanMode, Outside, OutsideKind, Wiring,
};

use super::super::netlink::{
    Matching, Request, no_queue, no_redirect, port_of, queue, redirect, set_mac, set_up,
};

/// Where frames go that come in at an end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Target {
    /// Nowhere.
    #[default]
    Nothing,
    /// Out of the interface of this number.
    Redirect(u32),
    /// Through the switch of this number.
    PortOf(u32),
}

/// What an end's interface should be like. A new one is like the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) up: bool,
    pub(super) target: Target,
    pub(super) impairments: Impairments,
    pub(super) mac: Option<MacAddress>,
}

/// What there is: the numbers of the interfaces of ends, and of switches.
#[derive(Clone, Debug, Default)]
pub(super) struct Present {
    pub(super) ends: BTreeMap<EndName, u32>,
    pub(super) switches: BTreeMap<String, u32>,
}

/// What every interface that is there should be like.
pub(super) fn settings(wiring: &Wiring, present: &Present) -> BTreeMap<EndName, Setting> {
    let unlinked = present
        .ends
        .keys()
        .map(|end| (end.clone(), Setting::default()));
    let mut settings: BTreeMap<_, _> = unlinked.collect();
    let macs = macs_of_macvlans(wiring);
    for link in &wiring.links {
        let [a, b] = &link.ends;
        for (side, other) in [(a, b), (b, a)] {
            if let Some(setting) = settings.get_mut(&side.end) {
                *setting = linked(wiring, present, link, side, other);
                setting.mac = macs.get(&side.end).copied();
            }
        }
    }
    settings
}

/// An end stays up while the other one is missing: a node that restarts takes no neighbour's carrier away.
fn linked(
    wiring: &Wiring,
    present: &Present,
    link: &Link,
    side: &LinkEnd,
    other: &LinkEnd,
) -> Setting {
    let switch = present.switches.get(other.end.owner());
    let switch = switch.filter(|_| wiring.is_switch(other.end.owner()));
    let target = match (switch, present.ends.get(&other.end)) {
        (Some(bridge), _) => Target::PortOf(*bridge),
        (None, Some(index)) => Target::Redirect(*index),
        (None, None) => Target::Nothing,
    };
    Setting {
        up: link.up,
        target,
        impairments: side.impairments,
        mac: None,
    }
}

/// A macvlan has the address of the port that it is linked to; one that passes everything through needs none.
fn macs_of_macvlans(wiring: &Wiring) -> BTreeMap<EndName, MacAddress> {
    let mut macs = BTreeMap::new();
    for outside in &wiring.outside {
        let OutsideKind::Macvlan { mode, .. } = &outside.kind else {
            continue;
        };
        let link = wiring.link_of(&outside.end);
        let other = link.and_then(|link| link.other(&outside.end));
        let port = other.and_then(|side| wiring.ports.iter().find(|p| p.end == side.end));
        if let Some(port) = port.filter(|_| *mode != MacvlanMode::Passthru) {
            macs.insert(outside.end.clone(), port.mac);
        }
    }
    macs
}

/// Which of the ends outside that are `there` must go before those that are `wanted` can be made. What is wanted as it
/// is stays.
pub(super) fn in_the_way(wanted: &[Outside], there: &[Outside]) -> Vec<EndName> {
    let missing = wanted.iter().filter(|outside| !there.contains(outside));
    let missing: Vec<&Outside> = missing.collect();
    let unwanted = there.iter().filter(|outside| !wanted.contains(outside));
    let in_the_way = unwanted.filter(|old| missing.iter().any(|new| exclude(old, new)));
    in_the_way.map(|old| old.end.clone()).collect()
}

/// Whether there can be only one of two ends: they have the same name, here or in the engine's host, or take the same
/// of it. A tunnel is known by its network and port, whoever is at its other side; and a macvlan may want its parent,
/// or the hardware address that it has there, for itself.
fn exclude(one: &Outside, other: &Outside) -> bool {
    if one.end == other.end {
        return true;
    }
    match (&one.kind, &other.kind) {
        (OutsideKind::Host { .. }, OutsideKind::Host { .. }) => {
            one.end.interface() == other.end.interface()
        }
        (
            OutsideKind::Macvlan { parent, .. },
            OutsideKind::Macvlan {
                parent: another, ..
            },
        ) => parent == another,
        (
            OutsideKind::Vxlan { vni, udp_port, .. },
            OutsideKind::Vxlan {
                vni: another,
                udp_port: another_port,
                ..
            },
        ) => (vni, udp_port) == (another, another_port),
        _ => false,
    }
}

/// What must be asked for so that the interface of this number is like `to`, if it is like `from`. It goes down first
/// and comes up last.
pub(super) fn changes(
    index: u32,
    from: &Setting,
    to: &Setting,
    matching: Matching,
) -> Vec<Request> {
    let mut requests = Vec::new();
    if from.up && !to.up {
        requests.push(set_up(index, false));
    }
    if from.target != to.target {
        requests.extend(without(index, from.target));
    }
    requests.extend(
        to.mac
            .filter(|mac| from.mac != Some(*mac))
            .map(|mac| set_mac(index, mac)),
    );
    if from.impairments != to.impairments {
        requests.extend(queues(index, &from.impairments, &to.impairments));
    }
    if from.target != to.target {
        requests.extend(with(index, to.target, matching));
    }
    if to.up && !from.up {
        requests.push(set_up(index, true));
    }
    requests
}

/// What brings an interface back to the default from wherever it is. Some of it will be refused.
pub(super) fn resets(index: u32) -> [Request; 4] {
    [
        set_up(index, false),
        no_redirect(index),
        port_of(index, 0),
        no_queue(index),
    ]
}

fn without(index: u32, target: Target) -> Option<Request> {
    match target {
        Target::Nothing => None,
        Target::Redirect(_) => Some(no_redirect(index)),
        Target::PortOf(_) => Some(port_of(index, 0)),
    }
}

fn with(index: u32, target: Target, matching: Matching) -> Option<Request> {
    match target {
        Target::Nothing => None,
        Target::Redirect(to) => Some(redirect(index, to, matching)),
        Target::PortOf(bridge) => Some(port_of(index, bridge)),
    }
}

/// A queue of another kind cannot take a queue's place under the same handle: the old one goes first.
fn queues(index: u32, from: &Impairments, to: &Impairments) -> Vec<Request> {
    let old = (!from.is_none()).then(|| no_queue(index));
    let new = (!to.is_none()).then(|| queue(index, to));
    let keep = from.needs_netem() == to.needs_netem() && new.is_some();
    old.filter(|_| !keep).into_iter().chain(new).collect()
}

#[cfg(test)]
mod tests;
