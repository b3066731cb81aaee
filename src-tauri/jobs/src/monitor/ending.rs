//! How a job ends: its steps are closed, its end is written, and then announced.

use tokio::sync::oneshot;
use tokio::task::JoinError;
use tokio::time::Instant;

use super::job::{Job, Stage};
use super::message::Request;
use super::owner::Owner;
use super::work::WorkResult;
use crate::history::{HistoryError, JobEntry};
use crate::{CancelReason, CancelToken, Change, ErrorReport, Failure, JobId, Outcome, Timestamp};

impl Owner {
    /// The work came to an end, one way or the other.
    pub(super) fn work_ended(&mut self, id: &JobId, result: Result<WorkResult, JoinError>) {
        if matches!(result, Ok(Err(Failure::Left))) {
            self.leave(id);
        } else if let Some(job) = self.jobs.get(id) {
            let outcome = outcome_of(result, &job.token);
            self.conclude(id, outcome);
        }
    }

    /// Follows a job no longer. It did not end: it is written as it stood, for whoever joins it.
    fn leave(&mut self, id: &JobId) {
        if let Some(job) = self.jobs.remove(id) {
            job.write(&self.recorder);
            self.meet(job.successors);
            self.start_waiting();
            self.answer_when_empty();
        }
    }

    /// Tells a job to stop.
    pub(super) fn cancel_one(&mut self, id: &JobId, reason: CancelReason) -> bool {
        let token = self.jobs.get(id).map(|job| job.token.clone());
        if let Some(token) = &token {
            token.cancel(reason);
            self.cancel_waiting(id);
        }
        token.is_some()
    }

    /// Ends a job that was cancelled while it waited for its turn.
    pub(super) fn cancel_waiting(&mut self, id: &JobId) {
        let waits = self.jobs.get(id).filter(|job| job.is_queued());
        if let Some(by) = waits.and_then(|job| job.token.reason()) {
            self.conclude(id, Outcome::Cancelled { by });
        }
    }

    /// Closes the steps and has the end written.
    fn conclude(&mut self, id: &JobId, outcome: Outcome) {
        let Some(job) = self.jobs.get_mut(id) else {
            return;
        };
        job.close_steps(&mut self.bulletin, &outcome, Instant::now());
        let at = Timestamp::now();
        let mut state = job.state.clone();
        state.close(&outcome, at);
        job.stage = Stage::Ending { outcome, at };
        self.recorder.finish(JobEntry {
            key: job.spec.key.clone(),
            request: job.spec.request.clone(),
            state,
            checkpoint: None,
        });
    }

    /// The end is written, or cannot be: it is announced.
    pub(super) fn recorded(&mut self, id: &JobId, result: Result<(), HistoryError>) {
        let Some(mut job) = self.jobs.remove(id) else {
            return;
        };
        if let Err(error) = result {
            self.log_unwritten(&mut job, &error);
        }
        if let Stage::Ending { outcome, at } = job.stage {
            let finished = Change::Finished {
                outcome: outcome.clone(),
            };
            self.bulletin.publish_at(&mut job.state, finished, at);
            job.outcome.send_replace(Some(outcome));
        }
        self.remember(job.state);
        self.meet(job.successors);
        self.start_waiting();
        self.answer_when_empty();
    }

    fn log_unwritten(&mut self, job: &mut Job, error: &HistoryError) {
        tracing::error!(
            job = %job.state.id,
            error = error as &dyn std::error::Error,
            "the end of a job cannot be written to the history"
        );
        let line = ErrorReport::of("history", error).in_one_line();
        job.log_at_the_end(
            &mut self.bulletin,
            format!("this job is not in the history: {line}"),
        );
    }

    fn remember(&mut self, state: crate::JobState) {
        self.ended.push_back(state);
        while self.ended.len() > self.options.ended_kept {
            self.ended.pop_front();
        }
    }

    fn meet(&mut self, requests: Vec<Request>) {
        for request in requests {
            self.submit(request);
        }
    }

    /// Answers those who wait for the end of all jobs, if there is none left.
    pub(super) fn answer_when_empty(&mut self) {
        if self.jobs.is_empty() && self.arrivals.is_empty() {
            for reply in self.closing.drain(..) {
                let _asker_gone: Result<(), ()> = oneshot::Sender::send(reply, ());
            }
        }
    }
}

fn outcome_of(result: Result<WorkResult, JoinError>, token: &CancelToken) -> Outcome {
    match result {
        Ok(Ok(result)) => Outcome::Succeeded { result },
        Ok(Err(Failure::Failed(error))) => Outcome::Failed { error },
        Ok(Err(Failure::Lost(why))) => Outcome::Lost { why },
        Ok(Err(Failure::Left)) => internal("it was left".to_owned()),
        Ok(Err(Failure::Cancelled)) => match token.reason() {
            Some(by) => Outcome::Cancelled { by },
            None => internal("it stopped as if cancelled, but nobody cancelled it".to_owned()),
        },
        Err(error) => internal(panic_message(error)),
    }
}

fn internal(cause: String) -> Outcome {
    let report = ErrorReport::new("internal", "the work ended by a fault in the program");
    Outcome::Failed {
        error: report
            .with_cause(cause)
            .with_hint("Please report this, with the lines above."),
    }
}

fn panic_message(error: JoinError) -> String {
    let Ok(payload) = error.try_into_panic() else {
        return "its task was stopped from outside".to_owned();
    };
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}
