//! Where an archive is read from: a file, or a server.

mod download;
mod file;

pub(crate) use download::Download;
pub use download::DownloadError;
pub use file::FileError;
pub(crate) use file::FileSource;
