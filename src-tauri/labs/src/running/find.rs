//! Labs that are there, found by their labels alone.

use super::error::LabError;
use crate::labels::{self, NodeRecord, Role};
use labwright_engine::{ContainerStatus, ContainerSummary, Engine};
use std::collections::{BTreeMap, BTreeSet};

/// A lab that is there, whoever deployed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningLab {
    /// Its name.
    pub name: String,
    /// Its topology's file, as it was called when it was deployed.
    pub file: String,
    /// Who deployed it; empty where nobody said.
    pub owner: String,
    /// Whether Labwright did, so that its links can be changed here.
    pub ours: bool,
    /// Its nodes, in the order of the file where that is known.
    pub nodes: Vec<RunningNode>,
    /// The management networks that its nodes are in.
    pub networks: BTreeSet<String>,
    /// The state of its patchbay; none where it has none.
    pub patchbay: Option<ContainerStatus>,
}

/// A node that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningNode {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its container.
    pub container: String,
    /// The id that the engine gave its container.
    pub id: String,
    /// Its image, as the engine calls it.
    pub image: String,
    /// Whether it runs.
    pub status: ContainerStatus,
    /// What its labels tell.
    pub record: NodeRecord,
    /// Whether Labwright made it.
    pub ours: bool,
}

impl RunningLab {
    /// The node of that name.
    pub fn node(&self, name: &str) -> Result<&RunningNode, LabError> {
        let found = self.nodes.iter().find(|node| node.name == name);
        found.ok_or_else(|| LabError::NodeUnknown {
            lab: self.name.clone(),
            node: name.to_owned(),
            suggestion: nearest(name, self.nodes.iter().map(|node| node.name.as_str())),
        })
    }

    /// The nodes of these names; all, if none is given.
    pub fn chosen(&self, names: &[String]) -> Result<Vec<&RunningNode>, LabError> {
        if names.is_empty() {
            return Ok(self.nodes.iter().collect());
        }
        names.iter().map(|name| self.node(name)).collect()
    }

    /// Fails where another tool deployed it.
    pub fn if_ours(&self) -> Result<&Self, LabError> {
        if self.ours {
            return Ok(self);
        }
        Err(LabError::NotOurs {
            lab: self.name.clone(),
        })
    }
}

/// All labs that are there, by name.
pub async fn labs(engine: &Engine) -> Result<Vec<RunningLab>, LabError> {
    let containers = engine.containers_with_label(labels::LAB).await;
    let containers = containers.map_err(|source| LabError::List {
        source: Box::new(source),
    })?;
    let mut labs: BTreeMap<String, RunningLab> = BTreeMap::new();
    for container in containers {
        let Some(name) = container.labels.get(labels::LAB).cloned() else {
            continue;
        };
        let lab = labs.entry(name.clone()).or_insert_with(|| RunningLab {
            name,
            file: String::new(),
            owner: String::new(),
            ours: false,
            nodes: Vec::new(),
            networks: BTreeSet::new(),
            patchbay: None,
        });
        lab.add(container);
    }
    let mut labs: Vec<RunningLab> = labs.into_values().collect();
    for lab in &mut labs {
        // Another tool's lab of the same name is none of ours, whatever is done to this one.
        let ours = lab.ours;
        lab.nodes.retain(|node| node.ours || !ours);
        lab.nodes
            .sort_by(|a, b| (a.record.order, &a.name).cmp(&(b.record.order, &b.name)));
    }
    Ok(labs)
}

/// The lab of that name.
pub async fn lab(engine: &Engine, name: &str) -> Result<RunningLab, LabError> {
    let mut labs = labs(engine).await?;
    if let Some(place) = labs.iter().position(|lab| lab.name == name) {
        return Ok(labs.swap_remove(place));
    }
    Err(LabError::Unknown {
        lab: name.to_owned(),
        engine: engine.title().to_owned(),
        suggestion: nearest(name, labs.iter().map(|lab| lab.name.as_str())),
    })
}

impl RunningLab {
    fn add(&mut self, container: ContainerSummary) {
        let label = |name: &str| container.labels.get(name).cloned().unwrap_or_default();
        let role = Role::of(&container.labels);
        self.ours |= role.is_some();
        if self.file.is_empty() {
            self.file = label(labels::FILE);
        }
        if self.owner.is_empty() {
            self.owner = label(labels::OWNER);
        }
        if role == Some(Role::Patchbay) {
            self.patchbay = Some(container.status);
            return;
        }
        let network = label(labels::BRIDGE);
        if !network.is_empty() {
            self.networks.insert(network);
        }
        let image = image(&container);
        self.nodes.push(RunningNode {
            name: label(labels::NODE),
            kind: label(labels::KIND),
            record: NodeRecord::of(&container.labels),
            container: container.name,
            id: container.id.to_string(),
            image,
            status: container.status,
            ours: role == Some(Role::Node),
        });
    }
}

/// The image by the name that the file has for it; containers are made of its id.
fn image(container: &ContainerSummary) -> String {
    let record = NodeRecord::of(&container.labels);
    if record.image.is_empty() {
        return container.image.clone();
    }
    record.image
}

/// The name that was probably meant.
fn nearest<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Option<String> {
    /// How alike two names must be, of 1.
    const ALIKE: f64 = 0.7;
    let alike = all.map(|other| (strsim::jaro_winkler(name, other), other));
    let best = alike.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= ALIKE).then(|| best.1.to_owned())
}
