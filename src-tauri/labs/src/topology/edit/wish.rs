//! What may be asked for.

use super::error::{EditError, Need};
use super::link::End;
use crate::kinds::{Kinds, Runs};
use crate::topology::{Link, NetworkMode, Node, NodeName, Topology};
use std::collections::BTreeSet;
use std::fmt;

/// What short ends of links begin with that are no node's (containerlab 0.79, `links/link_brief.go`).
const OUTSIDE: [&str; 4] = ["host", "mgmt-net", "macvlan", "dummy"];

/// A change of a topology's text that the drawing asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Add a node after the last.
    AddNode {
        /// Its name.
        name: String,
        /// Its kind.
        kind: String,
        /// Its image; empty to leave it to the kind or the defaults.
        image: String,
    },
    /// Add a link after the last.
    AddLink {
        /// Its ends, as files write them: `leaf1:eth1`.
        ends: [String; 2],
    },
    /// Give a node another name, wherever the file names it.
    RenameNode {
        /// Its name.
        from: String,
        /// The new one.
        to: String,
    },
    /// Remove nodes with the links that they have, and further links.
    Delete {
        /// Their names.
        nodes: Vec<String>,
        /// The links.
        links: Vec<ChosenLink>,
    },
}

/// A link that somebody chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenLink {
    /// Its number, from 1.
    pub number: u32,
    /// Its ends when it was chosen, as Linux knows their ports: another link may have its number now. None where only the
    /// number counts.
    pub ends: Option<[String; 2]>,
}

impl fmt::Display for Edit {
    /// "add node `leaf1`".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |name: &String| format!("`{}`", name.escape_debug());
        match self {
            Self::AddNode { name, .. } => write!(f, "add node {}", quoted(name)),
            Self::AddLink { ends: [a, b] } => {
                write!(f, "add a link from {} to {}", quoted(a), quoted(b))
            }
            Self::RenameNode { from, to } => {
                write!(f, "rename node {} to {}", quoted(from), quoted(to))
            }
            Self::Delete { nodes, links } => {
                let nodes: Vec<String> = nodes.iter().map(quoted).collect();
                let links: Vec<String> = links.iter().map(|link| link.number.to_string()).collect();
                match (nodes.as_slice(), links.as_slice()) {
                    (nodes, []) => write!(f, "delete {}", listed("node", nodes)),
                    ([], links) => write!(f, "delete {}", listed("link", links)),
                    (nodes, links) => {
                        let (nodes, links) = (listed("node", nodes), listed("link", links));
                        write!(f, "delete {nodes} and {links}")
                    }
                }
            }
        }
    }
}

fn listed(noun: &str, objects: &[String]) -> String {
    let plural = if objects.len() == 1 { "" } else { "s" };
    format!("{noun}{plural} {}", objects.join(", "))
}

/// A change that has been checked against the topology that it is for.
#[derive(Debug)]
pub(super) enum Wish<'e> {
    Node {
        name: NodeName,
        kind: &'e str,
        image: &'e str,
    },
    Link {
        ends: [End<'e>; 2],
    },
    Name {
        from: NodeName,
        to: NodeName,
    },
    /// Names of nodes, and numbers of links from 0.
    Less {
        nodes: BTreeSet<&'e str>,
        links: BTreeSet<usize>,
    },
}

/// Whether a short end that begins with this is no node's.
pub(super) fn is_outside(node: &str) -> bool {
    OUTSIDE.contains(&node.trim().to_ascii_lowercase().as_str())
}

/// Checks a change as far as the topology tells.
pub(super) fn wish<'e>(
    edit: &'e Edit,
    topology: &Topology,
    kinds: &Kinds,
) -> Result<Wish<'e>, EditError> {
    match edit {
        Edit::AddNode { name, kind, image } => Ok(Wish::Node {
            name: free(name, topology)?,
            kind: kind.trim(),
            image: image.trim(),
        }),
        Edit::AddLink { ends: [a, b] } => {
            let ends = [end(a)?, end(b)?];
            ports(ends, topology, kinds)?;
            Ok(Wish::Link { ends })
        }
        Edit::RenameNode { from, to } => {
            let from = &known(from, topology)?.name;
            let same = from.as_str() == to;
            Ok(Wish::Name {
                from: from.clone(),
                to: if same {
                    from.clone()
                } else {
                    free(to, topology)?
                },
            })
        }
        Edit::Delete { nodes, links } => {
            let nodes: BTreeSet<&str> = nodes.iter().map(String::as_str).collect();
            for node in &nodes {
                known(node, topology)?;
            }
            needed(&nodes, topology)?;
            let gone = topology.links.iter().filter(|link| {
                let mut ends = link.endpoints().into_iter();
                ends.any(|end| nodes.contains(end.node.as_str()))
            });
            let mut gone: BTreeSet<usize> = gone.map(|link| link.number - 1).collect();
            for chosen in links {
                gone.insert(link(chosen, topology, kinds)?.number - 1);
            }
            Ok(Wish::Less { nodes, links: gone })
        }
    }
}

/// The link that was chosen, if it is the same still.
fn link<'t>(
    chosen: &ChosenLink,
    topology: &'t Topology,
    kinds: &Kinds,
) -> Result<&'t Link, EditError> {
    let number = chosen.number;
    let at = usize::try_from(number)
        .ok()
        .and_then(|at| at.checked_sub(1));
    let link = at.and_then(|at| topology.links.get(at));
    let link = link.ok_or(EditError::UnknownLink {
        number,
        links: topology.links.len(),
    })?;
    match &chosen.ends {
        Some(ends) if !has(link, ends, topology, kinds) => Err(EditError::OtherLink {
            number,
            chosen: ends.join(" – "),
        }),
        _ => Ok(link),
    }
}

/// Whether these are a link's ends. A port has one link; what the host has of it is called in more than one way.
fn has(link: &Link, ends: &[String; 2], topology: &Topology, kinds: &Kinds) -> bool {
    let of_host = |node: &str| {
        let kind = topology.node(node).and_then(|node| kinds.get(&node.kind));
        kind.is_some_and(|kind| kind.runs == Runs::HostNamespace)
    };
    let own = link.endpoints();
    let mut own = own.iter().filter(|end| !of_host(end.node.as_str()));
    own.all(|end| ends.contains(&format!("{}:{}", end.node, end.interface)))
}

/// A name that no node has yet, and any can have.
fn free(name: &str, topology: &Topology) -> Result<NodeName, EditError> {
    let parsed = name.parse().map_err(|source| EditError::Name {
        name: name.to_owned(),
        source,
    })?;
    let name = name.to_owned();
    if is_outside(&name) {
        return Err(EditError::Reserved { name });
    }
    match topology.node(&name) {
        Some(_) => Err(EditError::Taken { name }),
        None => Ok(parsed),
    }
}

fn known<'t>(name: &str, topology: &'t Topology) -> Result<&'t Node, EditError> {
    let names = || topology.nodes.iter().map(|node| node.name.to_string());
    topology.node(name).ok_or_else(|| EditError::UnknownNode {
        name: name.to_owned(),
        nodes: names().collect(),
    })
}

fn end(text: &str) -> Result<End<'_>, EditError> {
    match text.split_once(':') {
        Some((node, port)) if !node.is_empty() && !port.is_empty() => Ok((node, port)),
        _ => Err(EditError::End {
            end: text.to_owned(),
        }),
    }
}

/// Whether the nodes are there, and their ports free. Whether they have such ports is for the reader to say.
fn ports(ends: [End<'_>; 2], topology: &Topology, kinds: &Kinds) -> Result<(), EditError> {
    let mut names = Vec::new();
    for (name, port) in ends {
        if is_outside(name) {
            continue;
        }
        let node = known(name, topology)?;
        let Some(kind) = kinds.get(&node.kind) else {
            continue;
        };
        let mut environment = kind.environment.clone();
        environment.extend(node.settings.environment.clone());
        let managed = node.settings.network_mode != NetworkMode::None;
        let Ok(linux) = kind.interfaces.linux_name(port, &environment, managed) else {
            continue;
        };
        if let Some(used) = node.interfaces.iter().find(|used| used.name == linux) {
            return Err(EditError::PortUsed {
                node: name.to_owned(),
                port: port.to_owned(),
                link: used.link,
            });
        }
        if names.contains(&(name, linux.clone())) {
            let end = format!("{name}:{port}");
            return Err(EditError::Loop { end });
        }
        names.push((name, linux));
    }
    Ok(())
}

/// Whether no other node needs one of these.
fn needed(nodes: &BTreeSet<&str>, topology: &Topology) -> Result<(), EditError> {
    let stay = topology.nodes.iter();
    for by in stay.filter(|node| !nodes.contains(node.name.as_str())) {
        let stages = by.settings.stages.all();
        let waits = stages.iter().flat_map(|(_, stage)| &stage.wait_for);
        let waits = waits.map(|wait| (&wait.node, Need::Wait));
        let network = match &by.settings.network_mode {
            NetworkMode::Node(node) => Some((node, Need::Network)),
            _ => None,
        };
        let mut needs = waits.chain(network);
        if let Some((node, need)) = needs.find(|(node, _)| nodes.contains(node.as_str())) {
            return Err(EditError::Needed {
                node: node.to_string(),
                by: by.name.to_string(),
                need,
            });
        }
    }
    Ok(())
}
