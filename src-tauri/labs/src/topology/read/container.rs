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

/// `pid-mode`: `host`, or none. Where a node is to share another container's processes, that is told where it is written.
pub(super) fn pid_mode(levels: &Levels<'_>) -> Option<String> {
    let found = levels.nearest("pid-mode")?;
    let text = found.text()?;
    let container = text.strip_prefix("container:");
    if text == "private" || container.is_some_and(|name| !name.is_empty()) {
        return None;
    }
    let host = (text == "host").then(|| text.to_owned());
    host.or_else(|| found.invalid("`host`, or nothing"))
}
