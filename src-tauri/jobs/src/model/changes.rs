//! A job as events of which only states are known: what has changed between two of them.

use super::{Change, JobState, StepState, StepStatus, Timestamp};

/// What happened to a job between two states of it, in an order that leads from the one to the
/// other. Without a state before, all that led to the one after.
///
/// Log lines that came and went between the two are not there.
pub fn changes_between(before: Option<&JobState>, after: &JobState) -> Vec<(Timestamp, Change)> {
    let mut changes = Vec::new();
    if before.is_none() {
        let (kind, title) = (after.kind.clone(), after.title.clone());
        changes.push((after.queued_at, Change::Queued { kind, title }));
    }
    let had_started = before.is_some_and(|before| before.started_at.is_some());
    if let Some(at) = after.started_at.filter(|_| !had_started) {
        changes.push((at, Change::Started));
    }
    let now = latest(after);
    let known = before.and_then(|before| before.subject.as_ref());
    if let Some(subject) = after.subject.clone().filter(|now| known != Some(now)) {
        changes.push((now, Change::Subject { subject }));
    }
    let earlier = |step: &StepState| before.and_then(|before| before.step(step.id));
    for step in &after.steps {
        changes.extend(began(earlier(step), step, now));
    }
    changes.extend(new_log_lines(before, after));
    for step in &after.steps {
        changes.extend(moved(earlier(step), step, now));
    }
    // A step ends after those below it, which come later.
    for step in after.steps.iter().rev() {
        changes.extend(ended(earlier(step), step, now));
    }
    let had_ended = before.is_some_and(|before| before.outcome.is_some());
    if let Some(outcome) = after.outcome.clone().filter(|_| !had_ended) {
        changes.push((now, Change::Finished { outcome }));
    }
    changes
}

/// The last moment that a state knows of: when what has no time of its own was seen at the latest.
fn latest(job: &JobState) -> Timestamp {
    let steps = job.steps.iter();
    let steps = steps.flat_map(|step| [step.started_at, step.finished_at]);
    let log = job.log.last().map(|line| line.at);
    let all = steps.chain([job.started_at, job.finished_at, log]);
    all.flatten().max().unwrap_or(job.queued_at)
}

fn began(
    before: Option<&StepState>,
    after: &StepState,
    now: Timestamp,
) -> Vec<(Timestamp, Change)> {
    let mut changes = Vec::new();
    let step = after.id;
    if before.is_none() {
        let (parent, name) = (after.parent, after.name.clone());
        let added = Change::StepAdded { step, parent, name };
        changes.push((after.started_at.unwrap_or(now), added));
    }
    let had_started = before.is_some_and(|before| before.started_at.is_some());
    if let Some(at) = after.started_at.filter(|_| !had_started) {
        changes.push((at, Change::StepStarted { step }));
    }
    changes
}

fn new_log_lines(before: Option<&JobState>, after: &JobState) -> Vec<(Timestamp, Change)> {
    let total = |job: &JobState| job.log_dropped + job.log.len() as u64;
    let new = total(after) - before.map_or(0, total).min(total(after));
    let known = after.log.len()
        - usize::try_from(new)
            .unwrap_or(usize::MAX)
            .min(after.log.len());
    let lines = after.log.iter().skip(known);
    lines
        .map(|entry| {
            let (step, line) = (entry.step, entry.line.clone());
            (entry.at, Change::Log { step, line })
        })
        .collect()
}

fn moved(
    before: Option<&StepState>,
    after: &StepState,
    now: Timestamp,
) -> Vec<(Timestamp, Change)> {
    let mut changes = Vec::new();
    let step = after.id;
    let progress = after.progress;
    if let Some(progress) =
        progress.filter(|_| before.and_then(|before| before.progress) != progress)
    {
        changes.push((now, Change::Progress { step, progress }));
    }
    let waiting = &after.waiting;
    if before.and_then(|before| before.waiting.as_ref()) != waiting.as_ref() {
        let waiting_for = waiting.clone();
        changes.push((now, Change::Waiting { step, waiting_for }));
    }
    let stalled = &after.stalled;
    if let Some(waiting_for) = stalled
        && before.is_none_or(|before| before.stalled != *stalled)
    {
        let waiting_for = waiting_for.clone();
        changes.push((now, Change::Stalled { step, waiting_for }));
    }
    changes
}

fn ended(
    before: Option<&StepState>,
    after: &StepState,
    now: Timestamp,
) -> Option<(Timestamp, Change)> {
    let had_ended = before.is_some_and(|before| before.status == StepStatus::Finished);
    let outcome = after.outcome.clone().filter(|_| !had_ended)?;
    let step = after.id;
    let at = after.finished_at.unwrap_or(now);
    Some((at, Change::StepFinished { step, outcome }))
}
