//! What is in the way of a lab: found before anything is made, all of it at once.

use super::address::{Holder, given, part_of, taken};
use super::error::Obstacle;
use super::make::Planner;
use crate::labels;
use crate::topology::{Content, NetworkMode, Node, read_environment_file};
use ipnet::IpNet;
use labwright_engine::ContainerSummary;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Everything that is in the way, in the order of the file; images that are `missing` first.
pub(super) fn check(planner: &Planner<'_>, missing: Vec<Obstacle>) -> Vec<Obstacle> {
    let mut obstacles = missing;
    management(planner, &mut obstacles);
    room(planner, &mut obstacles);
    others(planner, &mut obstacles);
    for node in &planner.topology.nodes {
        let Some(kind) = planner.kinds.get(&node.kind) else {
            continue;
        };
        if kind.runs == crate::kinds::Runs::Elsewhere {
            let needs = kind.needs.as_deref().unwrap_or("something else");
            obstacles.push(of_node(
                node,
                "kind_not_here",
                format!(
                    "node {} is of kind {}, which does not run here: it would need {needs}",
                    node.name, kind.name
                ),
                "Use another kind, or another tool for this node.",
            ));
        }
    }
    let taken = taken(planner);
    for (_, node, _) in planner.containers() {
        image(planner, node, &mut obstacles);
        names(planner, node, &mut obstacles);
        addresses(node, &taken, &mut obstacles);
        host(planner, node, &mut obstacles);
        files(planner, node, &mut obstacles);
    }
    obstacles.extend(super::check_wiring::links(planner.topology, planner.kinds));
    memory(planner, &mut obstacles);
    obstacles
}

fn of_node(node: &Node, code: &'static str, message: String, hint: impl Into<String>) -> Obstacle {
    Obstacle {
        code,
        node: Some(node.name.to_string()),
        message,
        hint: hint.into(),
    }
}

fn image(planner: &Planner<'_>, node: &Node, obstacles: &mut Vec<Obstacle>) {
    let Some(image) = node.settings.image.as_deref() else {
        return obstacles.push(of_node(
            node,
            "image_not_named",
            format!("node {} names no image", node.name),
            "Give it, its kind or the defaults an image.",
        ));
    };
    let Some(facts) = planner.survey.images.get(image) else {
        return;
    };
    if facts.architecture != planner.survey.architecture {
        obstacles.push(of_node(
            node,
            "image_architecture",
            format!(
                "image {image} of node {} is for {}, and {} runs {}",
                node.name, facts.architecture, planner.survey.engine, planner.survey.architecture
            ),
            "Bring the image for the engine's architecture.",
        ));
    }
}

/// A lab of the same name that is another one: its nodes would be removed.
fn others(planner: &Planner<'_>, obstacles: &mut Vec<Obstacle>) {
    let lab = planner.topology.name.as_str();
    let there = planner.survey.nodes(lab);
    let is_foreign = |container: &ContainerSummary| !container.labels.contains_key(labels::ROLE);
    if there.values().any(|container| is_foreign(container)) {
        return obstacles.push(Obstacle {
            code: "lab_of_containerlab",
            node: None,
            message: format!("lab {lab} runs already, and containerlab deployed it"),
            hint: "Destroy it with containerlab first.".to_owned(),
        });
    }
    let file = planner.topology.file.to_string_lossy();
    let wanted = |name: &str| {
        planner
            .topology
            .nodes
            .iter()
            .any(|node| node.name.as_str() == name)
    };
    let elsewhere = there.iter().find_map(|(name, container)| {
        let of = container.labels.get(labels::FILE)?;
        (!wanted(name) && *of != file).then_some((name, of))
    });
    if let Some((name, of)) = elsewhere {
        obstacles.push(Obstacle {
            code: "lab_of_another_file",
            node: None,
            message: format!(
                "lab {lab} runs already, deployed from {of}, and its node {name} is not in this file"
            ),
            hint: format!("Give this lab another name, or remove that one: lw lab destroy {lab}"),
        });
    }
}

fn names(planner: &Planner<'_>, node: &Node, obstacles: &mut Vec<Obstacle>) {
    let lab = planner.topology.name.as_str();
    let mut same = planner.survey.containers.iter();
    let Some(other) = same.find(|container| container.name == node.container) else {
        return;
    };
    match other.labels.get(labels::LAB) {
        Some(of) if of == lab && other.labels.contains_key(labels::ROLE) => {}
        // Said once, of the whole lab.
        Some(of) if of == lab => {}
        of => obstacles.push(of_node(
            node,
            "name_taken",
            format!(
                "the name {} of node {} belongs to a container of {}",
                node.container,
                node.name,
                of.map_or("somebody else".to_owned(), |of| format!("lab {of}"))
            ),
            "Rename the lab or its prefix, or remove that container.",
        )),
    }
}

/// Addresses that the file gives a node, and that somebody else has.
fn addresses(node: &Node, taken: &BTreeMap<IpAddr, Holder<'_>>, obstacles: &mut Vec<Obstacle>) {
    let settings = &node.settings;
    if settings.network_mode != NetworkMode::Management {
        return;
    }
    let wanted = [
        ("mgmt-ipv4", settings.management_ipv4.map(IpAddr::V4)),
        ("mgmt-ipv6", settings.management_ipv6.map(IpAddr::V6)),
    ];
    for (key, address) in wanted {
        let Some((address, holder)) = address.and_then(|address| taken.get_key_value(&address))
        else {
            continue;
        };
        let hint = match holder {
            Holder::Gateway => format!("Give the node another {key}."),
            Holder::Container(_) => {
                format!("Give the node another {key}, or remove that container.")
            }
        };
        obstacles.push(of_node(
            node,
            "address_taken",
            format!(
                "address {address} of node {} belongs to {holder}",
                node.name
            ),
            hint,
        ));
    }
}

fn host(planner: &Planner<'_>, node: &Node, obstacles: &mut Vec<Obstacle>) {
    let settings = &node.settings;
    for port in settings.ports.iter().filter_map(|port| port.host_port) {
        if planner.survey.taken_ports.contains(&port) {
            obstacles.push(of_node(
                node,
                "port_taken",
                format!(
                    "port {port} of the host, which node {} wants, is in use",
                    node.name
                ),
                "Publish another port, or end what uses it.",
            ));
        }
    }
    for bind in &settings.binds {
        let source = bind.source.display();
        if !planner.survey.local {
            obstacles.push(of_node(
                node,
                "bind_remote",
                format!(
                    "node {} mounts {source}, and {} runs on another machine",
                    node.name, planner.survey.engine
                ),
                "Binds work with an engine of this machine; put files into the image, or use startup-config.",
            ));
        } else if !bind.source.exists() {
            obstacles.push(of_node(
                node,
                "bind_missing",
                format!("node {} mounts {source}, which is not there", node.name),
                "Make it, or correct the path in binds.",
            ));
        }
    }
}

fn files(planner: &Planner<'_>, node: &Node, obstacles: &mut Vec<Obstacle>) {
    let settings = &node.settings;
    for content in [&settings.startup_config, &settings.license]
        .into_iter()
        .flatten()
    {
        if let Content::Url(url) = content {
            obstacles.push(of_node(
                node,
                "file_is_url",
                format!(
                    "node {} takes a file from {url}, which is not fetched",
                    node.name
                ),
                "Download it, and name the file.",
            ));
        }
        if let Content::File(path) = content {
            file(planner, node, path, obstacles);
        }
    }
    for path in &settings.environment_files {
        file(planner, node, path, obstacles);
        let text = planner.survey.files.get(path);
        let read = text
            .and_then(|text| text.as_ref().ok())
            .map(|text| read_environment_file(text));
        if let Some(Err(why)) = read {
            obstacles.push(of_node(
                node,
                "file_unreadable",
                format!("{} of node {}: {why}", path.display(), node.name),
                "Correct the file: each line is NAME=value.",
            ));
        }
    }
}

fn file(planner: &Planner<'_>, node: &Node, path: &std::path::Path, obstacles: &mut Vec<Obstacle>) {
    if let Some(Err(why)) = planner.survey.files.get(path) {
        obstacles.push(of_node(
            node,
            "file_unreadable",
            format!(
                "{} of node {} cannot be read: {why}",
                path.display(),
                node.name
            ),
            "Correct the path; it is relative to the topology's file.",
        ));
    }
}

fn memory(planner: &Planner<'_>, obstacles: &mut Vec<Obstacle>) {
    let has = planner.survey.capacity.memory;
    for (_, node, _) in planner.containers() {
        if let Some(wants) = node.settings.memory.filter(|wants| has > 0 && *wants > has) {
            obstacles.push(of_node(
                node,
                "memory_short",
                format!(
                    "node {} wants {} MiB of memory, and {}'s machine has {} MiB",
                    node.name,
                    wants >> 20,
                    planner.survey.engine,
                    has >> 20
                ),
                "Lower its memory, or use a larger machine's engine.",
            ));
        }
    }
}

fn management(planner: &Planner<'_>, obstacles: &mut Vec<Obstacle>) {
    let management = &planner.topology.management;
    let used = planner
        .containers()
        .any(|(_, node, _)| node.settings.network_mode == NetworkMode::Management);
    if !used {
        return;
    }
    let name = &management.network;
    let wanted: Vec<IpNet> = management
        .ipv4
        .subnet
        .fixed()
        .map(IpNet::V4)
        .into_iter()
        .chain(management.ipv6.subnet.fixed().map(IpNet::V6))
        .collect();
    if let Some(network) = planner.survey.network(name) {
        let has: Vec<IpNet> = network
            .subnets
            .iter()
            .filter_map(|subnet| subnet.range.parse().ok())
            .collect();
        let four = |nets: &[IpNet]| nets.iter().copied().find(|net| matches!(net, IpNet::V4(_)));
        if let (Some(wants), Some(has)) = (four(&wanted), four(&has))
            && wants != has
        {
            obstacles.push(Obstacle {
                code: "network_other",
                node: None,
                message: format!("network {name} is there with {has}, and the file wants {wants}"),
                hint: "Give mgmt another network name, or the subnet that is there.".to_owned(),
            });
        }
        return;
    }
    for (net, other) in planner.survey.subnets_besides(name) {
        let overlaps = |wants: &&IpNet| wants.contains(&net) || net.contains(*wants);
        if let Some(wants) = wanted.iter().find(overlaps) {
            obstacles.push(Obstacle {
                code: "subnet_taken",
                node: None,
                message: format!("{wants} of network {name} overlaps {net} of network {other}"),
                hint: "Give mgmt another ipv4-subnet and ipv6-subnet.".to_owned(),
            });
        }
    }
}

/// Ranges of the management network that have no address left for each node that wants one.
fn room(planner: &Planner<'_>, obstacles: &mut Vec<Obstacle>) {
    let management = &planner.topology.management;
    let (ranges, given) = (planner.ranges(), given(planner));
    let four = part_of(management.ipv4.range, ranges.ipv4).map(IpNet::V4);
    let six = part_of(management.ipv6.range, ranges.ipv6).map(IpNet::V6);
    let without_four = given.values().filter(|given| given.ipv4.is_none()).count();
    let without_six = given.values().filter(|given| given.ipv6.is_none()).count();
    let (part_of_four, part_of_six) = (
        management.ipv4.range.is_some(),
        management.ipv6.range.is_some(),
    );
    let families = [
        ("ipv4", four, without_four, part_of_four),
        ("ipv6", six, without_six, part_of_six),
    ];
    let there = planner.survey.network(&management.network).is_some();
    for (family, range, without, is_part) in families {
        let Some(range) = range.filter(|_| without > 0) else {
            continue;
        };
        let hint = match (is_part, there) {
            (true, _) => format!("Give mgmt a larger {family}-range."),
            (false, true) => format!("Give mgmt another network, with a larger {family}-subnet."),
            (false, false) => format!("Give mgmt a larger {family}-subnet."),
        };
        obstacles.push(Obstacle {
            code: "addresses_used_up",
            node: None,
            message: format!(
                "network {} has no address left in {range} for {without} of the {} nodes that want one",
                management.network,
                given.len()
            ),
            hint,
        });
    }
}
