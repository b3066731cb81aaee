//! Registries, as far as they are asked: what an image is, and whether a login is one.

mod access;
mod authorization;
mod certificates;
mod challenge;
mod describe;
mod manifests;
mod reader;
mod registry;
mod visit;

pub use access::{Limits, RegistryAccess};
pub use registry::Registry;
