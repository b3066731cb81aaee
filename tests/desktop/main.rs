//! The window as its users see it: a real window, a real webview, a real engine, a real drag.

#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, with the line that it is in"
)]

mod asking;
mod bench;
mod closed;
mod engines;
mod figures;
mod hosts;
mod importing;
mod labs;
mod leaving;
mod lost;
mod many;
mod pulling;
