//! Engines of other machines: whoever runs `ssh` opens the streams, and this makes an address of them.
//!
//! Both clients want an address to connect to. So the crate listens for itself on a private socket, asks for one
//! stream to the other machine for each connection that comes, and copies bytes both ways.

mod dial;
mod failure;
#[cfg(unix)]
mod folder;
#[cfg(unix)]
mod listener;
#[cfg(unix)]
mod relay;
#[cfg(not(unix))]
mod unavailable;

pub use dial::{Dial, DialStream};
#[cfg(unix)]
pub(crate) use listener::Tunnel;
#[cfg(not(unix))]
pub(crate) use unavailable::Tunnel;
