//! Which nodes of a plan are meant, and which stand inside which.

use std::collections::{HashMap, HashSet};

use super::error::{PlanError, UnknownNode};
use super::model::{InstallPlan, PlanNode};
use super::near::near;
use super::text::visible;

impl InstallPlan {
    /// The nodes of these names; without names, those that the plan chooses and that can be installed. In the plan's
    /// order. A node that stands inside another one is selected without that one.
    pub fn select(&self, only: &[String]) -> Result<Vec<&PlanNode>, PlanError> {
        self.all_known(only)?;
        let wanted: HashSet<&str> = only.iter().map(String::as_str).collect();
        let selected = |node: &&PlanNode| match only {
            [] => node.chosen && node.obstacle.is_none(),
            _ => wanted.contains(node.name.as_str()),
        };
        let nodes: Vec<&PlanNode> = self.nodes.iter().filter(selected).collect();
        self.all_possible(&nodes)?;
        self.own_folders(&nodes)?;
        Ok(nodes)
    }

    fn all_known(&self, only: &[String]) -> Result<(), PlanError> {
        let names = || self.nodes.iter().map(|node| node.name.as_str());
        let known: HashSet<&str> = names().collect();
        let unknown = only.iter().filter(|name| !known.contains(name.as_str()));
        let nodes: Vec<UnknownNode> = unknown
            .map(|name| UnknownNode {
                name: visible(name),
                near: near(name, names()).into_iter().map(str::to_owned).collect(),
            })
            .collect();
        let plan = self.name.clone();
        nodes
            .is_empty()
            .then_some(())
            .ok_or(PlanError::UnknownNodes { plan, nodes })
    }

    fn all_possible(&self, nodes: &[&PlanNode]) -> Result<(), PlanError> {
        let plan = self.name.clone();
        if nodes.is_empty() {
            return Err(PlanError::NothingChosen { plan });
        }
        let obstacle = |node: &&PlanNode| Some((node.name.clone(), node.obstacle.clone()?));
        let nodes: Vec<(String, String)> = nodes.iter().filter_map(obstacle).collect();
        nodes
            .is_empty()
            .then_some(())
            .ok_or(PlanError::Obstacles { plan, nodes })
    }

    fn own_folders(&self, nodes: &[&PlanNode]) -> Result<(), PlanError> {
        let mut seen = HashMap::new();
        for node in nodes {
            let Some(folder) = node.folder() else {
                continue;
            };
            if let Some(first) = seen.insert(folder, node) {
                return Err(PlanError::SameFolder {
                    plan: self.name.clone(),
                    folder: folder.to_owned(),
                    nodes: vec![first.name.clone(), node.name.clone()],
                });
            }
        }
        Ok(())
    }
}

/// For each node, which of the nodes its folder lies in: the nearest, by its index.
pub fn parents(nodes: &[&PlanNode]) -> Vec<Option<usize>> {
    let folders = nodes.iter().enumerate();
    let folders: HashMap<&str, usize> = folders
        .filter_map(|(index, node)| Some((node.folder()?, index)))
        .collect();
    let parent = |node: &&PlanNode| {
        let first = above(node.folder()?);
        std::iter::successors(first, |folder| above(folder))
            .find_map(|folder| folders.get(folder).copied())
    };
    nodes.iter().map(parent).collect()
}

/// The folder that a folder stands in.
fn above(folder: &str) -> Option<&str> {
    folder.rsplit_once('/').map(|(above, _)| above)
}
