//! Jobs on a terminal: a frame of lines that is drawn over.

use std::io;
use std::time::Duration;

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use labwright_jobs::{Change, JobEvent, JobState, StepId, Timestamp};

use super::ending::{problem_lines, result_lines};
use super::job_view::JobView;
use super::lines::{Screen, frame};
use super::palette::Palette;
use super::text::printable;
use crate::output::Output;

/// How often the frame is drawn at the most, in a second.
const DRAWS: u8 = 15;

/// What is assumed of a terminal that does not say how large it is.
const USUAL_SIZE: (u16, u16) = (24, 80);

/// Draws the jobs that run, and prints above them what stays.
#[derive(Debug)]
pub(crate) struct Bars {
    canvas: ProgressBar,
    several: bool,
    palette: Palette,
}

impl Bars {
    /// `several` says whether more than one job is watched.
    pub(crate) fn new(several: bool, palette: Palette) -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(DRAWS);
        let canvas = ProgressBar::with_draw_target(None, target);
        // The frame is the whole message: all that is drawn comes from one pure function.
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            canvas.set_style(style);
        }
        Self {
            canvas,
            several,
            palette,
        }
    }

    fn draw(&self, jobs: &[JobState], now: Timestamp) {
        let size = Term::stderr().size_checked();
        let known = size.filter(|(height, width)| *height > 0 && *width > 0);
        let (height, width) = known.unwrap_or(USUAL_SIZE);
        let screen = Screen {
            width: usize::from(width),
            height: usize::from(height),
            palette: self.palette,
        };
        let active: Vec<&JobState> = jobs.iter().filter(|job| job.is_active()).collect();
        self.canvas
            .set_message(frame(&active, now, &screen).join("\n"));
    }

    fn print_log(&self, output: &Output, job: &JobState, step: StepId, line: &str) {
        let step = job.step(step).map(|step| printable(&step.name));
        let step = step.unwrap_or_default();
        let about = if self.several {
            format!("{}, {step}", printable(&job.title))
        } else {
            step
        };
        let line = format!("{} {}", self.palette.faint(about + ":"), printable(line));
        self.canvas.suspend(|| output.note(&line));
    }

    fn print_ending(&self, output: &Output, job: &JobState) -> io::Result<()> {
        self.canvas.suspend(|| {
            for line in problem_lines(job, self.several, self.palette) {
                output.note(&line);
            }
            let results = result_lines(job, output.result_palette());
            results.iter().try_for_each(|line| output.result(line))
        })
    }
}

impl JobView for Bars {
    fn event(
        &mut self,
        output: &Output,
        jobs: &[JobState],
        job: &JobState,
        event: &JobEvent,
    ) -> io::Result<()> {
        self.draw(jobs, event.at);
        match &event.change {
            Change::Log { step, line } => {
                self.print_log(output, job, *step, line);
                Ok(())
            }
            Change::Finished { .. } => self.print_ending(output, job),
            _ => Ok(()),
        }
    }

    fn tick(&mut self, jobs: &[JobState], now: Timestamp) {
        self.draw(jobs, now);
    }

    fn note(&mut self, output: &Output, text: &str) {
        self.canvas.suspend(|| output.note(text));
    }

    fn end(&mut self) {
        self.canvas.finish_and_clear();
    }
}

/// How often the time that passes is drawn.
pub(crate) const REDRAW: Duration = Duration::from_millis(250);
