//! Jobs of this process, from the question for them to their end.

use std::collections::BTreeSet;
use std::future::Future;

use labwright_engine::Engine;
use labwright_images::sweep;
use labwright_jobs::{
    ErrorReport, Failure, History, JobContext, JobId, JobSpec, Monitor, MonitorOptions, Submission,
    SubmitError,
};
use serde_json::Value;

use super::{Context, Joiner};
use crate::exit::{CommandError, Exit};
use crate::output::Output;
use crate::view::{Bars, JobView, Json, Plain, Quiet};
use crate::watch::{Watched, watch};

/// How many events may wait until a slow terminal or pipe takes them: hours of them.
const EVENTS_KEPT: usize = 1 << 20;

/// Jobs that were asked for.
pub(super) struct Work<'a> {
    context: &'a Context,
    monitor: Monitor,
    watched: Watched,
}

impl<'a> Work<'a> {
    /// Starts a monitor, with no job yet.
    pub(super) async fn start(context: &'a Context, history: &History) -> Self {
        let options = MonitorOptions {
            subscriber_buffer: EVENTS_KEPT,
            ..MonitorOptions::default()
        };
        let monitor = Monitor::start(history.clone(), options);
        let (_, events) = monitor.subscribe().await;
        Self {
            context,
            monitor,
            watched: Watched {
                events,
                handles: Vec::new(),
                elsewhere: BTreeSet::new(),
                joiner: None,
                leave_when_it_runs: false,
            },
        }
    }

    /// Asks for a job. One that another process runs is watched there; where that is other work on the same object, this
    /// is refused: who asked for a lab's removal must not be told that its deployment succeeded.
    pub(super) async fn submit<W, F>(&mut self, spec: JobSpec, work: W) -> Result<(), CommandError>
    where
        W: FnOnce(JobContext) -> F + Send + 'static,
        F: Future<Output = Result<Value, Failure>> + Send + 'static,
    {
        let asked = spec.title.clone();
        let submitted = self.monitor.submit(spec, work).await;
        self.take(submitted, &asked)
    }

    /// The same for work that goes on on a host, whatever becomes of this process. One that was left is joined.
    pub(super) async fn submit_durable<W, F>(
        &mut self,
        spec: JobSpec,
        work: W,
    ) -> Result<(), CommandError>
    where
        W: FnOnce(JobContext) -> F + Send + 'static,
        F: Future<Output = Result<Value, Failure>> + Send + 'static,
    {
        self.take_up_what_is_left();
        let asked = spec.title.clone();
        let submitted = self.monitor.submit_durable(spec, work).await;
        if submitted.as_ref().is_ok_and(|submitted| submitted.resumed) {
            self.context
                .note(&format!("“{asked}” goes on on the host: following it"));
        }
        self.take(submitted, &asked)
    }

    /// Watches a job that is there: one that another process runs, or one that was left, which is joined.
    pub(super) fn attach(&mut self, job: JobId) {
        self.take_up_what_is_left();
        // One that is left, now or later, is joined while it is watched.
        self.watched.elsewhere.insert(job);
    }

    /// Leaves the work on the host as soon as it runs there.
    pub(super) fn leave_when_it_runs(&mut self) {
        self.watched.leave_when_it_runs = true;
    }

    fn take_up_what_is_left(&mut self) {
        self.watched.joiner = Some(Joiner::new(self.context, &self.monitor));
    }

    fn take(
        &mut self,
        submitted: Result<Submission, SubmitError>,
        asked: &str,
    ) -> Result<(), CommandError> {
        match submitted {
            Ok(submission) => self.watched.handles.push(submission.handle),
            Err(SubmitError::RunsElsewhere { job, title, pid }) if title != asked => {
                let message =
                    format!("“{asked}” has to wait: “{title}” runs, in the process {pid}");
                let refused = ErrorReport::new("busy", message).with_hint(format!(
                    "Try again when it has ended, or end it: lw jobs cancel {job}"
                ));
                return Err(refused.into());
            }
            Err(SubmitError::RunsElsewhere { job, title, pid }) => {
                self.context.note(&format!(
                    "“{title}” runs already, in the process {pid}: showing that one"
                ));
                self.watched.elsewhere.insert(job);
            }
            Err(error) => return Err(error.report().into()),
        }
        Ok(())
    }

    /// Shows the jobs on `output` until all have ended, and says how the worst of them did.
    pub(super) async fn show(self, output: &Output, several: bool) -> Result<Exit, CommandError> {
        let mut view = view(self.context, several);
        let stop = &self.context.stop;
        let exit = watch(&self.monitor, self.watched, view.as_mut(), output, stop).await?;
        Ok(exit)
    }
}

/// Removes what jobs that were killed have left in an engine. That it cannot be removed is no reason
/// not to work.
pub(super) async fn remove_leftovers(history: History, engine: Engine) {
    let ended = |job: &JobId| {
        history
            .get(job.as_str())
            .is_ok_and(|record| record.job.outcome.is_some())
    };
    if let Err(error) = sweep(&engine, ended).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "leftovers of earlier imports stay"
        );
    }
}

fn view(context: &Context, several: bool) -> Box<dyn JobView> {
    let options = &context.options;
    if options.json {
        return Box::new(Json {
            quiet: options.quiet,
        });
    }
    if options.quiet {
        return Box::new(Quiet { several });
    }
    // What is said with -v would be written into the frame.
    if context.output.can_draw() && options.verbose == 0 {
        return Box::new(Bars::new(several, context.output.note_palette()));
    }
    Box::new(Plain::new(several))
}
