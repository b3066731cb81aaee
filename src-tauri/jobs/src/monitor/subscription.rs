//! Watching all jobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::{self, error::TrySendError};

use crate::{Gap, JobEvent};

/// Every event after a snapshot, in order.
#[derive(Debug)]
pub struct Subscription {
    events: mpsc::Receiver<JobEvent>,
    overrun: Arc<AtomicBool>,
    seen: u64,
    over: bool,
}

impl Subscription {
    /// A subscription to a monitor that has gone.
    pub(super) fn ended() -> Self {
        Subscriber::new(0, 1).1
    }

    /// The next event; a gap, once, if this subscriber was too slow and must subscribe again; none
    /// after a gap or when the monitor has gone.
    ///
    /// Can be dropped at any time without losing an event.
    pub async fn next(&mut self) -> Option<Result<JobEvent, Gap>> {
        if let Some(event) = self.events.recv().await {
            self.seen = event.seq;
            return Some(Ok(event));
        }
        let gap = self.overrun.load(Ordering::Acquire) && !self.over;
        self.over = true;
        gap.then_some(Err(Gap { after: self.seen }))
    }
}

/// The monitor's end of a subscription.
#[derive(Debug)]
pub(super) struct Subscriber {
    events: mpsc::Sender<JobEvent>,
    overrun: Arc<AtomicBool>,
}

impl Subscriber {
    /// A subscriber that saw everything up to `seen`, and may be `buffer` events behind.
    pub(super) fn new(seen: u64, buffer: usize) -> (Self, Subscription) {
        let (sender, events) = mpsc::channel(buffer.max(1));
        let overrun = Arc::new(AtomicBool::new(false));
        let subscription = Subscription {
            events,
            overrun: Arc::clone(&overrun),
            seen,
            over: false,
        };
        let events = sender;
        (Self { events, overrun }, subscription)
    }

    /// Hands it one event, and says whether it gets more.
    pub(super) fn deliver(&self, event: &JobEvent) -> bool {
        match self.events.try_send(event.clone()) {
            Ok(()) => true,
            Err(TrySendError::Closed(_)) => false,
            Err(TrySendError::Full(_)) => {
                self.overrun.store(true, Ordering::Release);
                false
            }
        }
    }
}
