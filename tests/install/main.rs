//! `lw host`, `lw install`, `lw verify` and `lw repair` as a whole: the real program, a real SSH server, faults and crashes.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap fails the test, with the line that it is in"
)]

mod bench;
mod crowd;
mod hosts;
mod killed;
mod leaving;
mod plans;
mod secrets;
#[expect(dead_code, reason = "some of it is for consoles only")]
#[path = "../../src-tauri/cli/tests/it/terminal.rs"]
mod terminal;
mod verifying;
