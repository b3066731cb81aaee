//! `lw jobs`.

use std::time::Duration;

use jiff::tz::TimeZone;
use labwright_jobs::{
    CancelToken, ErrorReport, History, JobFilter, JobId, JobRecord, JobState, Outcome, Timestamp,
};
use serde_json::Value;
use tokio::time::timeout;

use super::{Context, retry};
use crate::args::{JobsAction, JobsListArguments};
use crate::exit::{CommandError, Exit};
use crate::view::{Column, job_sheet, local, record_json, state_name, table, time_taken};

/// How long `lw jobs cancel` waits for the job's end. It should take two seconds.
const CANCEL_WAIT: Duration = Duration::from_secs(10);

/// No name of a job is shown shorter.
const SHORTEST_ID: usize = 9;

/// Does what was asked for; lists without more.
pub(crate) async fn run(
    context: &Context,
    action: Option<JobsAction>,
) -> Result<Exit, CommandError> {
    match action {
        None => list(context, &JobsListArguments::default()),
        Some(JobsAction::List(arguments)) => list(context, &arguments),
        Some(JobsAction::Show { id }) => show(context, &id),
        Some(JobsAction::Cancel { id }) => cancel(context, &id).await,
        Some(JobsAction::Retry { id }) => retry::run(context, &id).await,
    }
}

fn list(context: &Context, arguments: &JobsListArguments) -> Result<Exit, CommandError> {
    let history = context.history()?;
    let filter = JobFilter {
        kind: arguments.kind.clone(),
        active: arguments.active,
    };
    let records = history.list(arguments.limit, &filter)?;
    if context.options.json {
        let records: Result<Vec<Value>, _> = records.iter().map(record_json).collect();
        context.print_json(&records?)?;
        return Ok(Exit::Succeeded);
    }
    if records.is_empty() {
        context.note("no jobs");
        return Ok(Exit::Succeeded);
    }
    // A name must be the only one of its beginning in the whole history, not only in this list.
    let all = history.list(usize::MAX, &JobFilter::default())?;
    let ids: Vec<&str> = all.iter().map(|record| record.job.id.as_str()).collect();
    let digits = unique_digits(&ids);
    let (now, zone) = (Timestamp::now(), TimeZone::system());
    let rows: Vec<_> = records
        .iter()
        .map(|record| row(&record.job, digits, now, &zone))
        .collect();
    let columns = [
        Column::text("id"),
        Column::text("kind"),
        Column::long("title"),
        Column::text("state"),
        Column::text("when"),
        Column::number("took"),
    ];
    let output = &context.output;
    let lines = table(
        &columns,
        &rows,
        output.result_width(),
        output.result_palette(),
    );
    context.print(&lines)?;
    Ok(Exit::Succeeded)
}

fn row(job: &JobState, digits: usize, now: Timestamp, zone: &TimeZone) -> [String; 6] {
    [
        job.id.as_str().chars().take(digits).collect(),
        job.kind.clone(),
        job.title.clone(),
        state_name(job).to_owned(),
        local(job.queued_at, zone),
        time_taken(job, now).unwrap_or_default(),
    ]
}

/// How many digits tell these names apart.
fn unique_digits(ids: &[&str]) -> usize {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let neighbours = sorted.windows(2).filter_map(|pair| match pair {
        [one, other] => Some(common(one, other) + 1),
        _ => None,
    });
    neighbours.max().unwrap_or_default().max(SHORTEST_ID)
}

fn common(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    pairs.take_while(|(one, other)| one == other).count()
}

fn show(context: &Context, id: &str) -> Result<Exit, CommandError> {
    let record = context.history()?.get(id)?;
    print_record(context, &record)?;
    Ok(Exit::Succeeded)
}

fn print_record(context: &Context, record: &JobRecord) -> Result<(), CommandError> {
    if context.options.json {
        return Ok(context.print_json(&record_json(record)?)?);
    }
    let output = &context.output;
    let (now, zone) = (Timestamp::now(), TimeZone::system());
    let palette = output.result_palette();
    let lines = job_sheet(record, now, &zone, output.result_width(), palette);
    Ok(context.print(&lines)?)
}

/// A job that cannot be cancelled.
#[derive(Debug, thiserror::Error)]
enum CancelError {
    /// There is nothing left to cancel.
    #[error("the job {job} has ended already: it {state}")]
    Ended { job: JobId, state: &'static str },
    /// Its process was asked and does not do it.
    #[error("the job {job} was asked to stop, and did not within {} s", CANCEL_WAIT.as_secs())]
    Ignored { job: JobId },
}

impl CancelError {
    fn report(&self) -> ErrorReport {
        match self {
            Self::Ended { .. } => ErrorReport::of("job_ended", self),
            Self::Ignored { job } => ErrorReport::of("job_ignores_cancel", self)
                .with_hint(format!("lw jobs show {job} says what it waits for.")),
        }
    }
}

async fn cancel(context: &Context, id: &str) -> Result<Exit, CommandError> {
    let history = context.history()?;
    let job = history.get(id)?.job.id;
    if !history.request_cancel(&job)? {
        return Err(has_ended(&history, job)?);
    }
    let never = CancelToken::new();
    let ended = history.follow(&job, &never, |_| {});
    let ended = context.unless_stopped(timeout(CANCEL_WAIT, ended)).await?;
    match ended {
        Err(_) => Err(CancelError::Ignored { job }.report().into()),
        Ok(outcome) => match outcome? {
            Outcome::Cancelled { .. } => {
                let record = history.get(job.as_str())?;
                if context.options.json {
                    print_record(context, &record)?;
                } else if !context.options.quiet {
                    let line = format!("{}: cancelled", record.job.title);
                    context.output.result(&crate::view::printable(&line))?;
                }
                Ok(Exit::Succeeded)
            }
            _ => Err(has_ended(&history, job)?),
        },
    }
}

fn has_ended(history: &History, job: JobId) -> Result<CommandError, CommandError> {
    let record = history.get(job.as_str())?;
    let state = match state_name(&record.job) {
        "succeeded" => "succeeded",
        "cancelled" => "was cancelled",
        "interrupted" => "was interrupted",
        "lost" => "was lost",
        _ => "failed",
    };
    Ok(CancelError::Ended { job, state }.report().into())
}

#[cfg(test)]
mod tests {
    use super::unique_digits;

    #[test]
    fn names_are_as_long_as_it_takes_to_tell_them_apart() {
        assert_eq!(unique_digits(&[]), 9);
        assert_eq!(unique_digits(&["01a1fd1e8c001f00ab37"]), 9);
        let close = [
            "01a1fd1e8c011f00ab37",
            "02a1fd1e8c001f00ab37",
            "01a1fd1e8c001f00ab37",
        ];
        assert_eq!(unique_digits(&close), 12);
    }
}
