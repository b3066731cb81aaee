//! Hosts: who they are, whether they can be reached, and what they have.

mod probe;
mod record;
mod store;

pub use probe::probe;
pub use record::{Host, HostFacts, HostKey};
pub use store::{HostStore, StoreError};
