//! The import: from a file or URL to a checked image in an engine.
//!
//! The image is sent under a temporary name, inspected, and only then given its own: whatever goes
//! wrong, a name that was there before still means what it meant.

mod error;
mod flow;
mod naming;
mod open;
mod pump;
mod request;
mod temporary;
mod upload;
mod verify;

pub use error::ImportError;
pub(crate) use error::architecture_warning;
pub(crate) use open::proposed_reference;
pub use request::{ImportJob, ImportRequest, ImportResult};
pub use temporary::sweep;
