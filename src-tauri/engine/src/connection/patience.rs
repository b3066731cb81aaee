//! How long an engine is waited for, as a table.

use std::time::Duration;

/// How long an engine is waited for. Actions have no limit; these are for the questions whether it is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For the answer to the first ping.
    pub(super) ping: Duration,
    /// For what it says of itself: its disk may be busy.
    pub(super) describe: Duration,
    /// For a ping's answer, of an engine that was away. One that starts accepts connections before it answers.
    pub(crate) return_ping: Duration,
    /// Between such pings.
    pub(crate) between_pings: Duration,
}

impl Patience {
    /// An engine that runs answers a ping at once, however busy it is.
    pub(super) const DIRECT: Self = Self {
        ping: Duration::from_secs(5),
        describe: Duration::from_secs(20),
        return_ping: Duration::from_millis(1500),
        between_pings: Duration::from_secs(1),
    };

    /// Before a host's engine answers, `ssh` connects, logs in and starts a program there. A host that is away is not
    /// asked every second.
    pub(super) const THROUGH_SSH: Self = Self {
        ping: Duration::from_secs(30),
        describe: Duration::from_secs(45),
        return_ping: Duration::from_secs(30),
        between_pings: Duration::from_secs(5),
    };
}
