//! Giving a node another name, wherever the text names it.

use super::error::Doubt;
use super::new::Word;
use super::script::Script;
use super::splice::Splices;
use super::syntax::{Piece, Quote, Shape};
use super::wish::is_outside;
use crate::topology::yaml::{Data, Entry, Mapping, Value};
use crate::topology::{NodeName, Place};
use std::collections::BTreeMap;

/// A text or key that names a node.
struct Mention {
    /// What it begins with, or is.
    old: String,
    /// What it is to begin with, or to be.
    new: String,
    /// Whether it is nothing else.
    whole: bool,
}

/// All texts and keys that name a node, by their places.
pub(super) struct Mentions {
    found: BTreeMap<Place, Mention>,
}

impl Mentions {
    pub(super) fn of(script: &Script<'_>, from: &NodeName, to: &NodeName) -> Self {
        let topology = &script.topology;
        let mut search = Search {
            from: from.as_str(),
            to: to.as_str(),
            containers: [from, to].map(|name| topology.container_name(name)),
            direct: topology.node(&topology.container_name(from)).is_some(),
            found: BTreeMap::new(),
        };
        search.file(&script.tree);
        Self {
            found: search.found,
        }
    }

    /// Changes the text.
    pub(super) fn write(&self, script: &Script<'_>, splices: &mut Splices) -> Result<(), Doubt> {
        let texts = script.texts();
        for (place, mention) in &self.found {
            let piece = texts.get(place);
            let written = piece.and_then(|piece| mention.write(script, piece, splices));
            written.ok_or_else(|| Doubt::Spelling {
                object: mention.old.trim_end_matches(':').to_owned(),
                line: place.line,
            })?;
        }
        Ok(())
    }

    /// Changes what it means.
    pub(super) fn apply(&self, value: &mut Value) {
        let place = value.place;
        match &mut value.data {
            Data::Text { text, .. } => self.apply_to(place, text),
            Data::List(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Data::Map(map) => {
                for entry in &mut map.entries {
                    self.apply_to(entry.place, &mut entry.key);
                    self.apply(&mut entry.value);
                }
            }
        }
    }

    fn apply_to(&self, place: Place, text: &mut String) {
        let mention = self.found.get(&place);
        if let Some((mention, rest)) =
            mention.and_then(|mention| Some((mention, text.strip_prefix(&mention.old)?)))
        {
            *text = format!("{}{rest}", mention.new);
        }
    }
}

impl Mention {
    /// None if the text is not written as it reads.
    fn write(&self, script: &Script<'_>, piece: &Piece, splices: &mut Splices) -> Option<()> {
        let inner = piece.inner(script.text)?;
        let written = script.text.get(inner.clone())?;
        let rest = written.strip_prefix(&self.old)?;
        if self.whole && !rest.is_empty() {
            return None;
        }
        let plain = matches!(piece.shape, Shape::Text(Quote::Plain));
        let new = if self.whole && plain {
            Word::new(&*self.new, Quote::Plain).written()
        } else {
            self.new.clone()
        };
        splices.replace(inner.start..inner.start + self.old.len(), new);
        Some(())
    }
}

/// Looks for what names a node.
struct Search<'n> {
    from: &'n str,
    to: &'n str,
    /// What its container is called, and will be.
    containers: [String; 2],
    /// Whether another node has the name of its container.
    direct: bool,
    found: BTreeMap<Place, Mention>,
}

impl Search<'_> {
    fn file(&mut self, tree: &Value) {
        let Some(topology) = child(tree, "topology") else {
            return;
        };
        if let Some(defaults) = child(topology, "defaults") {
            self.level(defaults);
        }
        for section in ["kinds", "groups", "nodes"] {
            for entry in entries(child(topology, section)) {
                self.level(&entry.value);
                if section == "nodes" && entry.key == self.from {
                    self.add(entry.place, "", true);
                }
            }
        }
        for link in items(child(topology, "links")) {
            self.link(link);
        }
    }

    /// A node, or what nodes inherit from.
    fn level(&mut self, level: &Value) {
        for key in ["network-mode", "pid-mode"] {
            if let Some((value, text)) = child(level, key).and_then(with_text) {
                self.container(value.place, text);
            }
        }
        for stage in entries(child(level, "stages")) {
            for wait in items(child(&stage.value, "wait-for")) {
                self.name(child(wait, "node"));
            }
        }
    }

    fn link(&mut self, link: &Value) {
        self.name(child(link, "endpoint").and_then(|end| child(end, "node")));
        for end in items(child(link, "endpoints")) {
            self.name(child(end, "node"));
            let node = with_text(end).and_then(|(_, text)| text.split_once(':'));
            if node.is_some_and(|(node, _)| node == self.from && !is_outside(node)) {
                self.add(end.place, ":", false);
            }
        }
    }

    /// A text that is a node's name.
    fn name(&mut self, value: Option<&Value>) {
        if let Some((value, text)) = value.and_then(with_text)
            && text == self.from
        {
            self.add(value.place, "", true);
        }
    }

    /// A text that names a node, or its container.
    fn container(&mut self, place: Place, text: &str) {
        let Some(name) = text.strip_prefix("container:") else {
            return;
        };
        let [old, new] = if name == self.from {
            [self.from, self.to]
        } else if name == self.containers[0] && !self.direct {
            [self.containers[0].as_str(), self.containers[1].as_str()]
        } else {
            return;
        };
        let [old, new] = [old, new].map(|name| format!("container:{name}"));
        let whole = true;
        self.found.insert(place, Mention { old, new, whole });
    }

    fn add(&mut self, place: Place, behind: &str, whole: bool) {
        let [old, new] = [self.from, self.to].map(|name| format!("{name}{behind}"));
        self.found.insert(place, Mention { old, new, whole });
    }
}

fn child<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match &value.data {
        Data::Map(map) => map.get(key),
        _ => None,
    }
}

fn entries(value: Option<&Value>) -> &[Entry] {
    match value.map(|value| &value.data) {
        Some(Data::Map(Mapping { entries })) => entries,
        _ => &[],
    }
}

fn items(value: Option<&Value>) -> &[Value] {
    match value.map(|value| &value.data) {
        Some(Data::List(items)) => items,
        _ => &[],
    }
}

fn with_text(value: &Value) -> Option<(&Value, &str)> {
    match &value.data {
        Data::Text { text, .. } => Some((value, text)),
        _ => None,
    }
}
