//! Jobs whose process was killed. The history ends them when it is read next; when they really
//! ended is not known, and is not shown.

use std::borrow::Cow;

use labwright_jobs::{JobState, Outcome};

/// Whether the job's process ended before the job did.
pub(crate) fn is_interrupted(job: &JobState) -> bool {
    let outcome = job.outcome.as_ref();
    outcome.is_some_and(
        |outcome| matches!(outcome, Outcome::Failed { error } if error.code == "interrupted"),
    )
}

/// The job without times that nobody measured.
pub(crate) fn measured(job: &JobState) -> Cow<'_, JobState> {
    if !is_interrupted(job) {
        return Cow::Borrowed(job);
    }
    let mut known = job.clone();
    for step in &mut known.steps {
        if step.finished_at == known.finished_at {
            step.finished_at = None;
        }
    }
    known.finished_at = None;
    Cow::Owned(known)
}
