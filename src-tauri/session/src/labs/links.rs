//! The links of a lab as its file and its patchbay have them, in one. Pure.

use labwright_engine::ContainerStatus;
use labwright_labs::links::{Impairments, ListedLink, Wired};
use labwright_labs::plan::link_ends;
use labwright_labs::topology::{Endpoint, Link, LinkForm, Topology, Tunnel, TunnelRemote};

use super::merge::{Sources, place};
use super::{LabEnd, LabLink, LabLinkStanding, LinkImpairments};

/// What the patchbay calls ends that are no node's.
const HOST: &str = "host";
const MANAGEMENT: &str = "mgmt-net";

/// Those of the file in its order, then those that only the patchbay has.
pub(super) fn links(topology: Option<&Topology>, sources: Sources<'_>) -> Vec<LabLink> {
    let none = Vec::new();
    let wired = sources.wired.map_or(&none, |wired: &Wired| &wired.links);
    let mut left: Vec<&ListedLink> = wired.iter().collect();
    let unheard = unheard(sources);
    let planned = topology.map(|topology| link_ends(topology, sources.kinds));
    let mut links = Vec::new();
    for (link, names) in planned.into_iter().flatten() {
        let ends = of_file(link, names.map(|name| name.map(|name| name.to_string())));
        let there = left.iter().position(|there| same(there, &ends));
        let there = there.map(|at| left.remove(at));
        links.push(told(ends, Some(link), there, unheard));
    }
    let others = left.into_iter();
    links
        .extend(others.map(|there| told(of_patchbay(there, topology), None, Some(there), unheard)));
    links
}

/// Why nobody knows how links stand. None where somebody does, and where there is nothing that could hold them.
fn unheard(sources: Sources<'_>) -> Option<&'static str> {
    let lab = &sources.pair.lab.as_ref()?.lab;
    if sources.wired.is_some() {
        return None;
    }
    if !lab.ours {
        return Some("held by containerlab, which does not tell");
    }
    match lab.patchbay? {
        ContainerStatus::Running if sources.error.is_none() => {
            Some("the patchbay was not asked yet")
        }
        ContainerStatus::Running => Some("the patchbay does not answer"),
        ContainerStatus::Paused | ContainerStatus::Restarting => Some("the patchbay does not run"),
        // It took its links with it.
        ContainerStatus::Created
        | ContainerStatus::Removing
        | ContainerStatus::Exited
        | ContainerStatus::Dead => None,
    }
}

/// A link has no first end.
fn same(link: &ListedLink, ends: &[LabEnd; 2]) -> bool {
    let ([a, b], [c, d]) = (&link.link.ends, ends);
    (*a == c.end && *b == d.end) || (*a == d.end && *b == c.end)
}

fn told(
    ends: [LabEnd; 2],
    link: Option<&Link>,
    there: Option<&ListedLink>,
    unheard: Option<&str>,
) -> LabLink {
    let none = [LinkImpairments::default(); 2];
    let impairments = there.map_or(none, |there| {
        let [one, other] = there.impairments.each_ref().map(impairments);
        if there.link.ends[0] == ends[0].end {
            [one, other]
        } else {
            [other, one]
        }
    });
    LabLink {
        number: link.and_then(|link| u32::try_from(link.number).ok()),
        place: link.map(|link| place(link.place)),
        standing: match (there, unheard) {
            (Some(there), _) => standing(there),
            (None, Some(_)) => LabLinkStanding::Unknown,
            (None, None) => LabLinkStanding::Absent,
        },
        reason: match there {
            Some(there) => there.link.reason.clone(),
            None => unheard.unwrap_or_default().to_owned(),
        },
        impairments,
        ends,
    }
}

fn standing(link: &ListedLink) -> LabLinkStanding {
    match link.link.state.as_str() {
        "up" => LabLinkStanding::Up,
        "down" => LabLinkStanding::Down,
        "waiting" => LabLinkStanding::Waiting,
        _ => LabLinkStanding::Failed,
    }
}

fn impairments(told: &Impairments) -> LinkImpairments {
    LinkImpairments {
        delay_us: told.delay_us,
        jitter_us: told.jitter_us,
        loss_ppm: told.loss_ppm,
        corruption_ppm: told.corruption_ppm,
        rate_bps: told.rate_bps,
    }
}

/// The ends as the file has them. One that the wiring has no name for is named as the file does.
fn of_file(link: &Link, names: [Option<String>; 2]) -> [LabEnd; 2] {
    let [one, other] = names;
    let node = |endpoint: &Endpoint, name: Option<String>| LabEnd {
        end: name.unwrap_or_else(|| format!("{}:{}", endpoint.node, endpoint.interface)),
        node: endpoint.node.to_string(),
        port: endpoint.written.clone(),
    };
    let outside = |what: String| LabEnd {
        end: other.clone().unwrap_or_default(),
        node: String::new(),
        port: what,
    };
    match &link.form {
        LinkForm::Veth { a, b } => [node(a, one), node(b, other)],
        LinkForm::Host {
            endpoint,
            host_interface,
        } => [
            node(endpoint, one),
            outside(of_host(host_interface.as_str())),
        ],
        LinkForm::ManagementNet {
            endpoint,
            host_interface,
        } => [
            node(endpoint, one),
            outside(of_management(host_interface.as_str())),
        ],
        LinkForm::Macvlan {
            endpoint,
            host_interface,
            ..
        } => [
            node(endpoint, one),
            outside(format!("macvlan of {host_interface}")),
        ],
        LinkForm::Dummy { endpoint } => [node(endpoint, one), outside("nothing".to_owned())],
        LinkForm::Vxlan { endpoint, tunnel } | LinkForm::VxlanStitch { endpoint, tunnel } => {
            [node(endpoint, one), outside(of_tunnel(tunnel))]
        }
    }
}

fn of_tunnel(tunnel: &Tunnel) -> String {
    let remote = match &tunnel.remote {
        TunnelRemote::Address(address) => address.to_string(),
        TunnelRemote::Name(name) => name.clone(),
    };
    format!("vxlan {} to {remote}", tunnel.vni)
}

fn of_host(interface: &str) -> String {
    format!("{interface} of the host")
}

fn of_management(interface: &str) -> String {
    format!("{interface} in the management network")
}

/// The ends of a link that no file explains: only names of ends outside have a slash.
fn of_patchbay(link: &ListedLink, topology: Option<&Topology>) -> [LabEnd; 2] {
    link.link.ends.each_ref().map(|end| {
        let (owner, interface) = end.split_once(':').unwrap_or((end.as_str(), ""));
        let outside = match owner {
            HOST => Some(of_host(interface)),
            MANAGEMENT => Some(of_management(interface)),
            _ => owner.split_once('/').map(|(beside, _)| {
                let word = beside.split_once('-').map_or(beside, |(word, _)| word);
                match word {
                    "dummy" => "nothing".to_owned(),
                    "vxlan" => format!("vxlan {}", interface.trim_start_matches("vx")),
                    word => format!("{word} of {interface}"),
                }
            }),
        };
        let node = match outside {
            Some(_) => String::new(),
            None => owner.to_owned(),
        };
        LabEnd {
            end: end.clone(),
            port: outside.unwrap_or_else(|| written(topology, owner, interface)),
            node,
        }
    })
}

/// A port as the file has it, where it does.
fn written(topology: Option<&Topology>, node: &str, port: &str) -> String {
    let node = topology.and_then(|topology| topology.node(node));
    let ports = node.into_iter().flat_map(|node| &node.interfaces);
    let found = ports
        .into_iter()
        .find(|interface| interface.name.as_str() == port);
    found.map_or_else(|| port.to_owned(), |found| found.written.clone())
}
