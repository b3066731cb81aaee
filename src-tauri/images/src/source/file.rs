//! A local file, watched for changes while it is read.

use sha2::{Digest, Sha256};
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use thiserror::Error;

/// A file cannot be imported as it is.
#[derive(Debug, Error)]
pub enum FileError {
    /// It could not be opened.
    #[error("cannot open {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is a folder, a device or a pipe.
    #[error("{} is {what}, not a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// Reading failed.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It changed while it was read.
    #[error("{} was changed while it was read: {how}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// What changed.
        how: String,
    },
}

/// An open file and what it was when it was opened.
#[derive(Debug, Clone)]
pub(crate) struct FileSource {
    path: PathBuf,
    file: Arc<File>,
    seen: Identity,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    length: u64,
    modified: Option<SystemTime>,
    number: u64,
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            number: number(metadata),
        }
    }
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_metadata: &Metadata) -> u64 {
    0
}

impl FileSource {
    /// Opens the file at `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, FileError> {
        let open = |source| FileError::Open {
            path: path.to_owned(),
            source,
        };
        // Opening a pipe would wait for its writer.
        let metadata = std::fs::metadata(path).map_err(open)?;
        if !metadata.is_file() {
            let what = if metadata.is_dir() {
                "a folder"
            } else {
                "a device or pipe"
            };
            return Err(FileError::NotAFile {
                path: path.to_owned(),
                what,
            });
        }
        let file = File::open(path).map_err(open)?;
        let seen = Identity::of(&file.metadata().map_err(open)?);
        Ok(Self {
            path: path.to_owned(),
            file: Arc::new(file),
            seen,
        })
    }

    pub(crate) fn length(&self) -> u64 {
        self.seen.length
    }

    /// A reader from the start of the file to the length that it had when it was opened. Only one
    /// reader may be used at a time: they share the file's position.
    pub(crate) fn reader(&self) -> Result<FileReader, FileError> {
        (&*self.file)
            .seek(SeekFrom::Start(0))
            .map_err(|source| self.read_failed(source))?;
        Ok(FileReader {
            file: Arc::clone(&self.file),
            left: self.seen.length,
        })
    }

    /// Hashes the whole file; `progress` is told the bytes so far and says whether to go on.
    pub(crate) fn sha256(
        &self,
        mut progress: impl FnMut(u64) -> bool,
    ) -> Result<Option<String>, FileError> {
        let mut reader = self.reader()?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        let mut done = 0;
        loop {
            let count = reader
                .read(&mut buffer)
                .map_err(|source| self.read_failed(source))?;
            if count == 0 {
                return Ok(Some(hex::encode(hash.finalize())));
            }
            hash.update(&buffer[..count]);
            done += count as u64;
            if !progress(done) {
                return Ok(None);
            }
        }
    }

    /// Fails if the file at the path is no longer the one that was opened, or was written to.
    pub(crate) fn check_unchanged(&self) -> Result<(), FileError> {
        let now = std::fs::metadata(&self.path).map(|metadata| Identity::of(&metadata));
        let how = match now {
            Err(_) => "it is no longer there".to_owned(),
            Ok(now) if now.number != self.seen.number => "another file took its place".to_owned(),
            Ok(now) if now.length != self.seen.length => format!(
                "it had {} bytes and now has {}",
                self.seen.length, now.length
            ),
            Ok(now) if now != self.seen => "it was written to".to_owned(),
            Ok(_) => return Ok(()),
        };
        Err(FileError::Changed {
            path: self.path.clone(),
            how,
        })
    }

    pub(crate) fn read_failed(&self, source: io::Error) -> FileError {
        match self.check_unchanged() {
            Err(changed) => changed,
            Ok(()) => FileError::Read {
                path: self.path.clone(),
                source,
            },
        }
    }
}

/// Reads a file to the length that it had; an earlier end is an error.
#[derive(Debug)]
pub(crate) struct FileReader {
    file: Arc<File>,
    left: u64,
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if wanted == 0 {
            return Ok(0);
        }
        let count = (&*self.file).read(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("the file ends {} bytes early", self.left),
            ));
        }
        self.left -= count as u64;
        Ok(count)
    }
}
