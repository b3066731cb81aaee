//! `lw lab` and `lw node` as a whole: the real program, real engines, real routers, faults and crashes.
#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, with the line that it is in"
)]

#[macro_use]
#[path = "../../src-tauri/testbed/tests/each_engine/mod.rs"]
mod each_engine;

mod again;
mod bench;
mod ceos;
mod far;
mod faults;
mod killed;
mod management;
mod order;
mod outside;
mod plugging;
#[expect(dead_code, reason = "some of it is for imports only")]
#[path = "../import/program.rs"]
mod program;
mod routers;
mod saves;
mod two_hosts;
mod wait;
