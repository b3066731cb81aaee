//! The program's parts.

pub(crate) mod capture;
mod containers;
pub(crate) mod daemon;
mod netlink;
pub(crate) mod talk;
