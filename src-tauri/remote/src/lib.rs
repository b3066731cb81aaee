//! SSH hosts, the durable runner on them, node installs, and engines over SSH.
//!
//! The only crate that runs `ssh`. What works on a host is a shell script of its own, the runner: it outlives the
//! connection and this program, and what it wrote is read from where reading stopped. `docs/runner.md` is the contract.

mod engine;
pub mod host;
pub mod install;
mod operations;
pub mod plan;
mod runner;
pub mod ssh;

pub use engine::{Dialer, Directory};
pub use operations::{Access, Tested};
