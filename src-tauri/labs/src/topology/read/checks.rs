//! What only all nodes together show: ports of the host, names of containers.

use super::addresses::Places;
use super::context::Context;
use crate::topology::{Code, NetworkMode, Node, PortMapping};
use std::collections::HashMap;
use std::net::IpAddr;

/// Ports of the host that are offered twice.
pub(super) fn host_ports(nodes: &[Node], places: &Places<'_>, context: &Context<'_>) {
    let mut taken: HashMap<_, Vec<(Option<IpAddr>, &Node)>> = HashMap::new();
    for node in nodes {
        let place = places.of(node, "ports");
        if !node.settings.ports.is_empty() && node.settings.network_mode != NetworkMode::Management
        {
            let message = format!("`ports` of node `{}` have no effect", node.name);
            let hint = "its network mode keeps it off the management network".to_owned();
            context
                .problems
                .warning(Code::NoEffect, place, message, Some(hint));
            continue;
        }
        for mapping in &node.settings.ports {
            let PortMapping {
                host_port: Some(port),
                ..
            } = mapping
            else {
                continue;
            };
            if *port == 0 {
                continue;
            }
            let users = taken.entry((*port, mapping.protocol)).or_default();
            let clash = users
                .iter()
                .find(|(address, _)| overlap(*address, mapping.host_address));
            if let Some((_, first)) = clash {
                let other = if first.name == node.name {
                    "it".to_owned()
                } else {
                    format!("node `{}`", first.name)
                };
                let what = format!(
                    "port {port} of the host is offered by node `{}`, and by {other} too",
                    node.name
                );
                context.problems.twice(
                    Code::DuplicatePort,
                    place,
                    places.of(first, "ports"),
                    &what,
                );
            }
            users.push((mapping.host_address, node));
        }
    }
}

fn overlap(a: Option<IpAddr>, b: Option<IpAddr>) -> bool {
    let any = |address: Option<IpAddr>| address.is_none_or(|address| address.is_unspecified());
    any(a) || any(b) || a == b
}

/// Names that engines take for containers have two characters at least (Docker's `RestrictedNameChars`).
pub(super) fn container_names(nodes: &[Node], context: &Context<'_>) {
    for node in nodes
        .iter()
        .filter(|node| node.container.chars().count() < 2)
    {
        let message = format!(
            "the container of node `{}` would be called `{}`",
            node.name, node.container
        );
        let hint = "with an empty prefix a node's name needs two characters".to_owned();
        context
            .problems
            .error_hint(Code::InvalidName, node.place, message, Some(hint));
    }
}
