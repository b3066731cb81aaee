//! The crate as its users see it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod bench;
mod cancelling;
mod documentation;
mod history;
mod interrupted;
mod joining;
mod lifecycle;
mod pace;
mod properties;
mod queues;
mod reducer;
mod search;
mod stalls;
mod types;
mod unwritable;
mod waits;
