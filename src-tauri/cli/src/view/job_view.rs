//! What shows jobs while they run.

use std::io;

use labwright_jobs::{JobEvent, JobState, Timestamp};

use crate::output::Output;

/// Shows jobs while they run.
pub(crate) trait JobView {
    /// `event` happened, and `job` is how its job is now.
    ///
    /// Fails only if a result cannot be written.
    fn event(&mut self, output: &Output, job: &JobState, event: &JobEvent) -> io::Result<()>;

    /// Time passed. `jobs` are all jobs that are watched.
    fn tick(&mut self, _output: &Output, _jobs: &[JobState], _now: Timestamp) {}

    /// Says something that is about no job's progress.
    fn note(&mut self, output: &Output, text: &str);

    /// Nothing more comes.
    fn end(&mut self, _output: &Output) {}
}
