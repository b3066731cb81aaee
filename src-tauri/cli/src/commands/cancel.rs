//! `lw jobs cancel`.

use std::time::Duration;

use labwright_jobs::{
    CancelReason, CancelToken, ErrorReport, History, JobId, JobRecord, Monitor, MonitorOptions,
    Outcome,
};
use tokio::time::timeout;

use super::jobs::print_record;
use super::{Context, Joiner};
use crate::exit::{CommandError, Exit};
use crate::installs::{host_of, is_on_host};
use crate::view::{printable, state_name};

/// How long the end of a job is waited for that another process runs. It should take two seconds.
const WAIT: Duration = Duration::from_secs(10);

/// The same where a host has to be reached, and its programs are asked politely first.
const WAIT_FOR_HOST: Duration = Duration::from_secs(60);

/// A job that cannot be cancelled.
#[derive(Debug, thiserror::Error)]
enum CancelError {
    /// There is nothing left to cancel.
    #[error("the job {job} has ended already: it {state}")]
    Ended { job: JobId, state: &'static str },
    /// Its process was asked and does not do it.
    #[error("the job {job} was asked to stop, and did not within {seconds} s")]
    Ignored { job: JobId, seconds: u64 },
}

impl CancelError {
    fn report(&self) -> ErrorReport {
        match self {
            Self::Ended { .. } => ErrorReport::of("job_ended", self),
            Self::Ignored { job, .. } => ErrorReport::of("job_ignores_cancel", self)
                .with_hint(format!("lw jobs show {job} says what it waits for.")),
        }
    }
}

/// Stops a job, and waits until it has stopped.
pub(super) async fn run(context: &Context, id: &str) -> Result<Exit, CommandError> {
    let history = context.history()?;
    let record = history.get(id)?;
    if record.is_left() {
        return cancel_left(context, &history, &record).await;
    }
    let job = record.job.id.clone();
    if !history.request_cancel(&job)? {
        return Err(has_ended(&history, job)?);
    }
    let wait = if is_on_host(&record.job) {
        WAIT_FOR_HOST
    } else {
        WAIT
    };
    let never = CancelToken::new();
    let ended = history.follow(&job, &never, |_| {});
    let ended = context.unless_stopped(timeout(wait, ended)).await?;
    let Ok(outcome) = ended else {
        let seconds = wait.as_secs();
        return Err(CancelError::Ignored { job, seconds }.report().into());
    };
    tell(context, &history, job, &outcome?)
}

/// Nobody follows it: it is taken up to be stopped on its host.
async fn cancel_left(
    context: &Context,
    history: &History,
    record: &JobRecord,
) -> Result<Exit, CommandError> {
    let monitor = Monitor::start(history.clone(), MonitorOptions::default());
    let joined = Joiner::new(context, &monitor).join(&record.job.id).await?;
    let host = host_of(&record.job);
    context.note(&printable(&format!("stopping the work on {host}")));
    joined.cancel(CancelReason::User);
    let outcome = context.unless_stopped(joined.outcome()).await?;
    tell(context, history, record.job.id.clone(), &outcome)
}

fn tell(
    context: &Context,
    history: &History,
    job: JobId,
    outcome: &Outcome,
) -> Result<Exit, CommandError> {
    match outcome {
        Outcome::Cancelled { .. } => {
            let record = history.get(job.as_str())?;
            if context.options.json {
                print_record(context, &record)?;
            } else if !context.options.quiet {
                let line = format!("{}: cancelled", record.job.title);
                context.output.result(&printable(&line))?;
            }
            Ok(Exit::Succeeded)
        }
        _ => Err(has_ended(history, job)?),
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
    let mut report = CancelError::Ended { job, state }.report();
    if let Some(Outcome::Lost { why }) = &record.job.outcome {
        report = report.with_cause(why.clone());
    }
    Ok(report.into())
}
