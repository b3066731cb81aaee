//! The jobs that are watched, whoever runs them.

use labwright_jobs::{Change, JobEvent, JobId, JobState, Timestamp};

/// The jobs that are watched, in the order in which they were asked for.
///
/// Its events are numbered anew, without gaps: those of several processes come together here.
#[derive(Debug, Default)]
pub(crate) struct Board {
    jobs: Vec<JobState>,
    seq: u64,
}

impl Board {
    /// Follows one change, and gives its event, unless it says nothing new.
    pub(crate) fn take(&mut self, job: JobId, at: Timestamp, change: Change) -> Option<JobEvent> {
        let seq = self.seq + 1;
        let event = JobEvent {
            job,
            seq,
            at,
            change,
        };
        let taken = self.follow(&event);
        taken.then(|| {
            self.seq = seq;
            event
        })
    }

    fn follow(&mut self, event: &JobEvent) -> bool {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.id == event.job) {
            return job.apply(event);
        }
        let begun = JobState::begin(event);
        let begins = begun.is_some();
        self.jobs.extend(begun);
        begins
    }

    /// All jobs.
    pub(crate) fn jobs(&self) -> &[JobState] {
        &self.jobs
    }

    /// One of them.
    pub(crate) fn job(&self, id: &JobId) -> Option<&JobState> {
        self.jobs.iter().find(|job| job.id == *id)
    }
}

#[cfg(test)]
mod tests;
