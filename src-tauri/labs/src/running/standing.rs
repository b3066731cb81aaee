//! How one node stands: the same for who asks once, and for who keeps looking.

use super::find::RunningNode;
use super::inspect::{NodeStanding, NodeState, PortView};
use crate::boot::passes;
use crate::kinds::Kinds;
use crate::up::{Done, has_commands};
use labwright_engine::{ContainerDetail, ContainerStatus, Engine};
use labwright_patchbay::{EndState, EndStatus, Status};
use std::fmt;

/// How a node stands, and why.
pub(super) type Judged = (NodeStanding, String);

/// What its container alone tells. None where it runs: then only its checks tell.
pub(super) fn by_detail(detail: Option<&ContainerDetail>) -> Option<Judged> {
    let Some(detail) = detail else {
        let why = "its container was removed".to_owned();
        return Some((NodeStanding::Failed, why));
    };
    match detail.status {
        ContainerStatus::Running => None,
        ContainerStatus::Paused => Some((NodeStanding::Stopped, "it is paused".to_owned())),
        ContainerStatus::Restarting => {
            let why = "the engine starts it again".to_owned();
            Some((NodeStanding::Booting, why))
        }
        ContainerStatus::Created if detail.error.is_empty() => {
            Some((NodeStanding::Stopped, String::new()))
        }
        ContainerStatus::Created => Some((NodeStanding::Failed, detail.error.clone())),
        _ => Some(ended(detail)),
    }
}

/// What a node that runs lacks to be ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unmet {
    /// Nobody has looked yet.
    Unasked,
    /// This check of its kind does not succeed.
    Check(String),
    /// The commands that its file or its kind has for it.
    Commands,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unasked => f.write_str("it was not asked yet"),
            Self::Check(command) => write!(f, "`{command}` does not succeed yet"),
            Self::Commands => f.write_str(
                "its commands have not run since it was started: a deployment runs them",
            ),
        }
    }
}

/// How a node stands that runs.
pub(super) fn by_unmet(unmet: Option<&Unmet>) -> Judged {
    match unmet {
        Some(unmet) => (NodeStanding::Booting, unmet.to_string()),
        None => (NodeStanding::Ready, String::new()),
    }
}

/// Whether anything has to be asked before a node that runs is called ready.
pub(super) fn is_asked(kinds: &Kinds, node: &RunningNode) -> bool {
    let kind = kinds.get(&node.kind);
    is_given_commands(kinds, node) || kind.is_some_and(|kind| !kind.readiness.checks.is_empty())
}

/// Another tool's nodes are given theirs by it.
fn is_given_commands(kinds: &Kinds, node: &RunningNode) -> bool {
    node.ours && has_commands(&node.record, kinds.get(&node.kind))
}

/// What a node lacks that was started at that time: the first check of its kind that does not succeed, or its commands;
/// none where it lacks nothing.
pub(super) async fn unmet(
    engine: &Engine,
    kinds: &Kinds,
    node: &RunningNode,
    started_at: &str,
) -> Option<Unmet> {
    let kind = kinds.get(&node.kind);
    for check in kind.iter().flat_map(|kind| &kind.readiness.checks) {
        if !passes(engine, &node.container, check).await {
            return Some(Unmet::Check(check.command.join(" ")));
        }
    }
    if !is_given_commands(kinds, node) {
        return None;
    }
    // A node that cannot be looked into now is looked at again.
    let done = Done::of(engine, &node.container).await.unwrap_or_default();
    (!done.is_of(&node.id, started_at)).then_some(Unmet::Commands)
}

/// Asked to stop, programs end with 0 or by the signal; the rest is a failure.
fn ended(detail: &ContainerDetail) -> Judged {
    /// 128 and the numbers of SIGINT, SIGKILL, SIGTERM and SIGRTMIN+3.
    const STOPPED: [i64; 5] = [0, 130, 137, 143, 165];
    if detail.out_of_memory {
        let why = "the kernel killed it for want of memory".to_owned();
        return (NodeStanding::Failed, why);
    }
    if STOPPED.contains(&detail.exit_code) {
        return (NodeStanding::Stopped, String::new());
    }
    let why = format!("it ended with {}", detail.exit_code);
    (NodeStanding::Failed, why)
}

/// All that is told of a node.
pub(super) fn node_state(
    node: &RunningNode,
    detail: Option<&ContainerDetail>,
    (state, reason): Judged,
    ports: Vec<PortView>,
) -> NodeState {
    let runs = matches!(state, NodeStanding::Ready | NodeStanding::Booting);
    let place = detail.and_then(|detail| detail.networks.values().next().cloned());
    let place = place.unwrap_or_default();
    let pinned = |now: String, then: Option<String>| {
        if now.is_empty() {
            then.unwrap_or_default()
        } else {
            now
        }
    };
    let (ipv4, ipv6) = (node.record.ipv4, node.record.ipv6);
    NodeState {
        name: node.name.clone(),
        kind: node.kind.clone(),
        container: node.container.clone(),
        image: node.image.clone(),
        state,
        reason,
        ipv4: pinned(place.ipv4, ipv4.map(|address| address.to_string())),
        ipv6: pinned(place.ipv6, ipv6.map(|address| address.to_string())),
        since: detail
            .filter(|_| runs)
            .map(|it| it.started_at.clone())
            .unwrap_or_default(),
        restarts: detail.map_or(0, |detail| detail.restarts),
        ports,
    }
}

/// The ports that a node was made for, where the patchbay does not tell how they stand.
pub(super) fn planned_ports(node: &RunningNode) -> Vec<PortView> {
    let unknown = |name: &String| PortView {
        name: name.clone(),
        wired: false,
        carrier: false,
        problem: String::new(),
    };
    node.record.ports.iter().map(unknown).collect()
}

/// How the ports of a node stand.
pub(super) fn ports(status: &Status, node: &str) -> Vec<PortView> {
    let own = status.ends.iter().filter(|end| end.end.owner() == node);
    own.map(port).collect()
}

/// How a port stands.
pub(crate) fn port(end: &EndStatus) -> PortView {
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
}
