//! The crate as its users see it, on real engines.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod bench;
mod broken_uploads;
mod containers;
mod dialers;
mod discovery;
mod health;
mod importing;
mod link;
mod loading;
mod names;
mod network;
mod over_ssh;
mod podman_service;
mod types;
