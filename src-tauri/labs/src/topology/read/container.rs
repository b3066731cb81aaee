//! Settings that name another container: `network-mode` and `pid-mode`.

use super::context::Context;
use super::fields::Found;
use super::levels::Levels;
use super::problems::shown;
use crate::topology::{Code, NetworkMode, NodeName};

/// The network of a node.
pub(super) fn network_mode(levels: &Levels<'_>, context: &Context<'_>) -> NetworkMode {
    let mode = levels
        .nearest("network-mode")
        .and_then(|found| parse(found, context));
    mode.unwrap_or_default()
}

fn parse(found: Found<'_>, context: &Context<'_>) -> Option<NetworkMode> {
    let text = found.text()?;
    match text.to_ascii_lowercase().as_str() {
        "none" => return Some(NetworkMode::None),
        "host" => return Some(NetworkMode::Host),
        "bridge" => return Some(NetworkMode::Management),
        _ => {}
    }
    let Some(name) = text
        .strip_prefix("container:")
        .filter(|name| !name.is_empty())
    else {
        return found.invalid("`none`, `host` or `container:<node>`");
    };
    if let Some(node) = node_of(name, context) {
        return Some(NetworkMode::Node(node));
    }
    let owner = found.owner;
    let message = format!(
        "`network-mode` of {owner} names `{}`, which is no node of this topology",
        shown(name)
    );
    let hint = context.similar_node(name);
    let hint = hint
        .unwrap_or_else(|| "a container of that name must run when the lab is deployed".to_owned());
    context
        .problems
        .warning(Code::UnknownNode, found.place(), message, Some(hint));
    Some(NetworkMode::Container(name.to_owned()))
}

/// The node that a name stands for: its own, or its container's.
fn node_of(name: &str, context: &Context<'_>) -> Option<NodeName> {
    let is_container = |node: &&&str| {
        let parsed = node.parse::<NodeName>();
        parsed.is_ok_and(|node| context.prefix.container_name(context.lab, &node) == name)
    };
    let direct = context.nodes.get(name);
    let node = direct.or_else(|| context.nodes.iter().find(is_container))?;
    node.parse().ok()
}

/// `pid-mode`, with a node's container in place of the node.
pub(super) fn pid_mode(levels: &Levels<'_>, context: &Context<'_>) -> Option<String> {
    let text = levels.text("pid-mode")?;
    let node = text
        .strip_prefix("container:")
        .and_then(|name| context.nodes.get(name));
    let node = node.and_then(|name| name.parse().ok());
    let container = |node| {
        format!(
            "container:{}",
            context.prefix.container_name(context.lab, &node)
        )
    };
    Some(node.map_or(text, container))
}
