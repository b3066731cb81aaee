//! Only errors and results.

use std::io;

use labwright_jobs::{Change, JobEvent, JobState};

use super::ending::{problem_lines, reference};
use super::job_view::JobView;
use crate::output::Output;

/// Prints errors, and what jobs ended with.
#[derive(Debug)]
pub(crate) struct Quiet {
    /// Whether more than one job is watched.
    pub(crate) several: bool,
}

impl JobView for Quiet {
    fn event(&mut self, output: &Output, job: &JobState, event: &JobEvent) -> io::Result<()> {
        let Change::Finished { outcome } = &event.change else {
            return Ok(());
        };
        if !outcome.is_success() {
            let problems = problem_lines(job, self.several, output.note_palette());
            output.note(&problems.join("\n"));
        }
        reference(job).map_or(Ok(()), |reference| output.result(&reference))
    }

    fn note(&mut self, _output: &Output, _text: &str) {}
}
