//! Finding a container's first process.

mod process;
mod scan;
mod watch;

pub(crate) use scan::{Found, scan};
pub(crate) use watch::when_ended;
