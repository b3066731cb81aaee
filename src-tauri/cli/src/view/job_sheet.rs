//! All that is known of one job. Pure.

use jiff::tz::TimeZone;
use labwright_jobs::{JobRecord, JobState, Outcome, Timestamp};

use super::ending::{SHORT_ID, result_lines};
use super::errors::{error_lines, hint_lines};
use super::interrupted::measured;
use super::lines::{state_name, time_taken};
use super::palette::Palette;
use super::steps::step_lines;
use super::text::{cut, pad, printable};
use super::times::{local, time_of_day};
use crate::installs::host_of;

/// How wide the names of the facts are.
const FACT: usize = 9;

/// All that is known of a job. `left` says whether nobody follows it, though its work may go on on a host. Without a
/// `width` nothing is cut.
pub(crate) fn job_sheet(
    record: &JobRecord,
    left: bool,
    now: Timestamp,
    zone: &TimeZone,
    width: Option<usize>,
    palette: Palette,
) -> Vec<String> {
    let mut lines = facts(record, left, now, zone);
    lines.extend(request(&record.request));
    let job = measured(&record.job);
    if !job.steps.is_empty() {
        lines.push(palette.faint("steps").to_string());
        let steps = step_lines(&job, now, width.unwrap_or(usize::MAX), palette);
        lines.extend(steps);
    }
    if !job.log.is_empty() {
        lines.push(palette.faint("log").to_string());
    }
    if job.log_dropped > 0 {
        lines.push(format!(
            "  ({} earlier lines are not kept)",
            job.log_dropped
        ));
    }
    for entry in &job.log {
        let step = job.step(entry.step).map(|step| printable(&step.name));
        let (at, step) = (time_of_day(entry.at, zone), step.unwrap_or_default());
        lines.push(format!("  {at} {step}: {}", printable(&entry.line)));
    }
    if let Some(width) = width {
        lines = lines.iter().map(|line| cut(line, width)).collect();
    }
    // How it ended is never cut.
    lines.extend(ending(&job, palette));
    if left {
        lines.extend(hint_lines(&attach(&job), palette));
    }
    lines
}

fn facts(record: &JobRecord, left: bool, now: Timestamp, zone: &TimeZone) -> Vec<String> {
    let job = measured(&record.job);
    let mut lines = vec![
        fact("job", job.id.as_str()),
        fact("title", &job.title),
        fact("kind", &job.kind),
        fact("state", &state(record, left, now)),
        fact("queued", &local(job.queued_at, zone)),
    ];
    let moments = [("started", job.started_at), ("ended", job.finished_at)];
    for (name, moment) in moments {
        lines.extend(moment.map(|moment| fact(name, &local(moment, zone))));
    }
    lines
}

/// How to go on with a job that was left.
pub(crate) fn attach(job: &JobState) -> String {
    let id: String = job.id.as_str().chars().take(SHORT_ID).collect();
    format!("lw jobs attach {id} follows it, lw jobs cancel {id} stops the work on the host.")
}

fn state(record: &JobRecord, left: bool, now: Timestamp) -> String {
    let job = &record.job;
    if left {
        let host = host_of(job);
        return format!("left: the work may go on on {host}, and nobody follows it");
    }
    let name = state_name(job);
    let took = time_taken(job, now);
    let pid = record.process.pid;
    match (took, job.is_active()) {
        (None, true) => format!("{name}, in the process {pid}"),
        (None, false) => name.to_owned(),
        (Some(took), true) => format!("{name}, for {took} now, in the process {pid}"),
        (Some(took), false) => format!("{name} after {took}"),
    }
}

fn request(request: &serde_json::Value) -> Vec<String> {
    let entries = request.as_object().into_iter().flatten();
    let given = entries.filter(|(_, value)| !value.is_null());
    given
        .map(|(name, value)| match (value.as_str(), names(value)) {
            (Some(text), _) => fact(name, text),
            (None, Some(names)) => fact(name, &names),
            (None, None) => fact(name, &value.to_string()),
        })
        .collect()
}

/// Of a list of things with names, the names.
fn names(value: &serde_json::Value) -> Option<String> {
    let things = value.as_array()?.iter();
    let names: Option<Vec<&str>> = things.map(|thing| thing.get("name")?.as_str()).collect();
    names
        .filter(|names| !names.is_empty())
        .map(|names| names.join(", "))
}

fn fact(name: &str, value: &str) -> String {
    format!("{} {}", pad(&printable(name), FACT), printable(value))
}

fn ending(job: &JobState, palette: Palette) -> Vec<String> {
    match &job.outcome {
        None => Vec::new(),
        Some(Outcome::Succeeded { .. }) => result_lines(job, palette),
        Some(Outcome::Failed { error }) => error_lines(error, None, palette),
        Some(Outcome::Cancelled { by }) => vec![by.to_string()],
        Some(Outcome::Lost { why }) => vec![format!("lost: {}", printable(why))],
    }
}

#[cfg(test)]
mod tests;
