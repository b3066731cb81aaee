//! Labs: what a topology file says, and what each kind of node needs.
//!
//! [`topology`] reads containerlab's `*.clab.yml` into a [`topology::Topology`] whose every setting is resolved, or into
//! all its problems at once, each with its place. [`kinds`] is the table of what each kind of node needs to run. Both are
//! pure: files, variables and engines are handed in or left to the caller.

pub mod kinds;
pub mod topology;
