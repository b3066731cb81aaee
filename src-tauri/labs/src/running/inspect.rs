//! How a lab stands: what it shows to people and programs.

use super::error::LabError;
use super::find::{RunningLab, RunningNode};
use super::standing::{by_detail, by_unmet, node_state, planned_ports, ports, unmet};
use crate::kinds::Kinds;
use crate::patchbay::Patchbay;
use crate::topology::LabName;
use futures_util::future::join_all;
use labwright_engine::{ContainerStatus, Engine};
use labwright_patchbay::{LinkState, Request, Status};
use serde::{Deserialize, Serialize};

/// How a lab stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabState {
    /// Its name.
    pub name: String,
    /// Its topology's file.
    pub file: String,
    /// Who deployed it.
    pub owner: String,
    /// Whether Labwright did.
    pub ours: bool,
    /// Its nodes, in the order of the file.
    pub nodes: Vec<NodeState>,
    /// Its links.
    pub links: Vec<LinkView>,
    /// What is wrong with it as a whole.
    pub problems: Vec<String>,
}

/// How a node stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeState {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its container.
    pub container: String,
    /// Its image.
    pub image: String,
    /// How it stands.
    pub state: NodeStanding,
    /// What it lacks, or why it failed.
    pub reason: String,
    /// Its address in the management network; empty where it has none.
    pub ipv4: String,
    /// Its address in the management network; empty where it has none.
    pub ipv6: String,
    /// Since when it runs, RFC 3339; empty where it does not.
    pub since: String,
    /// How often the engine started it again.
    pub restarts: u32,
    /// Its ports.
    pub ports: Vec<PortView>,
}

/// How a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeStanding {
    /// It runs, all checks of its kind succeed, and its commands have run since it was started.
    Ready,
    /// It runs, and something of that is missing.
    Booting,
    /// It was stopped, or never started.
    Stopped,
    /// It ended with an error.
    Failed,
}

/// How a port stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortView {
    /// Its Linux name.
    pub name: String,
    /// Whether it exists.
    pub wired: bool,
    /// Whether the node sees a carrier.
    pub carrier: bool,
    /// What is wrong with it; empty where nothing is.
    pub problem: String,
}

/// How a link stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkView {
    /// Its ends.
    pub ends: [String; 2],
    /// `up`, `down`, `waiting` or `failed`.
    pub state: String,
    /// Why, where it is not up.
    pub reason: String,
}

/// How a lab stands now. Every node is asked whether it is ready.
pub async fn inspect(
    engine: &Engine,
    kinds: &Kinds,
    lab: &RunningLab,
) -> Result<LabState, LabError> {
    let (wiring, problem) = wiring(engine, lab).await;
    let nodes = lab
        .nodes
        .iter()
        .map(|node| standing(engine, kinds, lab, node, wiring.as_ref()));
    let nodes: Result<Vec<_>, _> = join_all(nodes).await.into_iter().collect();
    let links = wiring
        .as_ref()
        .map(|status| status.links.iter().map(link_view).collect());
    Ok(LabState {
        name: lab.name.clone(),
        file: lab.file.clone(),
        owner: lab.owner.clone(),
        ours: lab.ours,
        nodes: nodes?,
        links: links.unwrap_or_default(),
        problems: problem.into_iter().collect(),
    })
}

/// What the patchbay says; what is wrong with it, where it says nothing.
async fn wiring(engine: &Engine, lab: &RunningLab) -> (Option<Status>, Option<String>) {
    let Some(name) = lab.name.parse::<LabName>().ok().filter(|_| lab.ours) else {
        return (None, None);
    };
    if lab.patchbay != Some(ContainerStatus::Running) {
        let why = format!(
            "the patchbay does not run: lw lab start {} starts it",
            lab.name
        );
        return (None, Some(why));
    }
    let asked = async {
        Patchbay::open(engine, &name)
            .await?
            .ask_status(Request::Status)
            .await
    };
    match asked.await {
        Ok(status) => (Some(status), None),
        Err(error) => (None, Some(error.report().in_one_line())),
    }
}

async fn standing(
    engine: &Engine,
    kinds: &Kinds,
    lab: &RunningLab,
    node: &RunningNode,
    wiring: Option<&Status>,
) -> Result<NodeState, LabError> {
    let detail = engine.container(&node.container).await;
    let detail = detail.map_err(|source| LabError::Engine {
        lab: lab.name.clone(),
        action: "looking at its nodes",
        source: Box::new(source),
    })?;
    let judged = if let Some(judged) = by_detail(detail.as_ref()) {
        judged
    } else {
        let started_at = detail.as_ref().map_or("", |it| it.started_at.as_str());
        by_unmet(unmet(engine, kinds, node, started_at).await.as_ref())
    };
    let ports = wiring.map_or_else(|| planned_ports(node), |status| ports(status, &node.name));
    Ok(node_state(node, detail.as_ref(), judged, ports))
}

/// How a link stands, in words.
pub(crate) fn link_view(link: &labwright_patchbay::LinkStatus) -> LinkView {
    let (state, reason) = match &link.state {
        LinkState::Up => ("up", String::new()),
        LinkState::Down => ("down", String::new()),
        LinkState::Waiting { missing } => {
            let missing: Vec<&str> = missing
                .iter()
                .map(labwright_patchbay::EndName::as_str)
                .collect();
            ("waiting", format!("{} is not there", missing.join(", ")))
        }
        LinkState::Failed { problem } => ("failed", problem.to_string()),
    };
    LinkView {
        ends: [link.ends[0].to_string(), link.ends[1].to_string()],
        state: state.to_owned(),
        reason,
    }
}
