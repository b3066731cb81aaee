//! A lab without an engine: namespaces, a folder that looks like `/proc`, and the program.

mod ether;
mod namespace;
mod program;
mod stand;
mod talk;
mod wiring;

pub(crate) use ether::Ether;
pub(crate) use namespace::Namespace;
pub(crate) use program::program;
pub(crate) use stand::{Node, Stand};
pub(crate) use talk::{Talk, done, problems, status, wired};
pub(crate) use wiring::{container_id, end, mac, wiring};
