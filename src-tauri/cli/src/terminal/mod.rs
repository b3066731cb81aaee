//! The user's terminal and standard streams, for programs that speak with the user themselves.

mod converse;
mod keys;
mod streams;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) use converse::{End, Source, converse};
pub(crate) use streams::{own_output, standard_error, standard_output};
#[cfg(unix)]
pub(crate) use unix::{Terminal, restore};
#[cfg(windows)]
pub(crate) use windows::{Terminal, restore};
