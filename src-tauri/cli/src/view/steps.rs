//! One step in one line. Pure.

use console::measure_text_width;
use labwright_jobs::{JobState, Progress, StepId, StepOutcome, StepState, StepStatus, Timestamp};

use super::palette::Palette;
use super::text::{pad, printable};
use super::units;

/// How many columns a bar has.
const BAR: u64 = 24;

/// A terminal with fewer columns has no bars.
pub(super) const WIDTH_WITH_BAR: usize = 76;

/// The lines of all of a job's steps, those below a step after it and indented.
pub(crate) fn step_lines(
    job: &JobState,
    now: Timestamp,
    width: usize,
    palette: Palette,
) -> Vec<String> {
    lines_of(job, |_| true, now, width, palette)
}

/// The same for a job that runs: of the steps below another only those in which something happens or went wrong.
/// Of forty layers three are on their way; the others are counted.
pub(crate) fn live_step_lines(
    job: &JobState,
    now: Timestamp,
    width: usize,
    palette: Palette,
) -> Vec<String> {
    let failed = |step: &StepState| matches!(step.outcome, Some(StepOutcome::Failed { .. }));
    let happens = |step: &StepState| {
        step.parent.is_none() || step.status == StepStatus::Running || failed(step)
    };
    lines_of(job, happens, now, width, palette)
}

fn lines_of(
    job: &JobState,
    shown: impl Fn(&StepState) -> bool,
    now: Timestamp,
    width: usize,
    palette: Palette,
) -> Vec<String> {
    let mut steps = Vec::new();
    descend(job, None, 0, &mut steps);
    steps.retain(|(_, step)| shown(step));
    let left = |(depth, step): &(usize, &StepState)| {
        let (indent, mark) = ("  ".repeat(depth + 1), mark(step, palette));
        let counted = counted(job, step).unwrap_or_default();
        format!("{indent}{mark} {}{counted}", printable(&step.name))
    };
    let names: Vec<String> = steps.iter().map(left).collect();
    let columns = names.iter().map(|name| measure_text_width(name)).max();
    let with_bar = width >= WIDTH_WITH_BAR;
    let line = |((_, step), name): (&(usize, &StepState), String)| {
        let name = pad(&name, columns.unwrap_or_default());
        let line = format!("{name}  {}", detail(step, now, with_bar, palette));
        line.trim_end().to_owned()
    };
    steps.iter().zip(names).map(line).collect()
}

/// The steps below `parent`, each with its depth, a step before those below it.
fn descend<'a>(
    job: &'a JobState,
    parent: Option<StepId>,
    depth: usize,
    steps: &mut Vec<(usize, &'a StepState)>,
) {
    for step in job.children(parent) {
        steps.push((depth, step));
        descend(job, Some(step.id), depth + 1, steps);
    }
}

/// How many of the steps below a running one have ended: ` 7 of 12`.
fn counted(job: &JobState, step: &StepState) -> Option<String> {
    let below: Vec<_> = job.children(Some(step.id)).collect();
    if below.is_empty() || step.status != StepStatus::Running {
        return None;
    }
    let ended = below.iter().filter(|step| step.outcome.is_some()).count();
    Some(format!(" {ended} of {}", below.len()))
}

/// How far a step is, in one phrase without a bar.
pub(crate) fn phrase(step: &StepState, now: Timestamp) -> String {
    detail(step, now, false, Palette::new(false))
}

/// The sign that says where a step stands.
pub(super) fn mark(step: &StepState, palette: Palette) -> String {
    match (&step.outcome, step.status) {
        (Some(StepOutcome::Succeeded), _) => palette.good("✓").to_string(),
        (Some(StepOutcome::Failed { .. }), _) => palette.bad("✗").to_string(),
        (Some(StepOutcome::Cancelled), _) => palette.warning("■").to_string(),
        (Some(StepOutcome::Skipped { .. }), _) => palette.faint("–").to_string(),
        (None, StepStatus::Pending) => palette.faint("·").to_string(),
        (None, _) if step.stalled.is_some() => palette.warning("!").to_string(),
        (None, _) => palette.active("▸").to_string(),
    }
}

/// How far a step is, or how it ended.
pub(super) fn detail(step: &StepState, now: Timestamp, with_bar: bool, palette: Palette) -> String {
    match &step.outcome {
        None if step.status == StepStatus::Pending => String::new(),
        None => running(step, now, with_bar, palette),
        Some(StepOutcome::Succeeded) => {
            palette.faint(summary(step).unwrap_or_default()).to_string()
        }
        Some(StepOutcome::Failed { .. }) => {
            joined([Some(palette.bad("failed").to_string()), summary(step)])
        }
        Some(StepOutcome::Cancelled) => joined([
            Some(palette.warning("cancelled").to_string()),
            summary(step),
        ]),
        Some(StepOutcome::Skipped { why }) => palette
            .faint(format!("skipped: {}", printable(why)))
            .to_string(),
    }
}

/// How far a step came, and how long it took.
pub(crate) fn summary(step: &StepState) -> Option<String> {
    let measured = step.progress.filter(|progress| shows_amount(*progress));
    let amount = measured.map(|progress| match progress.total {
        Some(total) if total == progress.done => units::amount(&Progress {
            total: None,
            ..progress
        }),
        _ => units::amount(&progress),
    });
    let took = step.started_at.zip(step.finished_at);
    let took = took.map(|(start, end)| units::duration(end.millis() - start.millis()));
    let parts = joined([amount, took]);
    (!parts.is_empty()).then_some(parts)
}

fn running(step: &StepState, now: Timestamp, with_bar: bool, palette: Palette) -> String {
    let progress = step.progress.filter(|progress| shows_amount(*progress));
    let amount = progress.map(|progress| units::amount(&progress));
    let elapsed = || {
        let since = step.started_at.unwrap_or(now);
        units::whole_seconds((now.millis() - since.millis()).max(0) / 1000)
    };
    if let Some(waiting_for) = &step.stalled {
        let what = format!("stalled, waiting for {}", printable(waiting_for));
        let what = palette.warning(what).to_string();
        return joined([amount, Some(elapsed()), Some(what)]);
    }
    let waiting = step.waiting.as_deref().map(printable);
    if let Some(waiting_for) = waiting {
        let what = palette
            .faint(format!("waiting for {waiting_for}"))
            .to_string();
        return joined([amount, Some(elapsed()), Some(what)]);
    }
    let Some(progress) = progress else {
        return elapsed();
    };
    let rate = units::rate(&progress);
    match progress.total {
        Some(total) => {
            let numbers = joined([amount, rate, units::time_left(&progress)]);
            let bar = with_bar.then(|| bar(progress.done, total, palette));
            bar.map_or(numbers.clone(), |bar| format!("{bar}  {numbers}"))
        }
        None => joined([amount, rate, Some(elapsed())]),
    }
}

/// Seconds are shown as the time that passed, by the clock here.
fn shows_amount(progress: Progress) -> bool {
    progress.unit.shows_movement()
}

/// The last column fills when the step has ended, and then there is no bar any more: that all was
/// sent does not mean that it arrived.
fn bar(done: u64, total: u64, palette: Palette) -> String {
    let filled = u128::from(done) * u128::from(BAR) / u128::from(total.max(1));
    let filled = usize::try_from(filled.min(u128::from(BAR - 1))).unwrap_or_default();
    let rest = usize::try_from(BAR).unwrap_or_default() - filled;
    let (full, empty) = ("━".repeat(filled), "─".repeat(rest));
    format!("{}{}", palette.active(full), palette.faint(empty))
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    let parts = parts.into_iter().flatten();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}
