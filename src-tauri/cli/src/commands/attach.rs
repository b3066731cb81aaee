//! `lw jobs attach`.

use labwright_jobs::JobState;

use super::Context;
use super::work::Work;
use crate::exit::{CommandError, Exit};
use crate::view::ending::{problem_lines, result_lines};

/// Follows a job to its end.
pub(super) async fn run(context: &Context, id: &str) -> Result<Exit, CommandError> {
    let history = context.history()?;
    let record = history.get(id)?;
    let options = &context.options;
    // Programs get the events of a job that has ended, too; people its end.
    if !record.job.is_active() && !options.json && !options.quiet {
        return Ok(show_end(context, &record.job)?);
    }
    let mut work = Work::start(context, &history).await;
    work.attach(record.job.id);
    work.show(&context.output, false).await
}

fn show_end(context: &Context, job: &JobState) -> std::io::Result<Exit> {
    let output = &context.output;
    for line in problem_lines(job, false, output.note_palette()) {
        output.note(&line);
    }
    context.print(&result_lines(job, output.result_palette()))?;
    Ok(Exit::of(job))
}
