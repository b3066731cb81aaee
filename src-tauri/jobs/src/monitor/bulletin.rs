//! Numbers events and hands them to all subscribers.

use super::subscription::{Subscriber, Subscription};
use crate::model::changes_between;
use crate::{Change, JobEvent, JobId, JobState, Timestamp};

/// Where all events go out.
#[derive(Debug)]
pub(super) struct Bulletin {
    seq: u64,
    buffer: usize,
    subscribers: Vec<Subscriber>,
}

impl Bulletin {
    /// A bulletin before its first event, whose subscribers may be `buffer` events behind.
    pub(super) fn new(buffer: usize) -> Self {
        Self {
            seq: 0,
            buffer,
            subscribers: Vec::new(),
        }
    }

    /// The number of the last event.
    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    /// A new subscriber, from the next event on.
    pub(super) fn subscribe(&mut self) -> Subscription {
        let (subscriber, subscription) = Subscriber::new(self.seq, self.buffer);
        self.subscribers.push(subscriber);
        subscription
    }

    /// Publishes a job's first event.
    pub(super) fn begin(&mut self, job: JobId, kind: String, title: String) -> Option<JobState> {
        let event = self.event(job, Change::Queued { kind, title }, Timestamp::now());
        let state = JobState::begin(&event);
        self.send(&event);
        state
    }

    /// Publishes all that led to the state of a job that was left.
    pub(super) fn begin_again(&mut self, left: &JobState) -> Option<JobState> {
        let mut state: Option<JobState> = None;
        for (at, change) in changes_between(None, left) {
            if let Some(state) = &mut state {
                self.publish_at(state, change, at);
            } else {
                let event = self.event(left.id.clone(), change, at);
                state = JobState::begin(&event);
                self.send(&event);
            }
        }
        if let Some(state) = &mut state {
            state.log_dropped = left.log_dropped;
        }
        state
    }

    /// Publishes a change, if the job's state takes it. Says whether it did.
    pub(super) fn publish(&mut self, state: &mut JobState, change: Change) -> bool {
        self.publish_at(state, change, Timestamp::now())
    }

    /// The same for a change that happened at a known time.
    pub(super) fn publish_at(
        &mut self,
        state: &mut JobState,
        change: Change,
        at: Timestamp,
    ) -> bool {
        let event = self.event(state.id.clone(), change, at);
        let taken = state.apply(&event);
        if taken {
            self.send(&event);
        }
        taken
    }

    fn event(&self, job: JobId, change: Change, at: Timestamp) -> JobEvent {
        let seq = self.seq + 1;
        JobEvent {
            job,
            seq,
            at,
            change,
        }
    }

    fn send(&mut self, event: &JobEvent) {
        self.seq = event.seq;
        self.subscribers
            .retain(|subscriber| subscriber.deliver(event));
    }
}
