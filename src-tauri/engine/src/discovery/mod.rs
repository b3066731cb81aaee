//! Finding engines: where to look, asking all of them at once, and choosing one.

mod candidate;
mod contexts;
mod find;
mod inputs;
mod select;
mod well_known;

pub use candidate::{Candidate, Origin, TlsFiles};
pub use contexts::{DockerContext, docker_contexts};
pub use find::{Discovery, find};
pub use inputs::{DiscoveryInputs, Platform, RefusedAddress, candidates, refused_addresses};
pub use select::SelectError;
