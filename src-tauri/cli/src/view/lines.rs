//! Jobs as lines of text: a pure function of their states and the time.

use console::measure_text_width;
use labwright_jobs::{JobState, Outcome, StepState, StepStatus, Timestamp};

use super::interrupted::{is_interrupted, measured};
use super::palette::Palette;
use super::short::short_lines;
use super::steps::{live_step_lines, phrase};
use super::text::{cut, printable};
use super::units;
use crate::installs::is_on_host;

/// What the lines must fit into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// Columns.
    pub(crate) width: usize,
    /// Rows.
    pub(crate) height: usize,
    /// How it is coloured.
    pub(crate) palette: Palette,
}

/// The jobs that did not end, with their steps; where those do not fit, one line for each job.
pub(crate) fn frame(jobs: &[&JobState], now: Timestamp, screen: &Screen) -> Vec<String> {
    let full: Vec<String> = jobs
        .iter()
        .flat_map(|job| job_lines(job, now, screen))
        .collect();
    // The row below the frame is the cursor's.
    let rows = screen.height.saturating_sub(1).max(1);
    if full.len() <= rows {
        return full;
    }
    let mut short: Vec<String> = jobs.iter().map(|job| one_line(job, now, screen)).collect();
    if short.len() > rows {
        let hidden = short.len() - (rows - 1);
        short.truncate(rows - 1);
        short.push(cut(&format!("… and {hidden} more"), screen.width));
    }
    short
}

/// A job with its steps.
fn job_lines(job: &JobState, now: Timestamp, screen: &Screen) -> Vec<String> {
    let mut lines = vec![heading(job, now, screen)];
    let live = if is_on_host(job) {
        short_lines
    } else {
        live_step_lines
    };
    let steps = live(job, now, screen.width, screen.palette);
    lines.extend(steps.iter().map(|line| cut(line, screen.width)));
    lines
}

/// The title at the left, the time at the right.
fn heading(job: &JobState, now: Timestamp, screen: &Screen) -> String {
    let right = since(job, now);
    let room = screen
        .width
        .saturating_sub(measure_text_width(&right) + 2)
        .max(1);
    let title = cut(&printable(&job.title), room);
    let gap = screen
        .width
        .saturating_sub(measure_text_width(&title) + measure_text_width(&right));
    let line = format!(
        "{}{}{}",
        screen.palette.strong(&title),
        " ".repeat(gap),
        screen.palette.faint(&right)
    );
    cut(&line, screen.width)
}

/// A job and what it does now.
fn one_line(job: &JobState, now: Timestamp, screen: &Screen) -> String {
    let now_at = current_step(job).map(|step| {
        let phrase = phrase(step, now);
        format!("{} {phrase}", printable(&step.name))
    });
    let right = now_at.unwrap_or_else(|| since(job, now));
    // The title gives way first: what happens must be read.
    let half = screen.width / 2;
    let room = screen
        .width
        .saturating_sub(measure_text_width(&right) + 2)
        .max(half);
    let title = cut(&printable(&job.title), room);
    cut(
        &format!("{}  {right}", screen.palette.strong(title)),
        screen.width,
    )
}

fn since(job: &JobState, now: Timestamp) -> String {
    match job.started_at {
        None => "waits for its turn".to_owned(),
        Some(start) => {
            let end = job.finished_at.unwrap_or(now);
            units::whole_seconds((end.millis() - start.millis()).max(0) / 1000)
        }
    }
}

/// The latest step at the top that runs: it sums up those below it.
pub(crate) fn current_step(job: &JobState) -> Option<&StepState> {
    let mut running = job
        .steps
        .iter()
        .filter(|step| step.parent.is_none() && step.status == StepStatus::Running);
    running.next_back()
}

/// How long a job runs or ran; none where it did not start, or nobody knows.
pub(crate) fn time_taken(job: &JobState, now: Timestamp) -> Option<String> {
    let job = measured(job);
    let end = if job.is_active() {
        Some(now)
    } else {
        job.finished_at
    };
    let (start, end) = job.started_at.zip(end)?;
    Some(units::duration(end.millis() - start.millis()))
}

/// Where a job stands, in a word or two.
pub(crate) fn state_name(job: &JobState) -> &'static str {
    match &job.outcome {
        Some(Outcome::Succeeded { .. }) => "succeeded",
        Some(Outcome::Failed { .. }) if is_interrupted(job) => "interrupted",
        Some(Outcome::Failed { .. }) => "failed",
        Some(Outcome::Cancelled { .. }) => "cancelled",
        Some(Outcome::Lost { .. }) => "lost",
        None if job.is_queued() => "queued",
        None if job.steps.iter().any(|step| step.stalled.is_some()) => "stalled",
        None => "running",
    }
}

#[cfg(test)]
mod tests;
