//! `lw` as its users see it: what it says where it cannot work, what it does with the history, and, on
//! real engines, what it does with nodes. The tests that import are in `tests/import` at the top.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what is wrong by panicking"
)]

#[macro_use]
#[path = "../../../testbed/tests/each_engine/mod.rs"]
mod each_engine;

mod check;
mod completions;
mod consoles;
mod engine;
mod jobs;
mod labs;
mod links;
mod program;
mod terminal;
mod usage;
