//! Imports into the three real engines.
#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, with the line that it is in"
)]

mod faults;
mod harness;
mod matrix;
mod names;
