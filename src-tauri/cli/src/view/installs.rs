//! What an install, a verification or a repair ended with, as lines of text. Pure.

use labwright_jobs::JobState;
use labwright_remote::install::{
    FindingReport, HeadReport, InstallRequest, InstallSummary, NodeReport, NodeResult,
};

use super::errors::{hint_lines, warning_lines};
use super::labs::count;
use super::palette::Palette;
use super::table::{Column, table};
use super::text::printable;
use super::units;
use crate::installs::{found_faults, has_faults, host_of, is_on_host, summary};

/// How many digits of a commit are shown.
const COMMIT: usize = 12;

/// What is told of a requirement, and in which words; what is as wanted is not told one by one.
const TOLD: [(&str, &str); 4] = [
    ("mismatch", "other version"),
    ("missing", "missing"),
    ("unparseable", "not understood"),
    ("unknown", "unknown"),
];

/// The same of a node's commit.
const HEADS: [(&str, &str); 3] = [
    ("other", "not at its pin"),
    ("missing", "not there"),
    ("unknown", "unknown"),
];

/// What a job on a host ended with; none if the job is another.
pub(super) fn install_lines(job: &JobState, palette: Palette) -> Option<Vec<String>> {
    let summary = summary(job)?;
    let host = printable(host_of(job));
    if job.kind == "verify" {
        return Some(verified(&host, &summary, palette));
    }
    let mut lines = vec![installed(job, &host, &summary, palette)];
    if job.kind == "repair" {
        lines.extend(verified(&host, &summary, palette));
    }
    Some(lines)
}

fn installed(job: &JobState, host: &str, summary: &InstallSummary, palette: Palette) -> String {
    let of = |result| {
        let nodes = summary.nodes.iter();
        nodes.filter(|node| node.outcome == Some(result)).count()
    };
    let words = [
        (of(NodeResult::Installed), "installed"),
        (of(NodeResult::Updated), "brought to another commit"),
        (of(NodeResult::Present), "already there"),
    ];
    let mut facts: Vec<String> = words
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    let took = job.started_at.zip(job.finished_at);
    facts.extend(took.map(|(start, end)| units::duration(end.millis() - start.millis())));
    let nodes = palette.good(count(summary.nodes.len(), "node"));
    format!("{nodes} on {host}: {}", facts.join(", "))
}

/// What is wrong in a table, what does not fit each other, and how much there is of each.
fn verified(host: &str, summary: &InstallSummary, palette: Palette) -> Vec<String> {
    let rows: Vec<[String; 4]> = summary.nodes.iter().flat_map(rows).collect();
    let mut lines = Vec::new();
    if !rows.is_empty() {
        let columns = [
            Column::text("node"),
            Column::text("requirement"),
            Column::text("state"),
            Column::text("found"),
        ];
        lines = table(&columns, &rows, None, palette);
    }
    for conflict in &summary.conflicts {
        let nodes = conflict.nodes.join(", ");
        let line = format!("conflict: {} ({nodes})", conflict.text.trim());
        lines.push(printable(&line));
    }
    lines.push(verdict(host, summary, palette));
    lines
}

fn rows(node: &NodeReport) -> Vec<[String; 4]> {
    let head = node.head.as_ref().and_then(|head| head_row(node, head));
    let findings = node.findings.iter();
    let findings = findings.filter_map(|finding| finding_row(node, finding));
    head.into_iter().chain(findings).collect()
}

fn head_row(node: &NodeReport, head: &HeadReport) -> Option<[String; 4]> {
    let (_, words) = HEADS.iter().find(|(state, _)| *state == head.state)?;
    let found = head.found.chars().take(COMMIT).collect();
    Some([node.name.clone(), String::new(), (*words).to_owned(), found])
}

fn finding_row(node: &NodeReport, finding: &FindingReport) -> Option<[String; 4]> {
    let (_, words) = TOLD.iter().find(|(state, _)| *state == finding.state)?;
    let found = if finding.found.is_empty() {
        &finding.text
    } else {
        &finding.found
    };
    Some([
        node.name.clone(),
        finding.requirement.clone(),
        (*words).to_owned(),
        found.clone(),
    ])
}

fn verdict(host: &str, summary: &InstallSummary, palette: Palette) -> String {
    let counts = &summary.summary;
    let many = [
        (counts.satisfied, "satisfied"),
        (counts.mismatch, "in another version"),
        (counts.missing, "missing"),
        (counts.unparseable, "not understood"),
        (counts.unknown, "unknown"),
    ];
    let many = many.into_iter().filter(|(number, _)| *number > 0);
    let many: Vec<String> = many
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    let requirements = match many.as_slice() {
        [] => "no requirements".to_owned(),
        some => format!("requirements: {}", some.join(", ")),
    };
    let conflicts = match (summary.conflicts_known, summary.conflicts.len()) {
        (true, 0) => "no conflicts".to_owned(),
        (true, number) => count(number, "conflict"),
        (false, _) => "conflicts unknown".to_owned(),
    };
    let astray = (counts.astray > 0)
        .then(|| format!("{} not as the plan says", count(counts.astray, "node")));
    let facts = [
        Some(count(summary.nodes.len(), "node")),
        astray,
        Some(requirements),
        Some(conflicts),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let host = if has_faults(summary) {
        palette.bad(host)
    } else {
        palette.good(host)
    };
    format!("{host}: {}", facts.join("; "))
}

/// What to look at after a job on a host that succeeded.
pub(super) fn remarks(job: &JobState, palette: Palette) -> Vec<String> {
    let Some(summary) = summary(job) else {
        return Vec::new();
    };
    if job.kind == "verify" && found_faults(job) {
        let next =
            "lw repair, with the same plan and host, mends what can be mended; it asks before.";
        return hint_lines(next, palette);
    }
    if job.kind != "install" {
        return Vec::new();
    }
    let wrong = faults(&summary).into_iter();
    wrong
        .flat_map(|fault| warning_lines(&fault, palette))
        .collect()
}

/// What is wrong, a line each, for who reads nothing else; none if nothing is.
pub(super) fn faults_alone(job: &JobState) -> Option<String> {
    if !is_on_host(job) || job.kind == "install" {
        return None;
    }
    let lines = faults(&summary(job)?);
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What is wrong or unclear, a line each.
fn faults(summary: &InstallSummary) -> Vec<String> {
    let rows = summary.nodes.iter().flat_map(rows);
    let told = rows.map(|[node, requirement, state, found]| {
        let what = if requirement.is_empty() {
            node
        } else {
            format!("{node}: {requirement}")
        };
        let found = if found.is_empty() {
            String::new()
        } else {
            format!(" ({found})")
        };
        printable(&format!("{what}: {state}{found}"))
    });
    let conflicts = summary.conflicts.iter();
    told.chain(conflicts.map(|conflict| printable(conflict.text.trim())))
        .collect()
}

/// What a repair will do.
pub(crate) fn repair_lines(request: &InstallRequest) -> Vec<String> {
    let nodes: Vec<&str> = request
        .nodes
        .iter()
        .map(|node| node.name.as_str())
        .collect();
    let place = if request.folder.is_empty() {
        String::new()
    } else {
        format!(" in {}", request.folder)
    };
    let lines = [
        format!("Repair {}{place} on {}:", count(nodes.len(), "node"), request.host),
        format!("  {}", nodes.join(", ")),
        "Nodes that are not there are installed. Where nothing was changed by hand, the pinned commit is \
         checked out again; folders with local changes are left alone."
            .to_owned(),
        "What their requirements name is installed with pip, which may change versions of packages.".to_owned(),
    ];
    lines.iter().map(|line| printable(line)).collect()
}

#[cfg(test)]
mod tests;
