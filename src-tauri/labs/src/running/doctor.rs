//! What is wrong with a lab that is there, and what to do about it.

use super::error::LabError;
use super::find::RunningLab;
use super::inspect::{LabState, NodeStanding, NodeState, inspect};
use crate::boot::{bad_sign, times};
use crate::kinds::Kinds;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use labwright_engine::Engine;
use serde::Serialize;

/// How long a node that was started again must run until its end is the past.
const TRUSTED: SignedDuration = SignedDuration::from_mins(5);

/// One check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The node, the link, or the lab.
    pub object: String,
    /// What was looked at.
    pub check: &'static str,
    /// What is wrong; none where all is well.
    pub problem: Option<String>,
    /// What to do about it; empty where nothing is known.
    pub hint: String,
}

/// Repeats, for a lab that is there, everything that is looked at when it boots.
pub async fn doctor(
    engine: &Engine,
    kinds: &Kinds,
    lab: &RunningLab,
) -> Result<Vec<Finding>, LabError> {
    let state = inspect(engine, kinds, lab).await?;
    let mut findings = vec![Finding {
        object: lab.name.clone(),
        check: "patchbay",
        problem: state.problems.first().cloned(),
        hint: String::new(),
    }];
    let nodes = state
        .nodes
        .iter()
        .map(|node| of_node(engine, kinds, lab, (&state, node)));
    findings.extend(join_all(nodes).await.into_iter().flatten());
    findings.extend(links(&state));
    Ok(findings)
}

async fn of_node(
    engine: &Engine,
    kinds: &Kinds,
    lab: &RunningLab,
    (state, node): (&LabState, &NodeState),
) -> Vec<Finding> {
    let finding = |check, problem: Option<String>, hint: String| Finding {
        object: node.name.clone(),
        check,
        problem,
        hint,
    };
    let runs = matches!(node.state, NodeStanding::Ready | NodeStanding::Booting);
    let why = |usual: &str| {
        if node.reason.is_empty() {
            usual.to_owned()
        } else {
            node.reason.clone()
        }
    };
    let mut findings = vec![finding(
        "runs",
        (!runs).then(|| why("it does not run")),
        format!(
            "lw node start {} {}; lw logs {} {}",
            lab.name, node.name, lab.name, node.name
        ),
    )];
    if !runs {
        return findings;
    }
    findings.extend(cut_off(lab, state, node).map(|problem| {
        let hint = format!("lw node restart {} {}", lab.name, node.name);
        finding("network", Some(problem), hint)
    }));
    findings.push(finding(
        "stays up",
        ends_again_and_again(node, Timestamp::now()),
        format!("lw logs --last 50 {} {}", lab.name, node.name),
    ));
    let missing = node.ports.iter().filter(|port| !port.wired);
    let missing: Vec<String> = missing
        .map(|port| format!("{} {}", port.name, port.problem).trim().to_owned())
        .collect();
    findings.push(finding(
        "ports",
        (!missing.is_empty()).then(|| format!("missing: {}", missing.join(", "))),
        format!("lw node restart {} {}", lab.name, node.name),
    ));
    let Some(kind) = kinds.get(&node.kind) else {
        return findings;
    };
    if !kind.readiness.bad.is_empty() {
        let sign = bad_sign(engine, &node.container, kind).await;
        let hint = sign
            .as_ref()
            .map(|sign| sign.hints().join(" "))
            .unwrap_or_default();
        findings.push(finding("boot log", sign.map(|sign| sign.to_string()), hint));
    }
    if !kind.readiness.checks.is_empty() {
        let booting = node.state == NodeStanding::Booting;
        let hint = format!("Wait, or look: lw logs -f {} {}", lab.name, node.name);
        findings.push(finding(
            "ready",
            booting.then(|| why("it is not ready")),
            hint,
        ));
    }
    findings
}

/// A node that shares another's network is left in the old one when that other is started again by itself.
fn cut_off(lab: &RunningLab, state: &LabState, node: &NodeState) -> Option<String> {
    let owner = lab.node(&node.name).ok()?.record.way.network_of.clone()?;
    let owners = state.nodes.iter().find(|other| other.name == owner)?;
    let (own, other): (Timestamp, Timestamp) =
        (node.since.parse().ok()?, owners.since.parse().ok()?);
    (own < other).then(|| {
        format!(
            "it shares the network of {owner}, which was started again without it: it is cut off"
        )
    })
}

/// Engines start nodes again that end by themselves: one that runs at this moment may be about to end.
fn ends_again_and_again(node: &NodeState, now: Timestamp) -> Option<String> {
    let since: Timestamp = node.since.parse().ok()?;
    let runs_for = now.duration_since(since);
    (node.restarts > 0 && runs_for < TRUSTED).then(|| {
        let times = times(node.restarts);
        format!(
            "it ended, and the engine started it again {times}, the last time {} s ago",
            runs_for.as_secs().max(0)
        )
    })
}

fn links(state: &LabState) -> Vec<Finding> {
    let finding = |link: &super::inspect::LinkView| Finding {
        object: link.ends.join(" – "),
        check: "link",
        problem: (link.state == "failed" || link.state == "waiting")
            .then(|| format!("{}: {}", link.state, link.reason)),
        hint: String::new(),
    };
    state.links.iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn said(restarts: u32, since: &str) -> Option<String> {
        let node = NodeState {
            name: "a".to_owned(),
            kind: "linux".to_owned(),
            container: "clab-lab-a".to_owned(),
            image: String::new(),
            state: NodeStanding::Ready,
            reason: String::new(),
            ipv4: String::new(),
            ipv6: String::new(),
            since: since.to_owned(),
            restarts,
            ports: Vec::new(),
        };
        ends_again_and_again(&node, "2026-11-20T10:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_node_in_a_loop_is_told_though_it_runs_now() {
        let told = said(7, "2026-11-20T09:59:57.5Z").unwrap();
        insta::assert_snapshot!(told);
        assert_eq!(said(0, "2026-11-20T09:59:57Z"), None);
        assert_eq!(said(1, "2026-11-20T09:00:00Z"), None);
    }
}
