//! Labs as lines of text and as JSON. Pure.

use std::path::Path;

use labwright_jobs::{JobState, Outcome};
use labwright_labs::deploy::DeployResult;
use labwright_labs::plan::Plan;
use labwright_labs::running::{
    DestroyResult, Finding, LabState, NodeStanding, NodeState, PowerResult, RunningLab, SavedNode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::palette::Palette;
use super::table::{Column, table};
use super::text::printable;
use super::units;

/// What a job with a lab ended with; none if the job is another.
pub(crate) fn lab_lines(job: &JobState, palette: Palette) -> Option<Vec<String>> {
    let Some(Outcome::Succeeded { result }) = &job.outcome else {
        return None;
    };
    match job.kind.as_str() {
        "deploy" => {
            let result = DeployResult::deserialize(result).ok()?;
            Some(deployed(job, &result, palette))
        }
        "destroy" => {
            let result = DestroyResult::deserialize(result).ok()?;
            Some(vec![destroyed(&result, palette)])
        }
        "start" | "stop" | "restart" => {
            let result = PowerResult::deserialize(result).ok()?;
            Some(vec![powered(&job.kind, &result, palette)])
        }
        _ => None,
    }
}

/// The lab's name, for who reads nothing else.
pub(crate) fn lab_name(job: &JobState) -> Option<String> {
    let Some(Outcome::Succeeded { result }) = &job.outcome else {
        return None;
    };
    let is_lab = ["deploy", "destroy", "start", "stop", "restart"].contains(&job.kind.as_str());
    let name = result.get("lab").and_then(Value::as_str);
    name.filter(|_| is_lab).map(printable)
}

fn deployed(job: &JobState, result: &DeployResult, palette: Palette) -> Vec<String> {
    let took = job.started_at.zip(job.finished_at);
    let took = took.map(|(start, end)| units::duration(end.millis() - start.millis()));
    let kept = result.nodes.iter().filter(|node| node.kept).count();
    let facts = [
        Some(count(result.nodes.len(), "node")),
        Some(count(result.links, "link")),
        (kept > 0).then(|| format!("{kept} kept as they were")),
        (!result.removed.is_empty()).then(|| format!("removed {}", result.removed.join(", "))),
        took,
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let name = palette.good(printable(&result.lab));
    let mut lines = vec![format!("lab {name} is up: {}", facts.join(", "))];
    let rows: Vec<[String; 4]> = result
        .nodes
        .iter()
        .map(|node| {
            let address = [&node.ipv4, &node.ipv6].map(String::as_str).join(" ");
            [
                node.name.clone(),
                node.kind.clone(),
                address.trim().to_owned(),
                node.container.clone(),
            ]
        })
        .collect();
    let columns = [
        Column::text("node"),
        Column::text("kind"),
        Column::text("address"),
        Column::long("container"),
    ];
    lines.extend(table(&columns, &rows, None, palette));
    lines.extend(
        result
            .notes
            .iter()
            .map(|note| format!("note: {}", printable(note))),
    );
    lines
}

fn destroyed(result: &DestroyResult, palette: Palette) -> String {
    let facts = [
        (result.containers.len(), "container"),
        (result.volumes.len(), "volume"),
        (result.networks.len(), "network"),
    ];
    let facts = facts.into_iter().filter(|(number, _)| *number > 0);
    let facts: Vec<String> = facts.map(|(number, what)| count(number, what)).collect();
    let name = palette.good(printable(&result.lab));
    if facts.is_empty() {
        return format!("lab {name} is gone");
    }
    format!("lab {name} is gone: {} removed", facts.join(", "))
}

fn powered(kind: &str, result: &PowerResult, palette: Palette) -> String {
    let done = match kind {
        "start" => "runs",
        "stop" => "stopped",
        _ => "runs again",
    };
    let nodes = palette.good(printable(&result.nodes.join(", ")));
    format!("{nodes} of lab {}: {done}", printable(&result.lab))
}

/// `1 node`, `2 nodes`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// A plan's steps, numbered.
pub(crate) fn plan_lines(plan: &Plan, engine: &str) -> Vec<String> {
    let changes = plan.steps.len();
    let mut lines = vec![format!(
        "lab {} on {}: {}, {} kept as they are",
        printable(&plan.lab),
        printable(engine),
        count(changes, "step"),
        count(plan.kept.len(), "node")
    )];
    let steps = plan.steps.iter().enumerate();
    lines.extend(
        steps.map(|(number, step)| format!("{:>4}  {}", number + 1, printable(&step.to_string()))),
    );
    lines.extend(
        plan.notes
            .iter()
            .map(|note| format!("note: {}", printable(note))),
    );
    lines
}

/// A plan for programs.
pub(crate) fn plan_json(plan: &Plan) -> Value {
    let steps: Vec<String> = plan.steps.iter().map(ToString::to_string).collect();
    let undo: Vec<Option<String>> = plan
        .steps
        .iter()
        .map(|step| step.undo().map(|undo| format!("{undo:?}")))
        .collect();
    let steps: Vec<Value> = steps
        .into_iter()
        .zip(undo)
        .map(|(step, undo)| json!({ "step": step, "undo": undo }))
        .collect();
    json!({ "lab": plan.lab, "steps": steps, "kept": plan.kept, "notes": plan.notes })
}

/// Labs, a line each.
pub(crate) fn list_lines(
    labs: &[RunningLab],
    width: Option<usize>,
    palette: Palette,
) -> Vec<String> {
    let rows: Vec<[String; 5]> = labs
        .iter()
        .map(|lab| {
            let running = lab
                .nodes
                .iter()
                .filter(|node| is_running(node.status))
                .count();
            let by = if lab.ours {
                "labwright"
            } else {
                "another tool"
            };
            [
                lab.name.clone(),
                format!("{running} of {}", lab.nodes.len()),
                by.to_owned(),
                lab.owner.clone(),
                lab.file.clone(),
            ]
        })
        .collect();
    let columns = [
        Column::text("lab"),
        Column::number("running"),
        Column::text("deployed by"),
        Column::text("owner"),
        Column::long("file"),
    ];
    table(&columns, &rows, width, palette)
}

fn is_running(status: labwright_engine::ContainerStatus) -> bool {
    status == labwright_engine::ContainerStatus::Running
}

/// Labs for programs.
pub(crate) fn list_json(labs: &[RunningLab]) -> Value {
    let lab = |lab: &RunningLab| {
        json!({
            "name": lab.name,
            "file": lab.file,
            "owner": lab.owner,
            "ours": lab.ours,
            "nodes": lab.nodes.len(),
            "running": lab.nodes.iter().filter(|node| is_running(node.status)).count(),
        })
    };
    Value::Array(labs.iter().map(lab).collect())
}

/// How a lab stands.
pub(crate) fn state_lines(state: &LabState, width: Option<usize>, palette: Palette) -> Vec<String> {
    let mut lines = vec![format!(
        "lab {}: {}, {}, from {}",
        palette.good(printable(&state.name)),
        count(state.nodes.len(), "node"),
        count(state.links.len(), "link"),
        printable(&state.file)
    )];
    let rows: Vec<[String; 6]> = state.nodes.iter().map(node_row).collect();
    let columns = [
        Column::text("node"),
        Column::text("kind"),
        Column::text("state"),
        Column::text("address"),
        Column::number("ports"),
        Column::long("image"),
    ];
    lines.extend(table(&columns, &rows, width, palette));
    if !state.links.is_empty() {
        lines.push(String::new());
        let rows: Vec<[String; 4]> = state.links.iter().map(link_row).collect();
        let columns = [
            Column::text("end"),
            Column::text("end"),
            Column::text("state"),
            Column::long("why"),
        ];
        lines.extend(table(&columns, &rows, width, palette));
    }
    let reasons = state.nodes.iter().filter(|node| !node.reason.is_empty());
    lines.extend(reasons.map(|node| format!("{}: {}", node.name, printable(&node.reason))));
    let problems = state.problems.iter();
    lines.extend(problems.map(|problem| palette.bad(printable(problem)).to_string()));
    lines
}

fn node_row(node: &NodeState) -> [String; 6] {
    let wired = node.ports.iter().filter(|port| port.wired).count();
    [
        node.name.clone(),
        node.kind.clone(),
        standing(node.state).to_owned(),
        node.ipv4.clone(),
        format!("{wired}/{}", node.ports.len()),
        node.image.clone(),
    ]
}

fn standing(standing: NodeStanding) -> &'static str {
    match standing {
        NodeStanding::Ready => "ready",
        NodeStanding::Booting => "booting",
        NodeStanding::Stopped => "stopped",
        NodeStanding::Failed => "failed",
    }
}

fn link_row(link: &labwright_labs::running::LinkView) -> [String; 4] {
    let [a, b] = link.ends.clone();
    [a, b, link.state.clone(), link.reason.clone()]
}

/// What was looked at, and what came of it.
pub(crate) fn finding_lines(findings: &[Finding], palette: Palette) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in findings {
        let what = format!("{} {}", printable(&finding.object), finding.check);
        match &finding.problem {
            None => lines.push(format!("{}  {what}", palette.good("ok"))),
            Some(problem) => {
                lines.push(format!(
                    "{}  {what}: {}",
                    palette.bad("!!"),
                    printable(problem)
                ));
                if !finding.hint.is_empty() {
                    lines.push(format!("    {}", printable(&finding.hint)));
                }
            }
        }
    }
    lines
}

/// What was saved, and where it is now.
pub(crate) fn saved_lines(saved: &[SavedNode], folder: Option<&Path>) -> Vec<String> {
    let line = |node: &SavedNode| {
        let size = units::bytes(node.text.len() as u64);
        let node_name = printable(&node.node);
        match folder {
            Some(folder) => {
                let file = folder.join(&node.node).join(&node.file);
                format!(
                    "{node_name}: saved, {size} in {}",
                    printable(&file.to_string_lossy())
                )
            }
            None => format!("{node_name}: saved, {size} in the node's volume"),
        }
    };
    saved.iter().map(line).collect()
}
