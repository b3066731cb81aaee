//! `lw import`, its other half, `lw images save` and `copy`, and `lw pull`, as a whole: the real program, real
//! engines, signals and crashes.
#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, with the line that it is in"
)]

mod copying;
mod crashes;
mod limits;
mod program;
mod pulling;
mod saving;
mod whole;
