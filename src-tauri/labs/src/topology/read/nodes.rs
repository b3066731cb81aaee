//! Nodes: their levels, kinds and groups.

use super::context::Context;
use super::fields::Found;
use super::keys;
use super::levels::{Level, Levels};
use super::no_effect;
use super::problems::shown;
use super::settings::settings;
use crate::kinds::{Kind, Runs};
use crate::topology::yaml::{Data, Entry, Mapping, Value};
use crate::topology::{Code, Node, NodeName, Place};
use std::collections::BTreeMap;

static NOTHING: Mapping = Mapping {
    entries: Vec::new(),
};

/// What a topology says of its nodes, before it is put together.
pub(super) struct Definitions<'a> {
    defaults: Option<Level<'a>>,
    kinds: Section<'a>,
    groups: Section<'a>,
    nodes: Vec<(&'a Entry, Level<'a>)>,
}

/// Levels by name, with where their names stand.
type Section<'a> = BTreeMap<&'a str, (Place, Level<'a>)>;

impl<'a> Definitions<'a> {
    pub(super) fn new(topology: Found<'a>) -> Self {
        let defaults = topology.child("defaults").and_then(|found| found.map());
        let nodes = topology.child("nodes").and_then(|found| found.map());
        let nodes = nodes.map(|map| map.entries.as_slice()).unwrap_or_default();
        let level = |entry: &'a Entry| Some((entry, level("node", entry, topology)?));
        Self {
            defaults: defaults.map(|map| Level {
                owner: "the defaults".to_owned(),
                map,
            }),
            kinds: section(topology, "kinds", "kind"),
            groups: section(topology, "groups", "group"),
            nodes: nodes.iter().filter_map(level).collect(),
        }
    }

    /// All nodes, in the order of the file.
    pub(super) fn nodes(&self, context: &Context<'_>) -> Vec<Node> {
        self.check_sections(context);
        let own = self.nodes.iter().map(|(_, level)| level);
        for level in self.sections().chain(own) {
            no_effect::of_level(level, context.problems);
        }
        let nodes = self
            .nodes
            .iter()
            .filter_map(|(entry, level)| self.node(entry, level, context));
        nodes.collect()
    }

    fn node(&self, entry: &Entry, level: &Level<'_>, context: &Context<'_>) -> Option<Node> {
        let name = node_name(entry, context);
        let kind = self.kind_of(level, context, entry.place);
        let written = kind
            .as_ref()
            .map(|(written, _)| written.as_str())
            .unwrap_or_default();
        let group = self.group_of(level, written, context);
        let group_level = group.as_deref().and_then(|group| self.groups.get(group));
        let kind_level = self.kinds.get(written);
        let levels = [
            self.defaults.as_ref(),
            kind_level.map(|(_, level)| level),
            group_level.map(|(_, level)| level),
        ];
        let levels = levels.into_iter().flatten().chain([level]).collect();
        let mut settings = settings(
            &Levels {
                levels,
                problems: context.problems,
            },
            context,
            &entry.key,
        );
        settings.group = group;
        let (name, (_, kind)) = (name?, kind?);
        check_kind(kind, &mut settings, entry, level, context);
        Some(Node {
            container: context.prefix.container_name(context.lab, &name),
            folder: context.node_folder(name.as_str()),
            kind: kind.name.clone(),
            place: entry.place,
            interfaces: Vec::new(),
            settings,
            name,
        })
    }

    /// The kind of a node as it is written and as it is known: the node's own, its group's, the default group's, the
    /// default. As containerlab does, a group counts here only if the node or the defaults name it.
    fn kind_of<'c>(
        &self,
        level: &Level<'_>,
        context: &Context<'c>,
        place: Place,
    ) -> Option<(String, &'c Kind)> {
        let of = |level: &Level<'_>, key: &str| text_of(level, key, context);
        let of_group = |level: Option<&Level<'_>>| {
            let group = of(level?, "group")?.0;
            of(&self.groups.get(group.as_str())?.1, "kind")
        };
        let defaults = self.defaults.as_ref();
        let found = of(level, "kind")
            .or_else(|| of_group(Some(level)))
            .or_else(|| of_group(defaults))
            .or_else(|| defaults.and_then(|level| of(level, "kind")));
        let Some((written, kind_place)) = found else {
            let message = format!("{} has no kind", level.owner);
            let hint = "add `kind: linux`, or the kind that it is".to_owned();
            context
                .problems
                .error_hint(Code::MissingKey, place, message, Some(hint));
            return None;
        };
        let kind = context.kinds.get(&written);
        if kind.is_none() {
            let message = format!("kind `{}` is not known", shown(&written));
            let hint = context
                .problems
                .did_you_mean(&written, context.kinds.names());
            context
                .problems
                .error_hint(Code::UnknownKind, kind_place, message, hint);
        }
        kind.map(|kind| (written, kind))
    }

    /// The group of a node: its own, its kind's, the default.
    fn group_of(&self, level: &Level<'_>, kind: &str, context: &Context<'_>) -> Option<String> {
        let of = |level: &Level<'_>| text_of(level, "group", context);
        let kind = || self.kinds.get(kind).and_then(|(_, level)| of(level));
        let defaults = || self.defaults.as_ref().and_then(of);
        let (group, place) = of(level).or_else(kind).or_else(defaults)?;
        if !self.groups.contains_key(group.as_str()) {
            let similar = context
                .problems
                .did_you_mean(&group, self.groups.keys().copied());
            if similar.is_some() {
                let message = format!("group `{}` is not defined", shown(&group));
                context
                    .problems
                    .warning(Code::UnknownGroup, place, message, similar);
            }
        }
        Some(group)
    }

    /// Every kind, every group, the defaults.
    fn sections(&self) -> impl Iterator<Item = &Level<'a>> {
        let named = self.kinds.values().chain(self.groups.values());
        named.map(|(_, level)| level).chain(&self.defaults)
    }

    /// Checks what no node may use: every kind, every group, the defaults.
    fn check_sections(&self, context: &Context<'_>) {
        for (name, (place, _)) in &self.kinds {
            if context.kinds.get(name).is_none() {
                let message = format!("kind `{}` is not known", shown(name));
                let hint = context.problems.did_you_mean(name, context.kinds.names());
                context
                    .problems
                    .warning(Code::UnknownKind, *place, message, hint);
            }
        }
        for level in self.sections() {
            let levels = Levels {
                levels: vec![level],
                problems: context.problems,
            };
            settings(&levels, context, "node");
            for key in keys::NODE_ONLY {
                if let Some(entry) = level.map.entry(key) {
                    let message = format!("`{key}` of {} has no effect", level.owner);
                    let hint = Some("it counts only on a node".to_owned());
                    context
                        .problems
                        .warning(Code::NoEffect, entry.place, message, hint);
                }
            }
        }
    }
}

fn section<'a>(topology: Found<'a>, key: &'a str, noun: &str) -> Section<'a> {
    let map = topology.child(key).and_then(|found| found.map());
    let entries = map.map(|map| map.entries.as_slice()).unwrap_or_default();
    let level = |entry: &'a Entry| {
        Some((
            entry.key.as_str(),
            (entry.place, level(noun, entry, topology)?),
        ))
    };
    entries.iter().filter_map(level).collect()
}

fn level<'a>(noun: &str, entry: &'a Entry, topology: Found<'a>) -> Option<Level<'a>> {
    let owner = format!("{noun} `{}`", shown(&entry.key));
    let map = match &entry.value.data {
        Data::Map(map) => map,
        _ if entry.value.is_null() => &NOTHING,
        _ => {
            let message = format!("{owner} is {}; a map is expected", entry.value.noun());
            topology
                .problems
                .error(Code::WrongType, entry.value.place, message);
            return None;
        }
    };
    Some(Level { owner, map })
}

fn text_of(level: &Level<'_>, key: &str, context: &Context<'_>) -> Option<(String, Place)> {
    let value: &Value = level.map.get(key).filter(|value| !value.is_null())?;
    let found = Found {
        owner: &level.owner,
        key,
        value,
        problems: context.problems,
    };
    Some((found.text()?.trim().to_owned(), value.place))
}

fn node_name(entry: &Entry, context: &Context<'_>) -> Option<NodeName> {
    match entry.key.parse::<NodeName>() {
        Ok(name) => Some(name),
        Err(error) => {
            let hint =
                "a name has letters, digits, `-`, `.` and `_`, and begins with a letter or a digit";
            let message = format!("no node can have this name: {error}");
            context.problems.error_hint(
                Code::InvalidName,
                entry.place,
                message,
                Some(hint.to_owned()),
            );
            None
        }
    }
}

/// What the kind says of the node's settings.
fn check_kind(
    kind: &Kind,
    settings: &mut crate::topology::NodeSettings,
    entry: &Entry,
    level: &Level<'_>,
    context: &Context<'_>,
) {
    let (owner, place) = (&level.owner, entry.place);
    if let (Runs::Elsewhere, Some(needs)) = (kind.runs, &kind.needs) {
        let message = format!(
            "{owner} is a {} (`{}`), which does not run here",
            kind.title, kind.name
        );
        let hint = Some(format!("it would need {needs}"));
        context
            .problems
            .warning(Code::UnsupportedKind, place, message, hint);
    }
    if kind.is_container() && settings.image.is_none() {
        let message = format!("{owner} has no image");
        let hint = format!(
            "add `image:` to it, to its group, or to kind `{}`",
            kind.name
        );
        context
            .problems
            .error_hint(Code::MissingKey, place, message, Some(hint));
    }
    if entry.key.contains('|') && kind.runs != Runs::Switch {
        let message = format!("{owner} has `|` in its name, which only bridges may have");
        context.problems.error(Code::InvalidName, place, message);
    }
    let unknown_type =
        !kind.models.is_empty() && kind.model(settings.node_type.as_deref()).is_none();
    if let (true, Some(written)) = (unknown_type, &settings.node_type) {
        let place = level.map.get("type").map_or(place, |value| value.place);
        let message = format!(
            "type `{}` of {owner} is none of {}'s",
            shown(written),
            kind.title
        );
        let hint = context
            .problems
            .did_you_mean(written, kind.models.keys().map(String::as_str));
        context
            .problems
            .error_hint(Code::InvalidValue, place, message, hint);
    }
}
