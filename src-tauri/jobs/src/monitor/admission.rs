//! How a job comes to be: its key is claimed, it waits for its turn, it starts.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Weak};

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::time::Instant;

use super::handle::{Submission, SubmitError};
use super::job::{Job, Save, Stage, Standing};
use super::job_handle::Guard;
use super::message::{Message, Request, SubmitReply, Wish};
use super::owner::Owner;
use super::pace::Pace;
use super::track::Track;
use super::work::{Earlier, JobContext, JobSpec, Work};
use crate::history::{Claim, HistoryError, JobEntry, JobRecord};
use crate::key::meet;
use crate::report::Port;
use crate::{CancelReason, CancelToken, Change, JobId, JobState, Reporter, Timestamp};

/// A job that the history was asked about.
pub(super) struct Arrival {
    spec: JobSpec,
    work: Work,
    wish: Wish,
    replies: Vec<SubmitReply>,
}

impl Owner {
    /// Meets a request with the job that has the same key, or with a new one.
    pub(super) fn submit(&mut self, request: Request) {
        if self.closed {
            let _asker_gone = request.reply.send(Err(SubmitError::Stopped));
        } else if let Some(request) = self.join_same_key(request) {
            self.ask_history(request);
        }
    }

    /// Gives the request back if nothing with its key is there.
    fn join_same_key(&mut self, request: Request) -> Option<Request> {
        if let Wish::Left(left) = &request.wish {
            let Some((job, owner)) = self.jobs.get_mut(left).zip(self.messages.upgrade()) else {
                return Some(request);
            };
            answer(job, &owner, request.reply, true);
            return None;
        }
        let Some(key) = request.spec.key.clone() else {
            return Some(request);
        };
        let has_key = |spec: &JobSpec| spec.key.as_ref().is_some_and(|other| meet(other, &key));
        if let Some(arrival) = self.arrivals.values_mut().find(|it| has_key(&it.spec)) {
            arrival.replies.push(request.reply);
            return None;
        }
        let Some(job) = self.jobs.values_mut().find(|job| has_key(&job.spec)) else {
            return Some(request);
        };
        if job.token.is_cancelled() {
            job.successors.push(request);
        } else if let Some(owner) = self.messages.upgrade() {
            answer(job, &owner, request.reply, true);
        }
        None
    }

    fn ask_history(&mut self, request: Request) {
        let Request {
            spec,
            work,
            wish,
            reply,
        } = request;
        let job = JobId::generate();
        let entry = JobEntry {
            key: spec.key.clone(),
            request: spec.request.clone(),
            state: JobState::queued(job.clone(), &spec.kind, &spec.title, Timestamp::now()),
            checkpoint: (wish != Wish::Bound).then_some(Value::Null),
        };
        self.recorder.claim(entry, wish.clone());
        let replies = vec![reply];
        let arrival = Arrival {
            spec,
            work,
            wish,
            replies,
        };
        self.arrivals.insert(job, arrival);
    }

    /// The history answered: the job comes to be, or runs elsewhere.
    pub(super) fn claimed(&mut self, id: &JobId, claim: Result<Claim, HistoryError>) {
        let Some(arrival) = self.arrivals.remove(id) else {
            return;
        };
        match claim {
            Ok(Claim::Elsewhere { job, title, pid }) => refuse(arrival, &job, &title, pid),
            Ok(Claim::NotLeft) => refuse_left(arrival),
            Ok(Claim::Joined(record)) => self.join(arrival, *record),
            Ok(Claim::Granted) => self.admit(id, arrival),
            Err(error) => {
                tracing::error!(job = %id, error = &error as &dyn std::error::Error, "the history cannot be written");
                self.admit(id, arrival);
            }
        }
    }

    fn admit(&mut self, id: &JobId, arrival: Arrival) {
        let Some(owner) = self.messages.upgrade() else {
            return;
        };
        let (kind, title) = (arrival.spec.kind.clone(), arrival.spec.title.clone());
        let Some(state) = self.bulletin.begin(id.clone(), kind, title) else {
            return;
        };
        let port = Port::new(id.clone(), owner.clone());
        let (wish, replies) = (arrival.wish.clone(), arrival.replies);
        let mut job = self.new_job(arrival.spec, arrival.work, state, port);
        if wish != Wish::Bound {
            job.save = Save::of_checkpoints();
            job.standing = Some(Standing {
                state: job.state.clone(),
                checkpoint: Value::Null,
            });
        }
        if let Some(subject) = job.spec.subject.clone() {
            job.publish(&mut self.bulletin, Change::Subject { subject });
        }
        self.enter(job, &owner, replies, false);
    }

    /// A job that was left is followed again, from where it stood.
    fn join(&mut self, arrival: Arrival, record: JobRecord) {
        let (Some(owner), Some(state)) = (
            self.messages.upgrade(),
            self.bulletin.begin_again(&record.job),
        ) else {
            return;
        };
        let port = Port::again(&record.job, owner.clone());
        let mut job = self.new_job(arrival.spec, arrival.work, state, port);
        let now = Instant::now();
        for step in job.state.steps.iter().filter(|step| step.is_open()) {
            let track = Track::again(step, job.port.slot_of(step.id), now);
            job.tracks.insert(step.id, track);
        }
        let checkpoint = record.checkpoint.unwrap_or_default();
        job.save = Save::of_checkpoints();
        job.standing = Some(Standing {
            state: record.job.clone(),
            checkpoint: checkpoint.clone(),
        });
        job.earlier = Some(Box::new(Earlier {
            state: record.job,
            checkpoint,
        }));
        self.enter(job, &owner, arrival.replies, true);
    }

    fn new_job(&self, spec: JobSpec, work: Work, state: JobState, port: Port) -> Job {
        Job {
            spec,
            state,
            token: CancelToken::new(),
            port: Arc::new(port),
            stage: Stage::Queued(work),
            tracks: BTreeMap::new(),
            pace: Pace::new(self.options.progress_interval),
            stall_after: self.options.stall_after,
            announced: false,
            successors: Vec::new(),
            outcome: watch::Sender::new(None),
            detached: Arc::new(AtomicBool::new(false)),
            guard: Weak::new(),
            save: Save::default(),
            standing: None,
            earlier: None,
        }
    }

    /// Takes a job up, answers those who asked for it, and starts it when its turn has come.
    fn enter(
        &mut self,
        mut job: Job,
        owner: &UnboundedSender<Message>,
        replies: Vec<SubmitReply>,
        mut resumed: bool,
    ) {
        for reply in replies {
            answer(&mut job, owner, reply, resumed);
            resumed = true;
        }
        let id = &job.state.id.clone();
        self.jobs.insert(id.clone(), job);
        if self.closed {
            // It was asked for right before the end.
            self.cancel_one(id, CancelReason::Shutdown);
        }
        self.start_waiting();
    }

    /// Lets another number of a queue's jobs run at once. What runs already goes on.
    pub(super) fn set_queue_limit(&mut self, queue: String, limit: usize) {
        self.options.queues.insert(queue, limit);
        self.start_waiting();
    }

    /// Starts all that waits and whose turn has come, the oldest first.
    pub(super) fn start_waiting(&mut self) {
        let waiting = self.jobs.values().filter(|job| job.is_queued());
        let waiting: Vec<JobId> = waiting.map(|job| job.state.id.clone()).collect();
        for id in waiting {
            self.cancel_waiting(&id);
            if self.has_turn(&id) {
                self.begin(&id);
            }
        }
    }

    fn has_turn(&self, id: &JobId) -> bool {
        let queue = self.jobs.get(id).and_then(|job| job.spec.queue.as_ref());
        let Some(queue) = queue else {
            return true;
        };
        let busy = |job: &&Job| !job.is_queued() && job.spec.queue.as_ref() == Some(queue);
        let limit = self.options.queues.get(queue).copied().unwrap_or(1);
        self.jobs.values().filter(busy).count() < limit.max(1)
    }

    fn begin(&mut self, id: &JobId) {
        let (Some(job), Some(owner)) = (self.jobs.get_mut(id), self.messages.upgrade()) else {
            return;
        };
        let Stage::Queued(work) = std::mem::replace(&mut job.stage, Stage::Running) else {
            return;
        };
        job.publish(&mut self.bulletin, Change::Started);
        let context = JobContext {
            job: id.clone(),
            reporter: Reporter::new(Arc::clone(&job.port)),
            cancel: job.token.clone(),
            earlier: job.earlier.take(),
        };
        spawn(work, context, owner);
    }
}

/// Runs work on a task of its own, so that its panic is its own, and tells how it ended.
fn spawn(work: Work, context: JobContext, owner: UnboundedSender<Message>) {
    tokio::spawn(async move {
        let job = context.job.clone();
        let result = tokio::spawn(work(context)).await;
        let _owner_gone = owner.send(Message::Ended { job, result });
    });
}

/// Hands out a handle to a job. If the asker has gone, the handle is dropped, and with it maybe the
/// job.
fn answer(job: &mut Job, owner: &UnboundedSender<Message>, reply: SubmitReply, resumed: bool) {
    let handle = job.handle(|job| Guard {
        job: job.state.id.clone(),
        token: job.token.clone(),
        detached: Arc::clone(&job.detached),
        owner: owner.clone(),
    });
    let _asker_gone = reply.send(Ok(Submission { handle, resumed }));
}

fn refuse_left(arrival: Arrival) {
    for reply in arrival.replies {
        let Wish::Left(job) = arrival.wish.clone() else {
            continue;
        };
        let _asker_gone = reply.send(Err(SubmitError::NotLeft { job }));
    }
}

fn refuse(arrival: Arrival, job: &JobId, title: &str, pid: u32) {
    for reply in arrival.replies {
        let _asker_gone = reply.send(Err(SubmitError::RunsElsewhere {
            job: job.clone(),
            title: title.to_owned(),
            pid,
        }));
    }
}
