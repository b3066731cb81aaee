//! The thread that writes the history, so that no disk ever slows a job.
//!
//! It answers where an answer is waited for: whether a job may be, and whether its end is written.
//! Of several states of one job that wait to be written, only the last is.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::WeakUnboundedSender;

use super::message::{Message, Wish};
use crate::history::{Claim, History, HistoryError, JobEntry};
use crate::{CancelReason, JobId, JobState};

/// How often it looks for requests of other processes, while jobs run.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// The monitor's end of the thread.
pub(super) struct Recorder {
    orders: Sender<Order>,
    owner: WeakUnboundedSender<Message>,
}

/// What is to be written, and where an answer is waited for.
enum Order {
    Claim(Box<JobEntry>, Wish, Sender<Result<Claim, HistoryError>>),
    Save(Box<JobState>, Option<Value>),
    Finish(Box<JobEntry>, Sender<Result<(), HistoryError>>),
}

impl Recorder {
    /// Starts the thread. It ends when the recorder is dropped.
    pub(super) fn start(history: History, owner: WeakUnboundedSender<Message>) -> Self {
        let (orders, inbox) = channel();
        let writer = Writer {
            history,
            owner: owner.clone(),
            mine: BTreeSet::new(),
            owed: BTreeMap::new(),
        };
        let spawned = thread::Builder::new()
            .name("history".to_owned())
            .spawn(move || writer.run(&inbox));
        if let Err(error) = spawned {
            tracing::error!(error = &error as &dyn Error, "the history has no thread");
        }
        Self { orders, owner }
    }

    /// Asks whether a job may be; `Claimed` answers.
    pub(super) fn claim(&self, entry: JobEntry, wish: Wish) {
        let job = entry.state.id.clone();
        self.ask(
            |reply| Order::Claim(Box::new(entry), wish, reply),
            |claim| Message::Claimed { job, claim },
        );
    }

    /// Writes a job's state, sooner or later, and where its work stood then if that is known.
    pub(super) fn save(&self, state: &JobState, checkpoint: Option<Value>) {
        let order = Order::Save(Box::new(state.clone()), checkpoint);
        let _stopped = self.orders.send(order);
    }

    /// Writes a job's end; `Recorded` answers.
    pub(super) fn finish(&self, entry: JobEntry) {
        let job = entry.state.id.clone();
        self.ask(
            |reply| Order::Finish(Box::new(entry), reply),
            |result| Message::Recorded { job, result },
        );
    }

    /// Gives an order and tells the owner the answer.
    ///
    /// A blocking task waits for it, and not a future, because tokio then knows that something is
    /// going on: in tests a paused clock would run on while the disk is at work.
    fn ask<T: Send + 'static>(
        &self,
        order: impl FnOnce(Sender<Result<T, HistoryError>>) -> Order,
        message: impl FnOnce(Result<T, HistoryError>) -> Message + Send + 'static,
    ) {
        let (reply, answer) = channel();
        let _stopped = self.orders.send(order(reply));
        let owner = self.owner.clone();
        tokio::task::spawn_blocking(move || {
            // Without an answer the thread has gone, and dropped the order.
            let answer = answer.recv().unwrap_or(Err(HistoryError::Stopped));
            tell(&owner, message(answer));
        });
    }
}

fn tell(owner: &WeakUnboundedSender<Message>, message: Message) {
    if let Some(owner) = owner.upgrade() {
        let _owner_gone = owner.send(message);
    }
}

/// The thread's end.
struct Writer {
    history: History,
    owner: WeakUnboundedSender<Message>,
    /// The jobs of this monitor that did not end yet.
    mine: BTreeSet<JobId>,
    /// Ends that could not be written, to be tried again.
    owed: BTreeMap<JobId, JobEntry>,
}

impl Writer {
    fn run(mut self, inbox: &Receiver<Order>) {
        while let Some(orders) = self.next_orders(inbox) {
            self.pay();
            for order in without_outdated(orders) {
                self.write(order);
            }
            self.look_for_requests();
        }
    }

    /// All orders that wait; empty when it is time to look around; none when there is no more.
    fn next_orders(&self, inbox: &Receiver<Order>) -> Option<Vec<Order>> {
        let first = if self.mine.is_empty() && self.owed.is_empty() {
            Some(inbox.recv().ok()?)
        } else {
            match inbox.recv_timeout(LOOK_INTERVAL) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        };
        Some(first.into_iter().chain(inbox.try_iter()).collect())
    }

    fn write(&mut self, order: Order) {
        match order {
            Order::Claim(job, wish, reply) => {
                let _asker_gone = reply.send(self.claim(&job, &wish));
            }
            Order::Save(state, checkpoint) => self.save(&state, checkpoint.as_ref()),
            Order::Finish(job, reply) => {
                let _asker_gone = reply.send(self.finish(*job));
            }
        }
    }

    fn claim(&mut self, job: &JobEntry, wish: &Wish) -> Result<Claim, HistoryError> {
        let claim = match wish {
            Wish::Left(left) => self.history.join(left).map(|record| match record {
                Some(record) => Claim::Joined(Box::new(record)),
                None => Claim::NotLeft,
            }),
            Wish::Bound | Wish::Durable => self.history.claim(job),
        };
        match &claim {
            Ok(Claim::Elsewhere { .. } | Claim::NotLeft) => {}
            Ok(Claim::Joined(record)) => drop(self.mine.insert(record.job.id.clone())),
            Ok(Claim::Granted) | Err(_) => drop(self.mine.insert(job.state.id.clone())),
        }
        claim
    }

    fn save(&self, state: &JobState, checkpoint: Option<&Value>) {
        if let Err(error) = self.history.save(state, checkpoint) {
            tracing::warn!(job = %state.id, error = &error as &dyn Error, "the state of a job cannot be written");
        }
    }

    fn finish(&mut self, ended: JobEntry) -> Result<(), HistoryError> {
        self.mine.remove(&ended.state.id);
        let result = self.history.finish(&ended);
        if result.is_err() {
            self.owed.insert(ended.state.id.clone(), ended);
        }
        result
    }

    /// Tries again to write what could not be written.
    fn pay(&mut self) {
        let history = &self.history;
        self.owed.retain(|_, ended| history.finish(ended).is_err());
    }

    fn look_for_requests(&self) {
        if self.mine.is_empty() {
            return;
        }
        match self.history.new_cancel_requests() {
            Ok(requested) => requested
                .into_iter()
                .filter(|job| self.mine.contains(job))
                .for_each(|job| tell(&self.owner, cancel(job))),
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "the history cannot be read");
            }
        }
    }
}

fn cancel(job: JobId) -> Message {
    let reason = CancelReason::User;
    Message::Cancel {
        job,
        reason,
        reply: None,
    }
}

/// The orders without the states of jobs that have a later state or their end among them.
fn without_outdated(orders: Vec<Order>) -> Vec<Order> {
    let mut written = BTreeSet::new();
    let mut kept: Vec<Order> = Vec::new();
    for order in orders.into_iter().rev() {
        let outdated = match &order {
            Order::Claim(..) => false,
            Order::Save(state, _) => !written.insert(state.id.clone()),
            Order::Finish(ended, _) => {
                written.insert(ended.state.id.clone());
                false
            }
        };
        if !outdated {
            kept.push(order);
        }
    }
    kept.reverse();
    kept
}
