//! What a server serves.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

/// Bytes in memory, or a file that is read as it is sent.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Bytes(Arc<[u8]>),
    File(PathBuf),
}

pub(super) trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

impl Content {
    pub(super) fn length(&self) -> io::Result<u64> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
            Self::File(path) => Ok(path.metadata()?.len()),
        }
    }

    /// A reader that stands at `offset`.
    pub(super) fn open(&self, offset: u64) -> io::Result<Box<dyn Source>> {
        let mut source: Box<dyn Source> = match self {
            Self::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
            Self::File(path) => Box::new(File::open(path)?),
        };
        source.seek(SeekFrom::Start(offset))?;
        Ok(source)
    }
}
