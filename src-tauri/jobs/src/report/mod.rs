//! How work says what it does. Nothing here ever waits.

mod port;
mod reporter;
mod slot;
mod step;

pub(crate) use port::Port;
pub use port::{LOG_LINE_BYTES, LOG_LINES_REPORTED};
pub use reporter::Reporter;
pub(crate) use slot::Slot;
pub use step::Step;
