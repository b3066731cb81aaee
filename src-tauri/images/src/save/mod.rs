//! Saving: images of an engine, as one archive in a file or a pipe.
//!
//! The file is written beside its place under a name of its own, and gets its own name only when
//! the archive was whole, names every image that was asked for, and is on the disk.

mod error;
mod flow;
mod packer;
mod packing;
mod partial;
mod place;
mod request;
mod writer;

pub use error::SaveError;
pub use packing::{Packing, PackingError};
pub use request::{SaveJob, SaveRequest, SaveResult, SaveTarget};
