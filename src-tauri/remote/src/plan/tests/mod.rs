//! What users get from plans, and from plans that are wrong.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod checks;
mod errors;
mod formats;
mod large;
mod properties;
mod select;

use super::*;

/// A plan of the fixtures.
fn read(name: &str, bytes: &[u8]) -> InstallPlan {
    read_plan(name, bytes).unwrap()
}

/// A plan as one reads it: a line for each node, with what is said of it below.
fn drawn(plan: &InstallPlan) -> String {
    let mut lines = vec![format!("{} is {:?}", plan.name, plan.format)];
    lines.extend(plan.target.iter().map(|target| format!("target {target}")));
    lines.extend(plan.venv.iter().map(|venv| format!("venv {venv}")));
    for node in &plan.nodes {
        let chosen = if node.chosen { '*' } else { '-' };
        lines.push(format!("{chosen} {}: {}", node.name, source(&node.source)));
        let titles = node.title.iter();
        lines.extend(titles.map(|title| format!("    titled {title}")));
        let obstacles = node.obstacle.iter();
        lines.extend(obstacles.map(|why| format!("    CANNOT: {why}")));
        lines.extend(node.notes.iter().map(|note| format!("    {note}")));
    }
    lines.extend(plan.notes.iter().map(|note| format!("Note: {note}")));
    lines.join("\n")
}

fn source(source: &NodeSource) -> String {
    match source {
        NodeSource::Git {
            url,
            folder,
            reference,
            requirements,
            packages,
        } => {
            let mut text = format!("{url} in {folder}");
            text.extend(reference.iter().map(|pin| format!(" at {pin:?}")));
            text.extend(requirements.iter().map(|file| format!(" with {file}")));
            text.extend(packages.iter().map(|package| format!(" + {package}")));
            text
        }
        NodeSource::Packages { packages } => packages.join(" + "),
        NodeSource::Image { image } => format!("{image:?}"),
        NodeSource::Other => "other".to_owned(),
    }
}

/// An error as users see it.
fn told(error: &PlanError) -> String {
    let report = error.report();
    let chain = report.chain.iter().map(|cause| format!("\n  {cause}"));
    let hints = report.hints.iter().map(|hint| format!("\nhint: {hint}"));
    let mut told = format!("[{}] {}", report.code, report.message);
    told.extend(chain.chain(hints));
    told
}
