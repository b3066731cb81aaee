//! A job on many nodes of a host, on few lines: what comes before the nodes, at most four of them around those that run, and
//! what comes after. A pure function of the job's steps, so that it never tells anything else than the whole list does;
//! the window's is the same (`src-ui/src/domain/shortview.ts`).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use console::measure_text_width;
use labwright_jobs::{JobState, StepId, StepOutcome, StepState, StepStatus, Timestamp};

use super::palette::Palette;
use super::steps::{WIDTH_WITH_BAR, detail, mark};
use super::text::{pad, printable};
use crate::installs::NODES;

/// How many nodes are shown.
const WINDOW: usize = 4;

/// The step that goes without saying once it is over.
const CONNECT: &str = "Connect";

/// The step of a node that has a row of its own.
const REQUIREMENTS: &str = "Requirements";

/// Nodes, counted. Skipped and cancelled ones have ended, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    total: usize,
    done: usize,
    failed: usize,
    running: usize,
}

/// A row of the short view.
#[derive(Clone, Copy, Debug)]
enum Row<'a> {
    Step(&'a StepState),
    Others(Tally),
    /// A node, and what it does now.
    Node(&'a StepState, Option<&'a StepState>),
    Requirements(&'a StepState),
}

/// The lines of the short view.
pub(super) fn short_lines(
    job: &JobState,
    now: Timestamp,
    width: usize,
    palette: Palette,
) -> Vec<String> {
    let rows = rows(job);
    let names: Vec<String> = rows.iter().map(|row| name(row, palette)).collect();
    let columns = names.iter().map(|name| measure_text_width(name)).max();
    let with_bar = width >= WIDTH_WITH_BAR;
    let lines = rows.iter().zip(names).map(|(row, name)| {
        let name = pad(&name, columns.unwrap_or_default());
        let line = format!("{name}  {}", told(row, now, with_bar, palette));
        line.trim_end().to_owned()
    });
    lines.collect()
}

fn name(row: &Row<'_>, palette: Palette) -> String {
    match row {
        Row::Step(step) => format!("  {} {}", mark(step, palette), printable(&step.name)),
        Row::Node(node, _) => format!("    {} {}", mark(node, palette), printable(&node.name)),
        Row::Requirements(step) => {
            format!("      {} {}", mark(step, palette), printable(&step.name))
        }
        Row::Others(tally) => {
            let others = if tally.total == 1 { "other" } else { "others" };
            let Tally { total, done, .. } = tally;
            palette
                .faint(format!("    … {total} {others} ({done}/{total})"))
                .to_string()
        }
    }
}

fn told(row: &Row<'_>, now: Timestamp, with_bar: bool, palette: Palette) -> String {
    match row {
        Row::Step(step) | Row::Requirements(step) | Row::Node(step, None) => {
            detail(step, now, with_bar, palette)
        }
        Row::Node(_, Some(phase)) => {
            let detail = detail(phase, now, with_bar, palette);
            format!("{}  {detail}", printable(&phase.name))
        }
        Row::Others(tally) => {
            let parts = [
                (tally.failed > 0).then(|| palette.bad(format!("{} failed", tally.failed))),
                (tally.running > 0).then(|| palette.active(format!("{} running", tally.running))),
            ];
            let parts: Vec<String> = parts.iter().flatten().map(ToString::to_string).collect();
            parts.join(" · ")
        }
    }
}

/// The rows, in their order.
fn rows(job: &JobState) -> Vec<Row<'_>> {
    let top: Vec<&StepState> = job.children(None).collect();
    let at = top.iter().position(|step| step.name == NODES);
    let (before, rest) = top.split_at(at.unwrap_or(top.len()));
    let says_something =
        |step: &&&StepState| step.name != CONNECT || step.outcome != Some(StepOutcome::Succeeded);
    let mut rows: Vec<Row<'_>> = before
        .iter()
        .filter(says_something)
        .map(|step| Row::Step(step))
        .collect();
    if let Some((nodes, after)) = rest.split_first() {
        // Where no node runs, what all of them wait for is told of the step above them.
        if nodes.waiting.is_some() || nodes.stalled.is_some() {
            rows.push(Row::Step(nodes));
        }
        rows.extend(node_rows(job, nodes.id));
        rows.extend(after.iter().map(|step| Row::Step(step)));
    }
    rows
}

fn node_rows(job: &JobState, nodes: StepId) -> Vec<Row<'_>> {
    let nodes: Vec<&StepState> = job.children(Some(nodes)).collect();
    let shown = chosen(job, &nodes);
    let (above, below) = hidden(&nodes, &shown);
    let mut rows = Vec::from_iter(others(&above));
    for index in shown {
        rows.extend(rows_of(job, nodes[index]));
    }
    rows.extend(others(&below));
    rows
}

fn rows_of<'a>(job: &'a JobState, node: &'a StepState) -> Vec<Row<'a>> {
    let parts: Vec<&StepState> = job.children(Some(node.id)).collect();
    let is_phase =
        |part: &&&StepState| part.status == StepStatus::Running && part.name != REQUIREMENTS;
    let phase = parts.iter().rfind(is_phase).copied();
    let phase = phase.filter(|_| node.is_open());
    let requirements = parts.iter().filter(|part| part.name == REQUIREMENTS);
    std::iter::once(Row::Node(node, phase))
        .chain(requirements.map(|part| Row::Requirements(part)))
        .collect()
}

fn others(nodes: &[&StepState]) -> Option<Row<'static>> {
    let count = |is: fn(&StepState) -> bool| nodes.iter().filter(|node| is(node)).count();
    let tally = Tally {
        total: nodes.len(),
        done: count(|node| !node.is_open()),
        failed: count(has_failed),
        running: count(|node| node.status == StepStatus::Running),
    };
    (tally.total > 0).then_some(Row::Others(tally))
}

fn has_failed(node: &StepState) -> bool {
    matches!(node.outcome, Some(StepOutcome::Failed { .. }))
}

/// The places of those that are shown: running ones before failed ones, then those that ended last, and then the next to
/// come.
fn chosen(job: &JobState, nodes: &[&StepState]) -> BTreeSet<usize> {
    let mut places: Vec<usize> = (0..nodes.len()).collect();
    places.sort_by_key(|place| {
        let node = nodes[*place];
        (rank(job, node), Reverse(node.finished_at), *place)
    });
    places.into_iter().take(WINDOW).collect()
}

fn rank(job: &JobState, node: &StepState) -> u8 {
    let works = |part: &StepState| part.status == StepStatus::Running && part.waiting.is_none();
    match node.status {
        // One that waits for its turn says less than one that works.
        StepStatus::Running if job.children(Some(node.id)).any(works) => 0,
        StepStatus::Running => 1,
        StepStatus::Finished if has_failed(node) => 2,
        StepStatus::Finished => 3,
        StepStatus::Pending => 4,
    }
}

/// The others, above and below: of those between the ones that are shown, the ended stand above, because the work has passed
/// them.
fn hidden<'a>(
    nodes: &[&'a StepState],
    shown: &BTreeSet<usize>,
) -> (Vec<&'a StepState>, Vec<&'a StepState>) {
    let (first, last) = (shown.first().copied(), shown.last().copied());
    let is_above = |place: usize| {
        let passed = nodes[place].outcome.is_some() && last.is_some_and(|last| place < last);
        first.is_some_and(|first| place < first) || passed
    };
    let places = (0..nodes.len()).filter(|place| !shown.contains(place));
    let (above, below): (Vec<usize>, Vec<usize>) = places.partition(|place| is_above(*place));
    let of = |places: Vec<usize>| places.into_iter().map(|place| nodes[place]).collect();
    (of(above), of(below))
}

#[cfg(test)]
mod tests;
