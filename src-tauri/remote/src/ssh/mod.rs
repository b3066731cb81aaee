//! The system's own `ssh`: its configuration, agent, jump hosts, keys and known hosts are the user's, and stay so.

mod connection;
mod error;
mod failure;
mod known;
mod quote;
mod resolve;
mod script;
mod session;
mod target;
mod transport;

pub use connection::Connection;
pub use error::SshError;
pub(crate) use failure::last_lines;
pub use known::{Unknown, accept, ask_for_key};
pub use quote::quote;
pub use resolve::{Resolved, aliases, resolve};
pub(crate) use script::Script;
pub use session::Session;
pub use target::{DestinationError, Target};
pub use transport::{SystemSsh, Transport};
