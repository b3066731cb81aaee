//! ComfyUI-Manager's list of nodes (`custom-node-list.json`): thousands, for the user to pick from.
//!
//! Nothing of such a list is installed because it stands there. So an entry that cannot be installed keeps nobody from
//! the others: it gets an obstacle, where in other plans it would be a problem.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;

use super::super::assembly::{Assembly, Place};
use super::super::check;
use super::super::model::{NodeSource, PlanNode};
use super::super::names::{self, Names};
use super::super::text::{listed, shown, tidy};
use super::items::{text, texts};
use super::node;

/// An entry, as far as it is read. Its values are looked at one by one, since hand-written lists have slips.
#[derive(Deserialize)]
pub(super) struct Entry {
    title: Option<Value>,
    id: Option<Value>,
    reference: Option<Value>,
    files: Option<Value>,
    install_type: Option<Value>,
    pip: Option<Value>,
    apt_dependency: Option<Value>,
}

/// Reads a list into `plan`.
pub(super) fn read(entries: &[Entry], plan: &mut Assembly) {
    let mut seen = HashSet::new();
    let mut names = Names::default();
    let mut repeated = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        for node in entry.nodes(index + 1) {
            let NodeSource::Git { url, .. } = &node.source else {
                plan.add(named(node, "list", &mut names), Place::default());
                continue;
            };
            if !seen.insert(names::same_repository(url)) {
                repeated.push(node.name);
                continue;
            }
            let owner = names::of_owner(url).unwrap_or("list").to_owned();
            plan.add(named(node, &owner, &mut names), Place::default());
        }
    }
    if !repeated.is_empty() {
        let which = listed(repeated.iter().map(String::as_str));
        plan.note(format!(
            "Repositories that the list names twice are shown once: {which}."
        ));
    }
}

fn named(mut node: PlanNode, whose: &str, names: &mut Names) -> PlanNode {
    node.name = names.free(&node.name, whose);
    node
}

impl Entry {
    /// What it installs: mostly one repository.
    fn nodes(&self, number: usize) -> Vec<PlanNode> {
        let kind = text(self.install_type.as_ref()).unwrap_or("git-clone");
        let nodes = match kind.to_ascii_lowercase().as_str() {
            "git-clone" | "git" => self.repositories(),
            _ => vec![self.other(&obstacle(kind))],
        };
        let finished = nodes.into_iter().map(|node| self.described(node, number));
        finished.collect()
    }

    fn repositories(&self) -> Vec<PlanNode> {
        let mut urls: Vec<&str> = texts(self.files.as_ref());
        if urls.is_empty() {
            urls.extend(text(self.reference.as_ref()));
        }
        if urls.is_empty() {
            return vec![self.other("The list does not say where its repository is.")];
        }
        urls.into_iter()
            .map(|url| self.repository(url.trim()))
            .collect()
    }

    fn repository(&self, url: &str) -> PlanNode {
        let name = names::of_repository(url).unwrap_or_default();
        let packages = texts(self.pip.as_ref());
        let source = NodeSource::Git {
            url: url.to_owned(),
            folder: name.to_owned(),
            reference: None,
            requirements: None,
            packages: packages
                .iter()
                .map(|package| package.trim().to_owned())
                .collect(),
        };
        node(name.to_owned(), source)
    }

    fn other(&self, obstacle: &str) -> PlanNode {
        let reference = text(self.reference.as_ref());
        let name = reference
            .and_then(names::of_repository)
            .or(text(self.id.as_ref()));
        let mut node = node(name.unwrap_or_default().to_owned(), NodeSource::Other);
        let see = reference.map(|reference| format!(" See {}.", shown(reference)));
        node.obstacle = Some(format!("{obstacle}{}", see.unwrap_or_default()));
        node
    }

    /// The node with all that the entry says besides, and only with what is safe.
    fn described(&self, mut node: PlanNode, number: usize) -> PlanNode {
        node.chosen = false;
        if let Some(wrong) = wrong(&node) {
            node.source = NodeSource::Other;
            node.obstacle = Some(wrong);
        }
        if !check::is_name(&node.name) {
            node.name = format!("entry {number}");
        }
        let title = text(self.title.as_ref()).map(check::as_title);
        node.title = title.filter(|title| !title.is_empty() && *title != node.name);
        let system: Vec<String> = texts(self.apt_dependency.as_ref())
            .into_iter()
            .map(tidy)
            .collect();
        if !system.is_empty() {
            let system = listed(system.iter().map(String::as_str));
            node.notes
                .push(format!("Wants packages of the host's system: {system}."));
        }
        node
    }
}

/// Why a node cannot be installed as the list says it. Its name is made good anyway.
fn wrong(node: &PlanNode) -> Option<String> {
    let findings = check::node(node)
        .into_iter()
        .filter(|finding| finding.key != "name");
    let whats: Vec<String> = findings.map(|finding| finding.what).collect();
    (!whats.is_empty()).then(|| format!("What the list says cannot be used: {}.", whats.join("; ")))
}

fn obstacle(kind: &str) -> String {
    match kind {
        "copy" => "Its files are copied one by one, which Labwright does not do; copy them to the host yourself.".to_owned(),
        "unzip" => "It is an archive to unpack, which Labwright does not do; unpack it on the host yourself.".to_owned(),
        "cnr" => "It comes from the Comfy registry; install its repository with a plan of your own.".to_owned(),
        _ => format!("The list says to install it by {}, which Labwright does not know.", shown(kind)),
    }
}
