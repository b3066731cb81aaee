//! A node's way up: what it waits for, how it is started, wired and booted, and the commands that it is given. A deployment
//! and `start` bring nodes up by the same way, which is kept in the labels of a node, since its file may be gone.

mod done;
mod error;
mod gates;
mod node;
mod turns;
mod way;

pub(crate) use done::{Done, has_commands};
pub use error::NodeCause;
pub(crate) use node::{Begins, Failed, NodeUp, Together};
pub use way::Way;
