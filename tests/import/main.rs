//! `lw import` as a whole: the real program, real engines, signals and crashes.
#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, with the line that it is in"
)]

mod crashes;
mod limits;
mod program;
mod whole;
