//! Where an archive is read from: a file, a server, or an engine.

mod chosen;
mod download;
mod engine;
mod file;
mod pieces;

pub(crate) use chosen::{Chosen, choose};
pub(crate) use download::Download;
pub use download::DownloadError;
pub use engine::EngineSourceError;
pub(crate) use engine::{EngineImages, list};
pub use file::FileError;
pub(crate) use file::FileSource;
pub(crate) use pieces::failure_of;
