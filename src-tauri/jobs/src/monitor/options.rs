//! What can be set of a monitor.

use std::collections::BTreeMap;
use std::time::Duration;

/// What can be set of a monitor. The defaults are those of the design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorOptions {
    /// How long nothing may move in a step before it is shown as stalled.
    pub stall_after: Duration,
    /// A job has at most one progress event for each of these intervals, on average of ten.
    pub progress_interval: Duration,
    /// How many jobs of a queue run at once, by the queue's name; one where it is not named here.
    pub queues: BTreeMap<String, usize>,
    /// How many events a subscriber may be behind before it gets a gap.
    pub subscriber_buffer: usize,
    /// How many ended jobs a snapshot has.
    pub ended_kept: usize,
}

impl Default for MonitorOptions {
    fn default() -> Self {
        let queues = [("imports", 2), ("pulls", 3)];
        Self {
            stall_after: Duration::from_secs(30),
            progress_interval: Duration::from_millis(100),
            queues: queues.map(|(name, limit)| (name.to_owned(), limit)).into(),
            subscriber_buffer: 4096,
            ended_kept: 100,
        }
    }
}
