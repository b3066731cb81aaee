//! Ports: their Linux names, and that each is used once.

use super::context::Context;
use super::problems::shown;
use crate::kinds::{Kind, PortError, Runs};
use crate::topology::{
    Code, Endpoint, Interface, InterfaceName, MacAddress, NetworkMode, Node, Place,
};
use std::collections::{BTreeMap, HashMap};

/// An end of a link as it is written.
pub(super) struct End {
    pub(super) node: String,
    pub(super) written: String,
    pub(super) place: Place,
    pub(super) link: usize,
    pub(super) mac: Option<MacAddress>,
}

/// All ports that links use so far.
pub(super) struct Ends<'k> {
    nodes: HashMap<String, Ports<'k>>,
    /// Interfaces that links make in the engine host's namespace, with how they were written there.
    host: HashMap<InterfaceName, Place>,
    macs: HashMap<MacAddress, Place>,
}

struct Ports<'k> {
    kind: &'k Kind,
    /// Its variables with its kind's.
    environment: BTreeMap<String, String>,
    managed: bool,
    taken: HashMap<InterfaceName, (Place, String)>,
    interfaces: Vec<Interface>,
}

impl<'k> Ends<'k> {
    pub(super) fn new(nodes: &[Node], context: &Context<'k>) -> Self {
        let ports = |node: &Node| {
            let kind = context.kinds.get(&node.kind)?;
            let mut environment = kind.environment.clone();
            environment.extend(node.settings.environment.clone());
            let managed = node.settings.network_mode != NetworkMode::None;
            let (taken, interfaces) = (HashMap::new(), Vec::new());
            Some((
                node.name.to_string(),
                Ports {
                    kind,
                    environment,
                    managed,
                    taken,
                    interfaces,
                },
            ))
        };
        Self {
            nodes: nodes.iter().filter_map(ports).collect(),
            host: HashMap::new(),
            macs: HashMap::new(),
        }
    }

    /// Checks an end and keeps it.
    pub(super) fn take(&mut self, end: End, context: &Context<'_>) -> Option<Endpoint> {
        let Some(ports) = self.nodes.get_mut(end.node.as_str()) else {
            unknown_node(&end, context);
            return None;
        };
        let (node, rules) = (shown(&end.node), &ports.kind.interfaces);
        let named = rules.linux_name(&end.written, &ports.environment, ports.managed);
        let name = named
            .map_err(|error| refused(&error, &end, ports.kind, context))
            .ok()?;
        if let Some((first, written)) = ports.taken.get(&name) {
            let also = if *written == end.written {
                String::new()
            } else {
                format!(" as `{}`", shown(written))
            };
            let what = format!(
                "port `{}` of node `{node}` is used twice{also}",
                shown(&end.written)
            );
            context
                .problems
                .twice(Code::DuplicateInterface, end.place, *first, &what);
            return None;
        }
        ports
            .taken
            .insert(name.clone(), (end.place, end.written.clone()));
        let (link, place, written, mac) = (end.link, end.place, end.written.clone(), end.mac);
        ports.interfaces.push(Interface {
            name: name.clone(),
            written,
            mac,
            link,
            place,
        });
        if ports.kind.runs == Runs::HostNamespace {
            self.take_host(&name, end.place, context);
        }
        self.take_mac(mac, place, context);
        Some(Endpoint {
            node: end.node.parse().ok()?,
            interface: name,
            written: end.written,
            mac,
            place,
        })
    }

    /// Keeps an interface that a link makes on the host.
    pub(super) fn take_host(&mut self, name: &InterfaceName, place: Place, context: &Context<'_>) {
        if let Some(first) = self.host.insert(name.clone(), place) {
            let what = format!("interface `{name}` of the engine's host is made twice");
            context
                .problems
                .twice(Code::DuplicateInterface, place, first, &what);
        }
    }

    fn take_mac(&mut self, mac: Option<MacAddress>, place: Place, context: &Context<'_>) {
        let Some(mac) = mac else { return };
        if mac.0[0] & 1 == 1 {
            let message = format!("`{mac}` is an address of many; a port has one of its own");
            let hint = Some("the first byte must be even".to_owned());
            context
                .problems
                .error_hint(Code::InvalidAddress, place, message, hint);
        } else if let Some(first) = self.macs.insert(mac, place) {
            let message = format!(
                "hardware address `{mac}` is used twice, first in line {}",
                first.line
            );
            context
                .problems
                .warning(Code::DuplicateAddress, place, message, None);
        }
    }

    /// Gives the nodes their ports.
    pub(super) fn into_nodes(mut self, nodes: &mut [Node]) {
        for node in nodes {
            if let Some(ports) = self.nodes.remove(node.name.as_str()) {
                node.interfaces = ports.interfaces;
            }
        }
    }
}

fn unknown_node(end: &End, context: &Context<'_>) {
    if context.nodes.contains(end.node.as_str()) {
        // The node is there, but something of its own is wrong, which is told where it stands.
        return;
    }
    let message = format!(
        "node `{}` in link {} is not defined",
        shown(&end.node),
        end.link
    );
    let hint = context.similar_node(&end.node);
    context
        .problems
        .error_hint(Code::UnknownNode, end.place, message, hint);
}

fn refused(error: &PortError, end: &End, kind: &Kind, context: &Context<'_>) {
    let port = format!(
        "port `{}` of node `{}`",
        shown(&end.written),
        shown(&end.node)
    );
    let (code, message, hint) = match error {
        PortError::Management { .. } => (
            Code::ManagementInterface,
            format!("{port} is its management port, which the management network uses"),
            Some(format!("begin with `{}`", kind.interfaces.first)),
        ),
        PortError::Unknown { help, .. } => (
            Code::InvalidInterface,
            format!("{port} is none that {} has", kind.title),
            Some(format!("it has {help}")),
        ),
        PortError::Low { help, .. } => (
            Code::InvalidInterface,
            format!("{port} lies before its first one"),
            Some(format!("it has {help}")),
        ),
        PortError::Name(reason) => (
            Code::InvalidInterface,
            format!("{port} cannot be an interface of Linux: {reason}"),
            None,
        ),
    };
    context.problems.error_hint(code, end.place, message, hint);
}
