//! Hosts as they are: a real sshd, real repositories, real faults.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod again;
mod bench;
mod cancelling;
mod comfy;
mod cuts;
mod examining;
mod far_side;
mod forty;
mod installing;
mod joined;
mod latency;
mod paths;
mod positions;
mod reaching;
mod reboots;
mod refusals;
mod seed;
mod types;
