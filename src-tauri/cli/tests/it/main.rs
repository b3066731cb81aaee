//! `lw` as its users see it, without an engine: what it says where it cannot work, and what it does
//! with the history. The tests that import are in `tests/import` at the top.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what is wrong by panicking"
)]

mod completions;
mod engine;
mod jobs;
mod program;
mod usage;
