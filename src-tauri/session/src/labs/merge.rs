//! A lab as its file, the engine and the patchbay have it, in one. Pure.

use std::collections::{BTreeMap, BTreeSet};

use labwright_engine::ContainerStatus;
use labwright_jobs::ErrorReport;
use labwright_labs::kinds::{Kind, Kinds, Runs};
use labwright_labs::links::Wired;
use labwright_labs::running::{NodeStanding, NodeState, PortView, RunningLab};
use labwright_labs::topology::{Node, Place, Problem, Severity};

use super::file::LabFile;
use super::links;
use super::pairs::Pair;
use super::{
    FileProblem, LabLink, LabLinkStanding, LabNode, LabNodeStanding, LabPort, LabView, NodeForm,
    TextPlace,
};

/// The kind of a switch that only the patchbay knows.
const SWITCH: &str = "bridge";

/// All that is known of a lab.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'a> {
    pub(super) pair: &'a Pair,
    /// What the patchbay tells; none where it tells nothing.
    pub(super) wired: Option<&'a Wired>,
    /// Whether the engine was asked.
    pub(super) known: bool,
    /// What is wrong with the patchbay.
    pub(super) error: Option<&'a ErrorReport>,
    pub(super) kinds: &'a Kinds,
}

/// The whole lab, but for what jobs did.
pub(crate) fn view(sources: Sources<'_>) -> LabView {
    let Sources { pair, kinds, .. } = sources;
    let file = pair.file.as_deref();
    let standing = pair.lab.as_ref();
    let links = links::links(file.and_then(|file| file.topology.as_deref()), sources);
    LabView {
        key: pair.key.clone(),
        name: pair.name(),
        file: pair.path(),
        file_is_there: file.is_some_and(|file| file.is_there),
        revision: file.map_or_else(String::new, |file| file.revision.clone()),
        owner: standing.map_or_else(String::new, |standing| standing.lab.owner.clone()),
        ours: standing.is_none_or(|standing| standing.lab.ours),
        deployed: standing.is_some(),
        last_job: None,
        known: sources.known,
        problems: file.map_or_else(Vec::new, |file| problems(&file.problems)),
        nodes: nodes(sources, kinds, &links),
        links,
        positions: file.map_or_else(Vec::new, |file| file.positions.clone()),
        error: error(file, sources),
    }
}

/// A file that is not known is no mistake of a lab that runs: somebody else deployed it.
fn error(file: Option<&LabFile>, sources: Sources<'_>) -> Option<ErrorReport> {
    let of_file = file.and_then(|file| file.error.clone());
    let missing = file.is_none() && sources.pair.lab.is_none() && sources.known;
    let missing = missing.then(|| {
        let message = format!("there is no lab {}", sources.pair.name());
        ErrorReport::new("lab_unknown", message).with_hint("It was destroyed, or renamed.")
    });
    of_file.or(missing).or_else(|| sources.error.cloned())
}

fn problems(problems: &[Problem]) -> Vec<FileProblem> {
    let problem = |problem: &Problem| FileProblem {
        is_error: problem.severity == Severity::Error,
        place: place(problem.place),
        message: problem.message.clone(),
        suggestion: problem.suggestion.clone(),
    };
    problems.iter().map(problem).collect()
}

pub(super) fn place(place: Place) -> TextPlace {
    TextPlace {
        line: place.line,
        column: place.column,
    }
}

/// How what the patchbay is made of stands: switches, and the host's ends.
pub(super) fn patchbay_standing(lab: &RunningLab) -> LabNodeStanding {
    match lab.patchbay {
        // Another tool's lab has its switches in the host.
        None if !lab.ours => LabNodeStanding::Ready,
        Some(ContainerStatus::Running) => LabNodeStanding::Ready,
        Some(_) => LabNodeStanding::Stopped,
        None => LabNodeStanding::Absent,
    }
}

/// Those of the file in its order, then those that only the engine has.
fn nodes(sources: Sources<'_>, kinds: &Kinds, links: &[LabLink]) -> Vec<LabNode> {
    let file = sources.pair.file.as_deref();
    let topology = file.and_then(|file| file.topology.as_deref());
    let planned: &[Node] = topology.map_or(&[], |topology| &topology.nodes);
    let standing = sources.pair.lab.as_ref();
    let there: &[NodeState] = standing.map_or(&[], |standing| &standing.nodes);
    let mut nodes = Vec::new();
    for node in planned {
        let state = there.iter().find(|state| state.name == node.name.as_str());
        nodes.push(of_file(node, state, sources, links));
    }
    let known: BTreeSet<String> = nodes.iter().map(|node| node.name.clone()).collect();
    for state in there.iter().filter(|state| !known.contains(&state.name)) {
        let mut node = blank(&state.name, &state.kind, kinds.get(&state.kind));
        take_state(&mut node, state);
        node.ports = ports(&[], Some(state), sources.wired, &node.name);
        nodes.push(node);
    }
    nodes.extend(switches(sources, &nodes, links));
    nodes
}

fn of_file(
    node: &Node,
    state: Option<&NodeState>,
    sources: Sources<'_>,
    links: &[LabLink],
) -> LabNode {
    let name = node.name.as_str();
    let mut told = blank(name, &node.kind, sources.kinds.get(&node.kind));
    told.image = node.settings.image.clone().unwrap_or_default();
    told.place = Some(place(node.place));
    let written: Vec<(String, String)> = node
        .interfaces
        .iter()
        .map(|port| (port.name.to_string(), port.written.clone()))
        .collect();
    match told.form {
        NodeForm::Container => {
            told.container.clone_from(&node.container);
            if let Some(state) = state {
                take_state(&mut told, state);
            }
            told.ports = ports(&written, state, sources.wired, name);
        }
        NodeForm::Switch | NodeForm::Host => {
            let lab = sources.pair.lab.as_ref();
            told.standing = lab.map_or(LabNodeStanding::Absent, |it| patchbay_standing(&it.lab));
            told.ports = linked_ports(name, links);
        }
        NodeForm::Elsewhere => told.ports = ports(&written, None, None, name),
    }
    told
}

fn blank(name: &str, kind: &str, known: Option<&Kind>) -> LabNode {
    let form = match known.map(|kind| kind.runs) {
        Some(Runs::Switch) => NodeForm::Switch,
        Some(Runs::HostNamespace) => NodeForm::Host,
        Some(Runs::Elsewhere) => NodeForm::Elsewhere,
        Some(Runs::Container) | None => NodeForm::Container,
    };
    LabNode {
        name: name.to_owned(),
        kind: kind.to_owned(),
        kind_title: known.map_or_else(|| kind.to_owned(), |kind| kind.title.clone()),
        image: String::new(),
        form,
        place: None,
        standing: LabNodeStanding::Absent,
        reason: String::new(),
        container: String::new(),
        ipv4: String::new(),
        ipv6: String::new(),
        since: String::new(),
        restarts: 0,
        ports: Vec::new(),
        saves: known.is_some_and(|kind| kind.save.is_some()),
    }
}

fn take_state(node: &mut LabNode, state: &NodeState) {
    node.standing = match state.state {
        NodeStanding::Ready => LabNodeStanding::Ready,
        NodeStanding::Booting => LabNodeStanding::Booting,
        NodeStanding::Stopped => LabNodeStanding::Stopped,
        NodeStanding::Failed => LabNodeStanding::Failed,
    };
    node.reason.clone_from(&state.reason);
    node.container.clone_from(&state.container);
    node.ipv4.clone_from(&state.ipv4);
    node.ipv6.clone_from(&state.ipv6);
    node.since.clone_from(&state.since);
    node.restarts = state.restarts;
    if node.image.is_empty() {
        node.image.clone_from(&state.image);
    }
    // A kind that this version does not know, or another tool's: it is there all the same.
    if node.form == NodeForm::Elsewhere {
        node.form = NodeForm::Container;
    }
}

/// Those of the file's links as they are written there, then those that only the patchbay or the container knows.
fn ports(
    written: &[(String, String)],
    state: Option<&NodeState>,
    wired: Option<&Wired>,
    node: &str,
) -> Vec<LabPort> {
    let told = wired.and_then(|wired| wired.ports.get(node));
    let there: &[PortView] = match (told, state) {
        (Some(told), _) => told,
        (None, Some(state)) => &state.ports,
        (None, None) => &[],
    };
    let port = |name: &str, written: &str, there: Option<&PortView>| LabPort {
        name: name.to_owned(),
        written: written.to_owned(),
        wired: there.is_some_and(|port| port.wired),
        carrier: there.is_some_and(|port| port.carrier),
        problem: there.map_or_else(String::new, |port| port.problem.clone()),
    };
    let of_file = written.iter().map(|(name, written)| {
        let there = there.iter().find(|port| port.name == *name);
        port(name, written, there)
    });
    let names: BTreeSet<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
    let others = there
        .iter()
        .filter(|port| !names.contains(port.name.as_str()));
    let others = others.map(|there| port(&there.name, &there.name, Some(there)));
    of_file.chain(others).collect()
}

/// The ports of a switch or the host are those of the links to it.
fn linked_ports(node: &str, links: &[LabLink]) -> Vec<LabPort> {
    let ends = links.iter().flat_map(|link| {
        let own = link.ends.iter().filter(|end| end.node == node);
        own.map(move |end| (end, link.standing))
    });
    let mut ports: BTreeMap<String, LabPort> = BTreeMap::new();
    for (end, standing) in ends {
        let name = end.end.split_once(':').map_or("", |(_, name)| name);
        let up = standing == LabLinkStanding::Up;
        ports.entry(name.to_owned()).or_insert_with(|| LabPort {
            name: name.to_owned(),
            written: end.port.clone(),
            wired: up || standing == LabLinkStanding::Down,
            carrier: up,
            problem: String::new(),
        });
    }
    ports.into_values().collect()
}

/// Switches of a lab whose file is not known: what has links, and is no node and nothing outside.
fn switches(sources: Sources<'_>, known: &[LabNode], links: &[LabLink]) -> Vec<LabNode> {
    let names: BTreeSet<&str> = known.iter().map(|node| node.name.as_str()).collect();
    let ends = links.iter().flat_map(|link| &link.ends);
    let owners = ends.map(|end| end.node.as_str());
    let owners = owners.filter(|owner| !owner.is_empty() && !names.contains(owner));
    let owners: BTreeSet<&str> = owners.collect();
    let switch = |name: &str| {
        let mut node = blank(name, SWITCH, sources.kinds.get(SWITCH));
        let lab = sources.pair.lab.as_ref();
        node.standing = lab.map_or(LabNodeStanding::Absent, |it| patchbay_standing(&it.lab));
        node.ports = linked_ports(name, links);
        node
    };
    owners.into_iter().map(switch).collect()
}
