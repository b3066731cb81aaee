//! Labs as the window has them.

mod border;
mod captures;
pub(crate) mod configurations;
mod engine;
pub(crate) mod examples;
mod file;
mod files;
mod follow;
mod jobs;
mod known;
mod links;
mod list;
mod merge;
mod notice;
mod open;
mod packets;
mod pairs;
mod room;
mod runs;
mod store;
mod terminals;
#[cfg(test)]
mod tests;
pub(crate) mod texts;
mod turns;

pub use border::*;
pub use terminals::TerminalOutput;
pub use turns::{PageId, Turn};

pub(crate) use captures::Captures;
pub(crate) use file::Reader;
pub(crate) use files::blocking;
pub(crate) use jobs::{JobReader, LabJobs};
pub(crate) use known::{GivenLabs, if_yaml, is_topology, labs_in};
pub(crate) use pairs::stem;
pub(crate) use room::Labs;
pub(crate) use runs::{Errand, Runs};
pub(crate) use terminals::{Place, Terminals};
pub(crate) use turns::{Matter, Turns, newer};
