//! Labs: what a topology file says, and what each kind of node needs.
//!
//! [`topology`] reads containerlab's `*.clab.yml` into a [`topology::Topology`] whose every setting is resolved, or into
//! all its problems at once, each with its place. [`kinds`] is the table of what each kind of node needs to run. Both are
//! pure: files, variables and engines are handed in or left to the caller.

//!
//! A [`survey`] says what an engine has, a [`plan`] what is to be done, [`deploy`] does it, and [`running`] is about labs
//! that are there, which are found by their [`labels`] alone. Links are the [`patchbay`]'s, which goes on by itself;
//! [`links`] changes them and listens to them. A [`console`] is a program in a node.

mod boot;
pub mod console;
pub mod deploy;
mod files;
mod fingerprint;
pub mod kinds;
pub mod labels;
pub mod links;
pub mod patchbay;
pub mod plan;
pub mod running;
pub mod survey;
pub mod topology;
mod up;

pub use boot::BootError;
pub use up::{NodeCause, Way};
