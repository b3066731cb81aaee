//! From a text and a wish to another text.

use super::error::{Doubt, EditError};
use super::link::link;
use super::names::Mentions;
use super::new::{Child, New};
use super::node::node;
use super::outcome::{self, Outcome};
use super::put::put;
use super::script::Script;
use super::splice::Splices;
use super::take::take;
use super::wish::{Edit, Wish, is_outside, wish};
use crate::topology::yaml::{Data, Entry, Mapping, Value};
use crate::topology::{Origin, Place, Problem, Severity, Topology};
use std::collections::BTreeSet;

/// Changes a topology's text as a drawing asks for it.
///
/// `origin` and `variable` are what [`Topology::parse`] takes. Only the lines that must change do; where nothing is to be
/// changed the text is the same. The outcome has no mistake, and means what the text meant before but for what was asked.
pub fn edit(
    text: &str,
    origin: &Origin<'_>,
    variable: &dyn Fn(&str) -> Option<String>,
    edit: &Edit,
) -> Result<String, EditError> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = &text[..text.len() - body.len()];
    let what = || edit.to_string();
    let topology =
        Topology::parse(body, origin, variable).map_err(|error| EditError::Mistakes {
            what: what(),
            source: Box::new(error),
        })?;
    let wish = wish(edit, &topology, origin.kinds)?;
    let not_safe = |why| EditError::NotSafe { what: what(), why };
    let script = Script::read(body, topology, variable).map_err(not_safe)?;
    let (splices, tree) = change(&script, &wish, variable).map_err(not_safe)?;
    let unclear = || Doubt::Outcome {
        shares: script.shares(),
    };
    let new = splices.apply(body).ok_or_else(|| not_safe(unclear()))?;
    if !outcome::means(&new, &tree, variable) {
        return Err(not_safe(unclear()));
    }
    let after =
        Topology::parse(&new, origin, variable).map_err(|error| match first(error.problems) {
            Some(problem) => EditError::Refused {
                what: what(),
                problem: Box::new(problem),
            },
            None => not_safe(unclear()),
        })?;
    let outcome = Outcome {
        before: &script.topology,
        after: &after,
        kinds: origin.kinds,
    };
    if !outcome.is(&wish) {
        return Err(not_safe(unclear()));
    }
    Ok(format!("{mark}{new}"))
}

fn first(problems: Vec<Problem>) -> Option<Problem> {
    let mut errors = problems.into_iter();
    errors.find(|problem| problem.severity == Severity::Error)
}

/// What is to be done to the text, and what it is to mean then.
fn change(
    script: &Script<'_>,
    wish: &Wish<'_>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(Splices, Value), Doubt> {
    let mut splices = Splices::default();
    let mut tree = script.tree.clone();
    match wish {
        Wish::Node { name, kind, image } => {
            let nodes = script.section("nodes")?;
            let child = node(script, nodes, [name.as_str(), kind, image]);
            put(
                script,
                nodes.map_or_else(|| script.top(), Ok)?,
                &child,
                &mut splices,
            )?;
            add(&mut tree, nodes.map(|_| "nodes"), &child, variable);
        }
        Wish::Link { ends } => {
            let links = script.section("links")?;
            let outside = ends.iter().any(|(node, _)| is_outside(node));
            let child = link(script, links, *ends, outside);
            put(
                script,
                links.map_or_else(|| script.top(), Ok)?,
                &child,
                &mut splices,
            )?;
            add(&mut tree, links.map(|_| "links"), &child, variable);
        }
        Wish::Name { from, to } if from != to => {
            let mentions = Mentions::of(script, from, to);
            mentions.write(script, &mut splices)?;
            mentions.apply(&mut tree);
        }
        Wish::Name { .. } => {}
        Wish::Less { nodes, links } => {
            less(script, nodes, links, &mut splices)?;
            remove(&mut tree, nodes, links);
        }
    }
    Ok((splices, tree))
}

/// Takes nodes away, and links, by their numbers from 0.
fn less(
    script: &Script<'_>,
    nodes: &BTreeSet<&str>,
    links: &BTreeSet<usize>,
    splices: &mut Splices,
) -> Result<(), Doubt> {
    if !nodes.is_empty() {
        let holder = script.section("nodes")?;
        let holder = holder.ok_or_else(|| Doubt::shared("nodes"))?;
        let numbers = nodes.iter().map(|node| holder.number(node));
        take(script, holder, &numbers.collect::<Result<_, _>>()?, splices)?;
    }
    if !links.is_empty() {
        let holder = script.section("links")?;
        let holder = holder.ok_or_else(|| Doubt::shared("links"))?;
        take(script, holder, links, splices)?;
    }
    Ok(())
}

/// Puts something into a section of `topology`, or into `topology` itself.
fn add(
    tree: &mut Value,
    section: Option<&str>,
    child: &Child,
    variable: &dyn Fn(&str) -> Option<String>,
) {
    let Some(top) = map_of(tree).and_then(|map| value_of(map, "topology")) else {
        return;
    };
    let target = match section {
        Some(section) => map_of(top).and_then(|map| value_of(map, section)),
        None => Some(top),
    };
    let Some(target) = target else { return };
    match child {
        Child::Entry(key, value) => {
            let (place, value) = (Place::default(), value.value(variable));
            let key = key.text.clone();
            if target.is_null() {
                target.data = Data::Map(Mapping::default());
            }
            if let Data::Map(map) = &mut target.data {
                map.entries.push(Entry { key, place, value });
            }
        }
        Child::Item { value, .. } => {
            if target.is_null() {
                target.data = Data::List(Vec::new());
            }
            if let Data::List(items) = &mut target.data {
                items.push(New::value(value, variable));
            }
        }
    }
}

/// Takes nodes and links away.
fn remove(tree: &mut Value, nodes: &BTreeSet<&str>, links: &BTreeSet<usize>) {
    if let Some(map) = entries(tree, "nodes") {
        map.entries
            .retain(|entry| !nodes.contains(entry.key.as_str()));
    }
    let top = map_of(tree).and_then(|map| value_of(map, "topology"));
    let list = top.and_then(|top| value_of(map_of(top)?, "links"));
    if let Some(Data::List(items)) = list.map(|list| &mut list.data) {
        let mut number = 0..;
        items.retain(|_| number.next().is_none_or(|number| !links.contains(&number)));
    }
}

/// A section of `topology` that is a map.
fn entries<'v>(tree: &'v mut Value, section: &str) -> Option<&'v mut Mapping> {
    let top = value_of(map_of(tree)?, "topology")?;
    map_of(value_of(map_of(top)?, section)?)
}

fn map_of(value: &mut Value) -> Option<&mut Mapping> {
    match &mut value.data {
        Data::Map(map) => Some(map),
        _ => None,
    }
}

fn value_of<'m>(map: &'m mut Mapping, key: &str) -> Option<&'m mut Value> {
    let entry = map.entries.iter_mut().find(|entry| entry.key == key);
    entry.map(|entry| &mut entry.value)
}
