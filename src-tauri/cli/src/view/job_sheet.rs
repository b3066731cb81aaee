//! All that is known of one job. Pure.

use jiff::tz::TimeZone;
use labwright_jobs::{JobRecord, JobState, Outcome, Timestamp};

use super::ending::result_lines;
use super::errors::error_lines;
use super::interrupted::measured;
use super::lines::{state_name, time_taken};
use super::palette::Palette;
use super::steps::step_lines;
use super::text::{cut, pad, printable};
use super::times::{local, time_of_day};

/// How wide the names of the facts are.
const FACT: usize = 9;

/// All that is known of a job. Without a `width` nothing is cut.
pub(crate) fn job_sheet(
    record: &JobRecord,
    now: Timestamp,
    zone: &TimeZone,
    width: Option<usize>,
    palette: Palette,
) -> Vec<String> {
    let mut lines = facts(record, now, zone);
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
    lines
}

fn facts(record: &JobRecord, now: Timestamp, zone: &TimeZone) -> Vec<String> {
    let job = measured(&record.job);
    let mut lines = vec![
        fact("job", job.id.as_str()),
        fact("title", &job.title),
        fact("kind", &job.kind),
        fact("state", &state(record, now)),
        fact("queued", &local(job.queued_at, zone)),
    ];
    let moments = [("started", job.started_at), ("ended", job.finished_at)];
    for (name, moment) in moments {
        lines.extend(moment.map(|moment| fact(name, &local(moment, zone))));
    }
    lines
}

fn state(record: &JobRecord, now: Timestamp) -> String {
    let job = &record.job;
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
        .map(|(name, value)| match value.as_str() {
            Some(text) => fact(name, text),
            None => fact(name, &value.to_string()),
        })
        .collect()
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
