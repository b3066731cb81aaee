//! The import: from a file, a URL or another engine to a checked image in an engine.
//!
//! The image is sent under a temporary name, inspected, and only then given its own: whatever goes
//! wrong, a name that was there before still means what it meant.

mod coded;
mod copy;
mod error;
mod flow;
mod from_engine;
mod naming;
mod open;
mod pump;
mod request;
mod temporary;
mod transfer;
mod upload;
mod verify;
mod wire;

pub use copy::{CopiedImage, CopyJob, CopyRequest, CopyResult};
pub use error::ImportError;
pub(crate) use error::architecture_warning;
pub(crate) use open::proposed_reference;
pub use request::{ImportJob, ImportRequest, ImportResult};
pub use temporary::sweep;
