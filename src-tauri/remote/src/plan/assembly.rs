//! A plan while it is read: what was found, and all that is wrong with it.

use std::collections::HashMap;

use super::check::{self, Finding};
use super::error::{PlanError, PlanProblem};
use super::model::{InstallPlan, NodeSource, PlanFormat, PlanNode};
use super::text::shown;

/// A node, and where it stands.
pub(super) struct Draft {
    pub(super) node: PlanNode,
    pub(super) place: Place,
}

/// Where an entry stands.
#[derive(Clone, Default)]
pub(super) struct Place {
    /// Its first line, where one can be told.
    pub(super) line: Option<usize>,
    /// The lines of its keys, where they have some.
    pub(super) keys: Vec<(&'static str, usize)>,
}

impl Place {
    pub(super) fn at(line: usize) -> Self {
        Self {
            line: Some(line),
            keys: Vec::new(),
        }
    }

    fn line_of(&self, key: &str) -> Option<usize> {
        let own = self.keys.iter().find(|(name, _)| *name == key);
        own.map(|(_, line)| *line).or(self.line)
    }
}

/// A plan while it is read.
pub(super) struct Assembly {
    name: String,
    format: PlanFormat,
    pub(super) target: Option<String>,
    pub(super) venv: Option<String>,
    drafts: Vec<Draft>,
    notes: Vec<String>,
    problems: Vec<PlanProblem>,
}

impl Assembly {
    pub(super) fn new(name: &str, format: PlanFormat) -> Self {
        Self {
            name: name.to_owned(),
            format,
            target: None,
            venv: None,
            drafts: Vec::new(),
            notes: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, node: PlanNode, place: Place) {
        self.drafts.push(Draft { node, place });
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub(super) fn problem(&mut self, line: Option<usize>, what: impl Into<String>) {
        let what = what.into();
        self.problems.push(PlanProblem { line, what });
    }

    /// How many problems there are so far.
    pub(super) fn problems(&self) -> usize {
        self.problems.len()
    }

    /// The plan, if nothing is wrong with it.
    pub(super) fn finish(mut self) -> Result<InstallPlan, PlanError> {
        self.problems.extend(wrong_fields(&self.drafts));
        self.problems.extend(repeated_names(&self.drafts));
        self.problems.extend(repeated_folders(&self.drafts));
        if !self.problems.is_empty() {
            self.problems.sort_by_key(|problem| problem.line);
            let (name, problems) = (self.name, self.problems);
            return Err(PlanError::Problems { name, problems });
        }
        if self.drafts.is_empty() {
            return Err(PlanError::Empty { name: self.name });
        }
        Ok(InstallPlan {
            name: self.name,
            format: self.format,
            target: self.target,
            venv: self.venv,
            nodes: self.drafts.into_iter().map(|draft| draft.node).collect(),
            notes: self.notes,
        })
    }
}

fn wrong_fields(drafts: &[Draft]) -> Vec<PlanProblem> {
    let told = |draft: &Draft| -> Vec<PlanProblem> {
        let problem = |Finding { key, what }| PlanProblem {
            line: draft.place.line_of(key),
            what: format!("node {}: {what}", shown(&draft.node.name)),
        };
        check::node(&draft.node).into_iter().map(problem).collect()
    };
    drafts.iter().flat_map(told).collect()
}

fn repeated_names(drafts: &[Draft]) -> Vec<PlanProblem> {
    let mut seen = HashMap::new();
    let repeated = drafts.iter().filter_map(|draft| {
        let first = seen.insert(draft.node.name.as_str(), draft)?;
        let before = first.place.line_of("name");
        let place = before.map_or_else(String::new, |line| format!(", as in line {line}"));
        Some(PlanProblem {
            line: draft.place.line_of("name"),
            what: format!("two nodes are called {}{place}", shown(&draft.node.name)),
        })
    });
    repeated.collect()
}

/// Only among those that are chosen: of a list to pick from one of them can be picked.
fn repeated_folders(drafts: &[Draft]) -> Vec<PlanProblem> {
    let mut seen = HashMap::new();
    let chosen = drafts.iter().filter(|draft| draft.node.chosen);
    let repeated = chosen.filter_map(|draft| {
        let folder = draft.node.folder()?;
        let first: &Draft = seen.insert(folder, draft)?;
        let (own, other) = (shown(&draft.node.name), shown(&first.node.name));
        let what = format!(
            "node {own}: its folder {} is node {other}'s too",
            shown(folder)
        );
        let line = draft.place.line_of("folder");
        (own != other).then_some(PlanProblem { line, what })
    });
    repeated.collect()
}

impl PlanNode {
    /// Its folder below the target, if it is a repository.
    pub(super) fn folder(&self) -> Option<&str> {
        match &self.source {
            NodeSource::Git { folder, .. } => Some(folder),
            _ => None,
        }
    }
}
