//! `lw jobs`.

use jiff::tz::TimeZone;
use labwright_jobs::{JobFilter, JobRecord, Timestamp};
use serde_json::Value;

use super::{Context, attach, cancel, retry};
use crate::args::{JobsAction, JobsListArguments};
use crate::exit::{CommandError, Exit};
use crate::view::{
    Column, attach as attach_hint, hint_lines, job_sheet, local, record_json, state_name, table,
    time_taken,
};

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
        Some(JobsAction::Attach { id }) => attach::run(context, &id).await,
        Some(JobsAction::Cancel { id }) => cancel::run(context, &id).await,
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
        .map(|record| row(record, digits, now, &zone))
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
    for record in records.iter().filter(|record| record.is_left()) {
        let hint = hint_lines(&attach_hint(&record.job), output.note_palette());
        context.note(&hint.join("\n"));
    }
    Ok(Exit::Succeeded)
}

fn row(record: &JobRecord, digits: usize, now: Timestamp, zone: &TimeZone) -> [String; 6] {
    let job = &record.job;
    let state = if record.is_left() {
        "left"
    } else {
        state_name(job)
    };
    [
        job.id.as_str().chars().take(digits).collect(),
        job.kind.clone(),
        job.title.clone(),
        state.to_owned(),
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

pub(super) fn print_record(context: &Context, record: &JobRecord) -> Result<(), CommandError> {
    if context.options.json {
        return Ok(context.print_json(&record_json(record)?)?);
    }
    let output = &context.output;
    let (now, zone) = (Timestamp::now(), TimeZone::system());
    let palette = output.result_palette();
    let left = record.is_left();
    let lines = job_sheet(record, left, now, &zone, output.result_width(), palette);
    Ok(context.print(&lines)?)
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
