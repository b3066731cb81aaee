//! Jobs where nothing can be drawn over: a line for everything that happens, and one for progress
//! every few seconds.

use std::collections::BTreeMap;
use std::io;

use labwright_jobs::{Change, JobEvent, JobId, JobState, StepId, StepOutcome, Timestamp};

use super::ending::{problem_lines, result_lines};
use super::job_view::JobView;
use super::palette::Palette;
use super::steps::{phrase, summary};
use super::text::printable;
use crate::output::Output;

/// How long after a line of a job's progress the next one comes, in milliseconds.
const BETWEEN_PROGRESS: i64 = 5_000;

/// Prints a line for everything that happens.
#[derive(Debug)]
pub(crate) struct Plain {
    several: bool,
    /// When each job's progress was last printed.
    printed: BTreeMap<JobId, Timestamp>,
}

impl Plain {
    /// `several` says whether more than one job is watched.
    pub(crate) fn new(several: bool) -> Self {
        Self {
            several,
            printed: BTreeMap::new(),
        }
    }

    /// The line for an event, if it gets one. Where several jobs are watched it begins with the
    /// job's title.
    pub(crate) fn line(&mut self, job: &JobState, event: &JobEvent) -> Option<String> {
        let what = match &event.change {
            Change::Queued { .. } if !self.several => return Some(printable(&job.title)),
            Change::Queued { .. } => "waits for its turn".to_owned(),
            Change::Started => "started".to_owned(),
            Change::Subject { subject } if job.kind == "import" => {
                format!("will be {}", printable(subject))
            }
            // The titles of all other jobs say it.
            Change::Subject { .. } | Change::StepAdded { .. } | Change::Finished { .. } => {
                return None;
            }
            Change::StepStarted { step } => {
                self.printed.insert(job.id.clone(), event.at);
                name(job, *step)
            }
            Change::Progress { step, .. } => {
                if !self.is_due(&job.id, event.at) {
                    return None;
                }
                format!("{}, {}", name(job, *step), how_far(job, *step, event.at))
            }
            Change::Waiting {
                waiting_for: None, ..
            } => return None,
            Change::Waiting {
                step,
                waiting_for: Some(what),
            } => format!("{} waits for {}", name(job, *step), printable(what)),
            Change::Stalled { step, .. } => {
                format!("{}, {}", name(job, *step), how_far(job, *step, event.at))
            }
            Change::Log { step, line } => format!("{}: {}", name(job, *step), printable(line)),
            Change::StepFinished { step, outcome } => {
                format!("{} {}", name(job, *step), ended(job, *step, outcome))
            }
        };
        Some(if self.several {
            format!("{}: {what}", printable(&job.title))
        } else {
            what
        })
    }

    fn is_due(&mut self, job: &JobId, at: Timestamp) -> bool {
        let last = self.printed.get(job);
        let due = last.is_none_or(|last| at.millis() - last.millis() >= BETWEEN_PROGRESS);
        if due {
            self.printed.insert(job.clone(), at);
        }
        due
    }
}

/// A step of the lowest level is called after the one above it, too: every node of a lab has a step `Start`.
fn name(job: &JobState, step: StepId) -> String {
    let Some(step) = job.step(step) else {
        return String::new();
    };
    let above = step.parent.and_then(|parent| job.step(parent));
    match above.filter(|above| above.parent.is_some()) {
        Some(above) => format!("{}: {}", printable(&above.name), printable(&step.name)),
        None => printable(&step.name),
    }
}

fn how_far(job: &JobState, step: StepId, now: Timestamp) -> String {
    let step = job.step(step);
    let phrase = step.map(|step| phrase(step, now)).unwrap_or_default();
    phrase.replace(" · ", ", ")
}

fn ended(job: &JobState, step: StepId, outcome: &StepOutcome) -> String {
    let detail = job.step(step).and_then(summary);
    let detail = detail.map(|detail| format!(", {}", detail.replace(" · ", ", ")));
    match outcome {
        StepOutcome::Succeeded => format!("done{}", detail.unwrap_or_default()),
        StepOutcome::Failed { .. } => format!("failed{}", detail.unwrap_or_default()),
        StepOutcome::Cancelled => "cancelled".to_owned(),
        StepOutcome::Skipped { why } => format!("skipped: {}", printable(why)),
    }
}

impl JobView for Plain {
    fn event(&mut self, output: &Output, job: &JobState, event: &JobEvent) -> io::Result<()> {
        if let Some(line) = self.line(job, event) {
            output.note(&line);
        }
        if !matches!(event.change, Change::Finished { .. }) {
            return Ok(());
        }
        for line in problem_lines(job, self.several, Palette::new(false)) {
            output.note(&line);
        }
        let results = result_lines(job, output.result_palette());
        results.iter().try_for_each(|line| output.result(line))
    }

    fn note(&mut self, output: &Output, text: &str) {
        output.note(text);
    }
}

#[cfg(test)]
mod tests;
