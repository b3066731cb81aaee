//! Why a save fails, and what to do then.

use super::packing::PackingError;
use crate::source::{EngineSourceError, list};
use labwright_archive::SurveyError;
use labwright_jobs::ErrorReport;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A save failed.
#[derive(Debug, Error)]
pub enum SaveError {
    /// The file's name does not say how it shall be compressed.
    #[error(transparent)]
    Packing(#[from] PackingError),
    /// Nothing says where the archive shall go.
    #[error("the archive has no place to go to")]
    NoPlace,
    /// The file exists.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is something that is no file.
    #[error("{} is {what}, not a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// The folder cannot be written to, or is not there.
    #[error("cannot write into {}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It will not fit.
    #[error("the archive has at least {needed} bytes, and {} has {available} bytes free", folder.display())]
    NoSpace {
        /// The folder.
        folder: PathBuf,
        /// What is needed at least, in bytes.
        needed: u64,
        /// What there is, in bytes.
        available: u64,
    },
    /// The engine did not give the images.
    #[error(transparent)]
    Images(#[from] EngineSourceError),
    /// What the engine sent is no whole archive.
    #[error("what {engine} sent of {images} is not whole")]
    NotWhole {
        /// The engine.
        engine: String,
        /// The images' names.
        images: String,
        /// What is wrong with it.
        #[source]
        source: SurveyError,
    },
    /// The archive is whole, and does not hold what was asked for.
    #[error("what {engine} sent does not name {}", list(missing))]
    NotNamed {
        /// The engine.
        engine: String,
        /// The names that are not in it.
        missing: Vec<String>,
    },
    /// Writing failed.
    #[error("cannot write to {place}")]
    Write {
        /// The file, or what the stream is called.
        place: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The work's own thread failed: a fault in this program.
    #[error("the save of {images} ended by a fault in Labwright")]
    Fault {
        /// The images' names.
        images: String,
        /// What happened.
        #[source]
        source: tokio::task::JoinError,
    },
    /// It was cancelled.
    #[error("the save was cancelled")]
    Cancelled,
}

impl SaveError {
    /// A stable name for the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Packing(source) => source.code(),
            Self::NoPlace => "save_no_place",
            Self::Exists { .. } => "file_exists",
            Self::NotAFile { .. } => "file_kind",
            Self::Folder { .. } => "folder_unwritable",
            Self::NoSpace { .. } => "no_space",
            Self::Images(source) => source.code(),
            Self::NotWhole { .. } => "archive_damaged",
            Self::NotNamed { .. } => "archive_incomplete",
            Self::Write { source, .. } if is_full(source) => "disk_full",
            Self::Write { .. } => "file_write",
            Self::Fault { .. } => "internal",
            Self::Cancelled => "cancelled",
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Packing(source) => return vec![source.hint()],
            Self::Images(source) => return source.hints(),
            Self::Exists { .. } => {
                "Replace it (lw: --replace), or choose another name. The old file stays until the \
                 new one is whole."
            }
            Self::NotAFile { .. } => "Give the path of a file.",
            Self::Folder { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "Make the folder first, or choose one that is there."
            }
            Self::Folder { .. } => "Choose a folder that you may write to.",
            Self::NoSpace { .. } => "Make room, or choose a folder on another disk.",
            Self::Write { source, .. } if is_full(source) => {
                "Make room, or choose a folder on another disk. Nothing of the file was left."
            }
            Self::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe => {
                "Who was to read it has ended."
            }
            Self::Write { .. } => "Check the disk that holds the folder, and try again.",
            Self::NotWhole { .. } | Self::NotNamed { .. } => {
                "Look into the engine's own log, then retry."
            }
            Self::Fault { .. } => "Please report it, with the log.",
            Self::NoPlace => "Name a file: what went into a pipe cannot be done again.",
            Self::Cancelled => return Vec::new(),
        };
        vec![hint.to_owned()]
    }

    /// The failure in the form that crosses into events and the history.
    pub fn report(&self) -> ErrorReport {
        self.hints()
            .into_iter()
            .fold(ErrorReport::of(self.code(), self), ErrorReport::with_hint)
    }
}

fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
