//! When a node is ready, what it waits for, and what went wrong.

mod error;
mod signs;
mod watch;

pub use error::BootError;
pub(crate) use error::times;
pub(crate) use watch::{Boot, bad_sign, passes};
