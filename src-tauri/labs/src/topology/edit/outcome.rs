//! Whether a changed text means what was asked for.

use super::wish::{Wish, is_outside};
use crate::kinds::Kinds;
use crate::topology::yaml::{self, Data, Value};
use crate::topology::{
    Endpoint, Interface, Link, LinkForm, NetworkMode, Node, NodeName, NodeSettings, Place, Stages,
    Topology, WaitFor,
};
use std::collections::HashMap;
use std::path::PathBuf;

/// Whether a text means this, as YAML.
pub(super) fn means(text: &str, wished: &Value, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let (tree, _) = yaml::load(yaml::expand(text, variable));
    tree.is_some_and(|tree| same(&tree, wished))
}

/// Whether two values are the same, wherever they stand and in whatever order maps are. What is empty is nothing.
fn same(a: &Value, b: &Value) -> bool {
    match (&a.data, &b.data) {
        (Data::Text { text: a_text, .. }, Data::Text { text: b_text, .. }) => {
            a_text == b_text && a.is_null() == b.is_null()
        }
        (Data::List(a), Data::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Data::Map(a), Data::Map(b)) => {
            let entries = b.entries.iter();
            let known: HashMap<&str, &Value> = entries
                .map(|entry| (entry.key.as_str(), &entry.value))
                .collect();
            let mut entries = a.entries.iter();
            let found = |key: &str, value| known.get(key).is_some_and(|other| same(value, other));
            a.entries.len() == b.entries.len()
                && entries.all(|entry| found(&entry.key, &entry.value))
        }
        _ => is_empty(a) && is_empty(b),
    }
}

fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Text { .. } => value.is_null(),
        Data::List(items) => items.is_empty(),
        Data::Map(map) => map.entries.is_empty(),
    }
}

/// A topology before a change and after it.
pub(super) struct Outcome<'t> {
    pub(super) before: &'t Topology,
    pub(super) after: &'t Topology,
    pub(super) kinds: &'t Kinds,
}

impl Outcome<'_> {
    /// Whether what was asked for has changed, and nothing else.
    pub(super) fn is(&self, wish: &Wish<'_>) -> bool {
        match wish {
            Wish::Node { name, kind, image } => self.has_node(name, kind, image),
            Wish::Link { ends } => {
                let Some((new, links)) = self.after.links.split_last() else {
                    return false;
                };
                let inner = ends.iter().filter(|(node, _)| !is_outside(node));
                let wished = inner.map(|(node, port)| (*node, *port));
                let ends = new.endpoints().into_iter();
                let ends = ends.map(|end| (end.node.as_str(), end.written.as_str()));
                wished.eq(ends)
                    && self.same_nodes(|_| true)
                    && links
                        .iter()
                        .map(bare)
                        .eq(self.before.links.iter().map(bare))
            }
            Wish::Name { from, to } => self.is_renamed(from, to),
            Wish::Less { nodes, links } => {
                let stays = |node: &&Node| !nodes.contains(node.name.as_str());
                let kept = self.before.links.iter();
                let kept = kept.filter(|link| !links.contains(&(link.number - 1)));
                let count = self.before.nodes.iter().filter(stays).count();
                self.after.nodes.len() == count
                    && self.same_nodes(|node| stays(&node))
                    && self.after.links.iter().map(bare).eq(kept.map(bare))
            }
        }
    }

    fn has_node(&self, name: &NodeName, kind: &str, image: &str) -> bool {
        let Some(node) = self.after.node(name.as_str()) else {
            return false;
        };
        let kind = self.kinds.get(kind).map(|kind| kind.name.as_str());
        kind.is_none_or(|kind| kind == node.kind)
            && (image.is_empty()
                || image.contains('$')
                || node.settings.image.as_deref() == Some(image))
            && self.after.nodes.len() == self.before.nodes.len() + 1
            && self.same_nodes(|_| true)
            && self.same_links()
    }

    fn same_links(&self) -> bool {
        let before = self.before.links.iter().map(bare);
        before.eq(self.after.links.iter().map(bare))
    }

    /// Whether nodes of before are the same as then.
    fn same_nodes(&self, which: impl Fn(&Node) -> bool) -> bool {
        let after = by_name(self.after);
        let mut nodes = self.before.nodes.iter().filter(|node| which(node));
        nodes.all(|node| {
            let now = after.get(node.name.as_str());
            now.is_some_and(|now| bare_node(node) == bare_node(now))
        })
    }

    fn is_renamed(&self, from: &NodeName, to: &NodeName) -> bool {
        let named = |name: &NodeName| if name == from { to } else { name }.clone();
        let after = by_name(self.after);
        let mut nodes = self.before.nodes.iter();
        let links = self.before.links.iter().map(bare).map(|mut link| {
            for end in ends_mut(&mut link.form) {
                end.node = named(&end.node);
            }
            link
        });
        self.before.nodes.len() == self.after.nodes.len()
            && links.eq(self.after.links.iter().map(bare))
            && nodes.all(|node| {
                let now = after.get(named(&node.name).as_str());
                now.is_some_and(|now| {
                    let mut wished = bare_node(node);
                    mentions(&mut wished.settings, &named);
                    if node.name != *from {
                        return wished == bare_node(now);
                    }
                    // Its folder, and what it has of its own name, change with it.
                    let kept = |node: &Node| (node.kind.clone(), node.settings.group.clone());
                    kept(&wished) == kept(now)
                        && wished.settings.network_mode == now.settings.network_mode
                        && waits(&wished.settings.stages).eq(waits(&now.settings.stages))
                })
            })
    }
}

fn by_name(topology: &Topology) -> HashMap<&str, &Node> {
    let nodes = topology.nodes.iter();
    nodes.map(|node| (node.name.as_str(), node)).collect()
}

/// A node without what follows from its place and from links.
fn bare_node(node: &Node) -> Node {
    Node {
        place: Place::default(),
        interfaces: Vec::<Interface>::new(),
        folder: PathBuf::new(),
        ..node.clone()
    }
}

/// A link without its number and places.
fn bare(link: &Link) -> Link {
    let mut link = link.clone();
    link.number = 0;
    link.place = Place::default();
    for end in ends_mut(&mut link.form) {
        end.place = Place::default();
    }
    link
}

fn ends_mut(form: &mut LinkForm) -> Vec<&mut Endpoint> {
    match form {
        LinkForm::Veth { a, b } => vec![a, b],
        LinkForm::Host { endpoint, .. }
        | LinkForm::ManagementNet { endpoint, .. }
        | LinkForm::Macvlan { endpoint, .. }
        | LinkForm::Dummy { endpoint }
        | LinkForm::Vxlan { endpoint, .. }
        | LinkForm::VxlanStitch { endpoint, .. } => vec![endpoint],
    }
}

/// Gives the nodes that settings name other names.
fn mentions(settings: &mut NodeSettings, named: &dyn Fn(&NodeName) -> NodeName) {
    if let NetworkMode::Node(node) = &mut settings.network_mode {
        *node = named(node);
    }
    let stages = &mut settings.stages;
    for stage in [
        &mut stages.create,
        &mut stages.create_links,
        &mut stages.configure,
    ] {
        for wait in &mut stage.wait_for {
            wait.node = named(&wait.node);
        }
    }
}

fn waits(stages: &Stages) -> impl Iterator<Item = &WaitFor> {
    let stages = stages.all();
    stages.into_iter().flat_map(|(_, stage)| &stage.wait_for)
}
