//! The whole file.

use super::addresses::Places;
use super::context::Context;
use super::fields::{Found, unknown_keys};
use super::interfaces::Ends;
use super::key_places::key_places;
use super::nodes::Definitions;
use super::problems::{Problems, shown};
use super::text::unreadable;
use super::{addresses, checks, keys, links, management, no_effect, paths, waits};
use crate::topology::yaml::{self, Data};
use crate::topology::{
    Code, LabName, Origin, Place, Prefix, Problem, Severity, Source, Topology, TopologyError,
};
use std::collections::BTreeSet;
use std::path::Path;

impl Topology {
    /// Reads a topology file, and checks all that can be checked without an engine and without other files.
    ///
    /// `lookup` knows the variables of whoever deploys. What is wrong is told all at once, in the order of the file.
    pub fn parse(
        text: &str,
        origin: &Origin<'_>,
        lookup: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, TopologyError> {
        let problems = Problems::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let topology = if unreadable(text, origin.file, &problems) {
            None
        } else {
            read(text, origin, lookup, &problems)
        };
        let problems = problems.finish();
        let failed = problems
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        match topology {
            Some(mut topology) if !failed => {
                topology.warnings = problems;
                Ok(topology)
            }
            _ => Err(TopologyError {
                file: origin.file.to_owned(),
                problems,
            }),
        }
    }
}

fn read(
    text: &str,
    origin: &Origin<'_>,
    lookup: &dyn Fn(&str) -> Option<String>,
    problems: &Problems,
) -> Option<Topology> {
    let (root, found) = yaml::load(yaml::expand(text, lookup));
    let broken = found
        .iter()
        .any(|problem: &Problem| problem.severity == Severity::Error)
        && root.is_none();
    problems.extend(found);
    let Some(root) = root else {
        if !broken {
            let place = Place { line: 1, column: 1 };
            problems.error(Code::MissingKey, place, "the file is empty".to_owned());
        }
        return None;
    };
    let file = Found {
        owner: "the file",
        key: "the file",
        value: &root,
        problems,
    };
    let Data::Map(map) = &root.data else {
        let message = format!(
            "the file is {}; a map with `name` and `topology` is expected",
            root.noun()
        );
        problems.error(Code::WrongType, root.place, message);
        return None;
    };
    unknown_keys(map, keys::FILE, "the file", problems);
    no_effect::of_file(map, problems);
    let source = Source {
        text: text.to_owned(),
        keys: key_places(&root),
    };
    lab(file, origin, source)
}

fn lab(file: Found<'_>, origin: &Origin<'_>, source: Source) -> Option<Topology> {
    let problems = file.problems;
    let name = lab_name(file, origin);
    let prefix = prefix(file);
    // Without a name everything else is checked all the same.
    let lab = name.clone().or_else(|| "lab".parse().ok())?;
    let base = origin.file.parent().unwrap_or(Path::new("/"));
    let folder = paths::clean(&base.join(format!("clab-{lab}")));
    let Some(topology) = file.child("topology") else {
        let message = "the file has no `topology`".to_owned();
        problems.error(Code::MissingKey, file.place(), message);
        return None;
    };
    topology.map_of(keys::TOPOLOGY)?;
    let nodes = topology.child("nodes").and_then(|nodes| nodes.map());
    let names: BTreeSet<&str> = nodes
        .iter()
        .flat_map(|map| &map.entries)
        .map(|entry| entry.key.as_str())
        .collect();
    let context = Context {
        problems,
        kinds: origin.kinds,
        lab: &lab,
        prefix: &prefix,
        base,
        folder: &folder,
        home: origin.home,
        nodes: &names,
    };
    if names.is_empty() {
        let message = "the topology has no nodes".to_owned();
        problems.warning(Code::NoEffect, topology.place(), message, None);
    }
    if let Some(settings) = file.child("settings") {
        settings.map_of(keys::SETTINGS);
    }
    let (nodes, links, management) = contents(file, topology, &context, &source);
    Some(Topology {
        name: name?,
        file: origin.file.to_owned(),
        folder: folder.clone(),
        prefix: prefix.clone(),
        management,
        nodes,
        links,
        warnings: Vec::new(),
        source,
    })
}

fn contents(
    file: Found<'_>,
    topology: Found<'_>,
    context: &Context<'_>,
    source: &Source,
) -> (
    Vec<crate::topology::Node>,
    Vec<crate::topology::Link>,
    crate::topology::ManagementNetwork,
) {
    let management = management::management(file);
    let mut nodes = Definitions::new(topology).nodes(context);
    let mut ends = Ends::new(&nodes, context);
    let links = links::links(topology, context, &mut ends);
    ends.into_nodes(&mut nodes);
    let places = Places::new(&source.keys);
    addresses::check(&nodes, &management, &places, context);
    checks::host_ports(&nodes, &places, context);
    checks::container_names(&nodes, context);
    waits::cycles(&nodes, context);
    (nodes, links, management)
}

/// The lab's name, with `__gitBranch__` and `__gitHash__` replaced.
fn lab_name(file: Found<'_>, origin: &Origin<'_>) -> Option<LabName> {
    let named = file.child("name");
    let Some(found) = named.filter(|found| !found.is_empty()) else {
        let message = "the file has no `name`".to_owned();
        let hint = "add `name:` with the lab's name".to_owned();
        file.problems
            .error_hint(Code::MissingKey, file.place(), message, Some(hint));
        return None;
    };
    let (branch, hash) = origin
        .git
        .map_or(("none", "none"), |git| (git.branch, git.hash));
    let hash: String = hash.chars().take(7).collect();
    let text = found
        .text()?
        .replace("__gitBranch__", &branch.replace('/', "-"));
    let parsed = text.replace("__gitHash__", &hash).parse::<LabName>();
    parsed
        .map_err(|error| {
            let hint =
                "a name has letters, digits, `-`, `.` and `_`, and begins with a letter or a digit";
            let message = format!("no lab can have this name: {error}");
            file.problems.error_hint(
                Code::InvalidName,
                found.place(),
                message,
                Some(hint.to_owned()),
            );
        })
        .ok()
}

fn prefix(file: Found<'_>) -> Prefix {
    let map = file.map();
    let Some(value) = map
        .and_then(|map| map.get("prefix"))
        .filter(|value| !value.is_null())
    else {
        return Prefix::default();
    };
    let found = Found {
        key: "prefix",
        value,
        ..file
    };
    let text = found.text().unwrap_or_default();
    let known = text.is_empty() || text == "__lab-name" || text.parse::<LabName>().is_ok();
    if !known {
        let message = format!("no container can have the prefix `{}`", shown(text));
        let hint = "it takes a name, nothing, or `__lab-name`".to_owned();
        file.problems
            .error_hint(Code::InvalidName, found.place(), message, Some(hint));
    }
    Prefix(text.to_owned())
}
