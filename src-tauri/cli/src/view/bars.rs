//! Jobs on a terminal: a frame of lines that is drawn over.

use std::io;
use std::time::Duration;

use labwright_jobs::{Change, JobEvent, JobState, StepId, Timestamp};

use super::canvas::Canvas;
use super::ending::{problem_lines, result_lines};
use super::job_view::JobView;
use super::lines::{Screen, frame};
use super::palette::Palette;
use super::text::printable;
use crate::output::Output;

/// How often the frame is drawn. It is drawn by the clock, not by events: the time passes in it as
/// well, and many events make no more drawing.
pub(crate) const REDRAW: Duration = Duration::from_millis(100);

/// Draws the jobs that run, and prints above them what stays.
#[derive(Debug)]
pub(crate) struct Bars {
    canvas: Canvas,
    several: bool,
    palette: Palette,
}

impl Bars {
    /// `several` says whether more than one job is watched.
    pub(crate) fn new(several: bool, palette: Palette) -> Self {
        Self {
            canvas: Canvas::default(),
            several,
            palette,
        }
    }

    fn clear(&mut self, output: &Output) {
        let (_, width) = output.screen_size();
        output.draw(&self.canvas.clear(width));
    }

    fn print_log(&mut self, output: &Output, job: &JobState, step: StepId, line: &str) {
        let step = job.step(step).map(|step| printable(&step.name));
        let step = step.unwrap_or_default();
        let about = if self.several {
            format!("{}, {step}", printable(&job.title))
        } else {
            step
        };
        let about = self.palette.faint(about + ":");
        self.note(output, &format!("{about} {}", printable(line)));
    }

    fn print_ending(&mut self, output: &Output, job: &JobState) -> io::Result<()> {
        self.clear(output);
        for line in problem_lines(job, self.several, self.palette) {
            output.note(&line);
        }
        let results = result_lines(job, output.result_palette());
        results.iter().try_for_each(|line| output.result(line))
    }
}

impl JobView for Bars {
    fn event(&mut self, output: &Output, job: &JobState, event: &JobEvent) -> io::Result<()> {
        match &event.change {
            Change::Log { step, line } => {
                self.print_log(output, job, *step, line);
                Ok(())
            }
            Change::Finished { .. } => self.print_ending(output, job),
            _ => Ok(()),
        }
    }

    fn tick(&mut self, output: &Output, jobs: &[JobState], now: Timestamp) {
        let (height, width) = output.screen_size();
        let screen = Screen {
            width,
            height,
            palette: self.palette,
        };
        let active: Vec<&JobState> = jobs.iter().filter(|job| job.is_active()).collect();
        let lines = frame(&active, now, &screen);
        output.draw(&self.canvas.draw(lines, width));
    }

    fn note(&mut self, output: &Output, text: &str) {
        self.clear(output);
        output.note(text);
    }

    fn end(&mut self, output: &Output) {
        self.clear(output);
    }
}
