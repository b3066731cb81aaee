//! The program as it is shipped, in real network namespaces and in real engines.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod bench;
mod captures;
mod engines;
mod links;
mod outside;
mod ports;
mod refusals;
mod restarts;
