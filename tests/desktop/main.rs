//! The window as its users see it: a real window, a real webview, a real engine, a real drag.

#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, with the line that it is in"
)]

mod bench;
mod engines;
mod importing;
mod lost;
