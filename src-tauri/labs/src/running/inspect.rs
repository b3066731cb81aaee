//! How a lab stands: what it shows to people and programs.

use super::error::LabError;
use super::find::{RunningLab, RunningNode};
use crate::boot::passes;
use crate::kinds::Kinds;
use crate::patchbay::Patchbay;
use crate::topology::LabName;
use futures_util::future::join_all;
use labwright_engine::{ContainerDetail, ContainerStatus, Engine};
use labwright_patchbay::{EndState, LinkState, Request, Status};
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
    /// Why, where it failed.
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
    /// It runs, and all checks of its kind succeed.
    Ready,
    /// It runs, and they do not yet.
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
    let (state, reason) = match &detail {
        Some(detail) => state(engine, kinds, node, detail).await,
        None => (NodeStanding::Failed, "its container was removed".to_owned()),
    };
    let runs = matches!(state, NodeStanding::Ready | NodeStanding::Booting);
    let place = detail
        .as_ref()
        .and_then(|detail| detail.networks.values().next().cloned());
    let place = place.unwrap_or_default();
    let pinned = |now: String, then: Option<String>| {
        if now.is_empty() {
            then.unwrap_or_default()
        } else {
            now
        }
    };
    Ok(NodeState {
        name: node.name.clone(),
        kind: node.kind.clone(),
        container: node.container.clone(),
        image: node.image.clone(),
        state,
        reason,
        ipv4: pinned(
            place.ipv4,
            node.record.ipv4.map(|address| address.to_string()),
        ),
        ipv6: pinned(
            place.ipv6,
            node.record.ipv6.map(|address| address.to_string()),
        ),
        since: detail
            .as_ref()
            .filter(|_| runs)
            .map(|it| it.started_at.clone())
            .unwrap_or_default(),
        restarts: detail.as_ref().map_or(0, |detail| detail.restarts),
        ports: ports(node, wiring),
    })
}

async fn state(
    engine: &Engine,
    kinds: &Kinds,
    node: &RunningNode,
    detail: &ContainerDetail,
) -> (NodeStanding, String) {
    match detail.status {
        ContainerStatus::Running | ContainerStatus::Paused => {}
        ContainerStatus::Restarting => {
            return (
                NodeStanding::Booting,
                "the engine starts it again".to_owned(),
            );
        }
        ContainerStatus::Created if detail.error.is_empty() => {
            return (NodeStanding::Stopped, String::new());
        }
        ContainerStatus::Created => return (NodeStanding::Failed, detail.error.clone()),
        _ => return ended(detail),
    }
    let Some(kind) = kinds.get(&node.kind) else {
        return (NodeStanding::Ready, String::new());
    };
    for check in &kind.readiness.checks {
        if !passes(engine, &node.container, check).await {
            let command = check.command.join(" ");
            return (
                NodeStanding::Booting,
                format!("`{command}` does not succeed yet"),
            );
        }
    }
    (NodeStanding::Ready, String::new())
}

/// Asked to stop, programs end with 0 or by the signal; the rest is a failure.
fn ended(detail: &ContainerDetail) -> (NodeStanding, String) {
    /// 128 and the numbers of SIGINT, SIGKILL, SIGTERM and SIGRTMIN+3.
    const STOPPED: [i64; 5] = [0, 130, 137, 143, 165];
    if detail.out_of_memory {
        return (
            NodeStanding::Failed,
            "the kernel killed it for want of memory".to_owned(),
        );
    }
    if STOPPED.contains(&detail.exit_code) {
        return (NodeStanding::Stopped, String::new());
    }
    (
        NodeStanding::Failed,
        format!("it ended with {}", detail.exit_code),
    )
}

fn ports(node: &RunningNode, wiring: Option<&Status>) -> Vec<PortView> {
    let Some(status) = wiring else {
        let unknown = |name: &String| PortView {
            name: name.clone(),
            wired: false,
            carrier: false,
            problem: String::new(),
        };
        return node.record.ports.iter().map(unknown).collect();
    };
    let own = status
        .ends
        .iter()
        .filter(|end| end.end.owner() == node.name);
    own.map(|end| {
        let (wired, carrier, problem) = match &end.state {
            EndState::Waiting => (false, false, String::new()),
            EndState::Wired { carrier, .. } => (true, *carrier, String::new()),
            EndState::Failed { problem } => (false, false, problem.to_string()),
        };
        PortView {
            name: end.end.interface().to_owned(),
            wired,
            carrier,
            problem,
        }
    })
    .collect()
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
