//! The reconciler: makes what is there what is wanted, and keeps it so.

mod answer;
mod apply;
mod connection;
mod followers;
mod input;
mod kernel;
mod lab;
mod making;
mod nodes;
mod plan;
mod ports;
mod problems;
mod removing;
mod search;
mod serve;
mod setting;
mod state_file;
mod status;
mod steering;

pub(crate) use serve::{Places, SOCKET, serve};
