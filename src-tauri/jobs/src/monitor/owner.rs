//! The task that owns all jobs: it hears messages, one at a time, and keeps the time.

use std::collections::{BTreeMap, VecDeque};

use tokio::sync::mpsc::{UnboundedReceiver, WeakUnboundedSender};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::admission::Arrival;
use super::bulletin::Bulletin;
use super::job::Job;
use super::message::{Message, StepMessage};
use super::options::MonitorOptions;
use super::recorder::Recorder;
use super::subscription::Subscription;
use crate::history::History;
use crate::{CancelReason, Change, JobId, JobState, Snapshot, StepId};

/// How many messages are heard before the time is looked at.
const BATCH: usize = 256;

/// Owns all jobs.
pub(super) struct Owner {
    pub(super) options: MonitorOptions,
    /// Where it hears messages, for handles and for work.
    pub(super) messages: WeakUnboundedSender<Message>,
    pub(super) bulletin: Bulletin,
    pub(super) recorder: Recorder,
    /// Jobs the history was not yet asked whether they may be.
    pub(super) arrivals: BTreeMap<JobId, Arrival>,
    /// Jobs that wait or run, the oldest first.
    pub(super) jobs: BTreeMap<JobId, Job>,
    /// The last jobs that ended, in the order of their ends.
    pub(super) ended: VecDeque<JobState>,
    /// Who waits for the end of all jobs; no more jobs are taken if anyone does.
    pub(super) closing: Vec<oneshot::Sender<()>>,
    pub(super) closed: bool,
}

impl Owner {
    pub(super) fn new(
        history: History,
        options: MonitorOptions,
        messages: WeakUnboundedSender<Message>,
    ) -> Self {
        Self {
            bulletin: Bulletin::new(options.subscriber_buffer),
            recorder: Recorder::start(history, messages.clone()),
            options,
            messages,
            arrivals: BTreeMap::new(),
            jobs: BTreeMap::new(),
            ended: VecDeque::new(),
            closing: Vec::new(),
            closed: false,
        }
    }

    /// Runs until nobody can say anything any more.
    pub(super) async fn run(mut self, mut messages: UnboundedReceiver<Message>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let due = self.next_tick(Instant::now());
            tokio::select! {
                heard = messages.recv_many(&mut batch, BATCH) => if heard == 0 { return },
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
            }
            for message in batch.drain(..) {
                self.hear(message);
            }
            self.tick(Instant::now());
        }
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Submit(request) => self.submit(*request),
            Message::Claimed { job, claim } => self.claimed(&job, claim),
            Message::Subscribe(reply) => self.subscribe(reply),
            Message::Cancel { job, reason, reply } => self.cancel(&job, reason, reply),
            Message::QueueLimit { queue, limit } => self.set_queue_limit(queue, limit),
            Message::Cancelled(job) => self.cancel_waiting(&job),
            Message::Checkpoint { job, checkpoint } => self.checkpoint(&job, checkpoint),
            Message::Subject { job, subject } => self.hear_subject(&job, subject),
            Message::Step { job, step, message } => self.hear_step(&job, step, message),
            Message::Moved(job) => self.moved(&job),
            Message::Ended { job, result } => self.work_ended(&job, result),
            Message::Recorded { job, result } => self.recorded(&job, result),
            Message::Shutdown(reply) => self.shut_down(reply),
        }
    }

    fn subscribe(&mut self, reply: oneshot::Sender<(Snapshot, Subscription)>) {
        let active = self.jobs.values().map(|job| &job.state);
        let mut jobs: Vec<JobState> = self.ended.iter().chain(active).cloned().collect();
        jobs.sort_by(|one, other| one.id.cmp(&other.id));
        let seq = self.bulletin.seq();
        let subscription = self.bulletin.subscribe();
        let _asker_gone = reply.send((Snapshot { seq, jobs }, subscription));
    }

    fn cancel(&mut self, job: &JobId, reason: CancelReason, reply: Option<oneshot::Sender<bool>>) {
        let found = self.cancel_one(job, reason);
        if let Some(reply) = reply {
            let _asker_gone = reply.send(found);
        }
    }

    fn checkpoint(&mut self, job: &JobId, checkpoint: serde_json::Value) {
        if let Some(job) = self.jobs.get_mut(job).filter(|job| job.is_running()) {
            job.checkpoint(&mut self.bulletin, checkpoint, Instant::now());
        }
    }

    fn hear_subject(&mut self, job: &JobId, subject: String) {
        if let Some(job) = self.jobs.get_mut(job).filter(|job| job.is_running()) {
            job.publish(&mut self.bulletin, Change::Subject { subject });
        }
    }

    fn hear_step(&mut self, job: &JobId, step: StepId, message: StepMessage) {
        if let Some(job) = self.jobs.get_mut(job).filter(|job| job.is_running()) {
            job.hear(&mut self.bulletin, step, message, Instant::now());
        }
    }

    fn moved(&mut self, job: &JobId) {
        if let Some(job) = self.jobs.get_mut(job) {
            job.announced = true;
        }
    }

    fn shut_down(&mut self, reply: oneshot::Sender<()>) {
        self.closed = true;
        self.closing.push(reply);
        let jobs: Vec<JobId> = self.jobs.keys().cloned().collect();
        for job in jobs {
            self.cancel_one(&job, CancelReason::Shutdown);
        }
        self.answer_when_empty();
    }

    /// Does all whose time has come.
    fn tick(&mut self, now: Instant) {
        for job in self.jobs.values_mut() {
            if job.is_running() {
                job.tick(&mut self.bulletin, now);
            }
            if !job.is_ending() && job.save.take(now) {
                job.write(&self.recorder);
            }
        }
    }

    fn next_tick(&self, now: Instant) -> Option<Instant> {
        let jobs = self.jobs.values();
        jobs.filter_map(|job| job.next_tick(now)).min()
    }
}
