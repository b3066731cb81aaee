//! Why an import fails, and what to do then.

use crate::source::{DownloadError, EngineSourceError, FileError, failure_of};
use labwright_archive::{
    Architecture, Compression, DecodeError, GuardError, InspectError, ManifestError, RewriteError,
};
use labwright_engine::{EngineError, ReferenceError};
use labwright_jobs::ErrorReport;
use std::io;
use thiserror::Error;

/// An import failed.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The reference is not valid.
    #[error("`{reference}` cannot be an image's reference")]
    Reference {
        /// As it was given.
        reference: String,
        /// What is wrong.
        #[source]
        source: ReferenceError,
    },
    /// The kind is not known.
    #[error("there is no kind `{kind}`")]
    Kind {
        /// As it was given.
        kind: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The SHA-256 that was given is none.
    #[error("`{given}` is no SHA-256: it must be 64 hexadecimal digits")]
    Sha256Form {
        /// As it was given.
        given: String,
    },
    /// The URL is none.
    #[error("`{url}` is no URL that can be downloaded")]
    Url {
        /// As it was given.
        url: String,
        /// What is wrong.
        #[source]
        source: url::ParseError,
    },
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The download failed.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// The engine that has the images did not give them.
    #[error(transparent)]
    Images(#[from] EngineSourceError),
    /// The images are to be copied to where they are.
    #[error("{engine} is the engine that the images come from")]
    SameEngine {
        /// The engine.
        engine: String,
    },
    /// The archive is not what can be imported.
    #[error("{name} cannot be imported")]
    Inspect {
        /// The file's name.
        name: String,
        /// Why.
        #[source]
        source: InspectError,
    },
    /// The file is not the one that was asked for.
    #[error("{name} is not the file that was asked for: its SHA-256 is {found}, not {wanted}")]
    Sha256 {
        /// The file's name.
        name: String,
        /// What was asked for.
        wanted: String,
        /// What it is.
        found: String,
    },
    /// The compressed data is damaged or cut short.
    #[error("{name} is damaged: its {compression} data cannot be decoded past {at} bytes")]
    Corrupt {
        /// The file's name.
        name: String,
        /// Its compression.
        compression: Compression,
        /// How many bytes of the file were read.
        at: u64,
        /// What the decoder said.
        #[source]
        source: io::Error,
    },
    /// The decoder could not be set up.
    #[error("{name} cannot be decoded")]
    Decode {
        /// The file's name.
        name: String,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// The tar inside was refused.
    #[error("the archive {name} was refused")]
    Guard {
        /// The file's name.
        name: String,
        /// Why.
        #[source]
        source: GuardError,
    },
    /// The image archive could not be passed on.
    #[error("the images in {name} cannot be loaded")]
    Rewrite {
        /// The file's name.
        name: String,
        /// Why.
        #[source]
        source: RewriteError,
    },
    /// The inner archive is not there any more.
    #[error("`{entry}` is not in {name} any more")]
    EntryGone {
        /// The file's name.
        name: String,
        /// The inner archive's name.
        entry: String,
    },
    /// The reference is taken.
    #[error("{engine} already has another image named {reference}")]
    Taken {
        /// The engine.
        engine: String,
        /// The reference.
        reference: String,
        /// The short id of the image that has it.
        id: String,
        /// What can be done but to take the name.
        otherwise: &'static str,
    },
    /// A reference was given for an archive of several images.
    #[error("{name} holds {count} images, and {reference} can name only one")]
    Several {
        /// The file's name.
        name: String,
        /// How many.
        count: usize,
        /// The reference.
        reference: String,
    },
    /// It will not fit.
    #[error("{name} has {needed} bytes, and {engine} has {available} bytes free")]
    NoSpace {
        /// The file's name.
        name: String,
        /// The engine.
        engine: String,
        /// What is needed at least, in bytes.
        needed: u64,
        /// What there is, in bytes.
        available: u64,
    },
    /// The engine failed.
    #[error("the import of {name} failed at {engine}")]
    Engine {
        /// The file's name.
        name: String,
        /// The engine.
        engine: String,
        /// Why.
        #[source]
        source: Box<EngineError>,
    },
    /// The engine ended before it had everything.
    #[error("{engine} ended the import of {name} before it had the whole archive")]
    EndedEarly {
        /// The file's name.
        name: String,
        /// The engine.
        engine: String,
    },
    /// What the engine made is not an image that can run.
    #[error("{engine} made an image of {name} that is not usable: {why}")]
    Unusable {
        /// The file's name.
        name: String,
        /// The engine.
        engine: String,
        /// What is wrong with it.
        why: String,
    },
    /// The work's own thread failed: a fault in this program.
    #[error("the import of {name} ended by a fault in Labwright")]
    Fault {
        /// The file's name.
        name: String,
        /// What happened.
        #[source]
        source: tokio::task::JoinError,
    },
    /// It was cancelled.
    #[error("the import was cancelled")]
    Cancelled,
}

impl ImportError {
    /// The failure of a download or of an engine, from an error that reading it gave.
    pub(super) fn of_stream(error: io::Error) -> Self {
        let failure = match error.downcast() {
            Ok(failure) => Some(Self::Download(failure)),
            Err(error) => failure_of(error).map(Self::Images),
        };
        // Only a stream that was given up ends without its own failure.
        failure.unwrap_or(Self::Cancelled)
    }

    /// A stable name for the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reference { source, .. } => source.code(),
            Self::Kind { .. } => "unknown_kind",
            Self::Sha256Form { .. } => "sha256_form",
            Self::Url { .. } => "url_form",
            Self::File(FileError::Open { .. }) => "file_open",
            Self::File(FileError::NotAFile { .. }) => "file_kind",
            Self::File(FileError::Read { .. }) => "file_read",
            Self::File(FileError::Changed { .. }) | Self::EntryGone { .. } => "file_changed",
            Self::Download(DownloadError::Status { .. }) => "download_status",
            Self::Download(DownloadError::Changed { .. }) => "download_changed",
            Self::Download(DownloadError::Length { .. }) => "download_length",
            Self::Download(_) => "download_failed",
            Self::Images(source) => source.code(),
            Self::SameEngine { .. } => "same_engine",
            Self::Inspect {
                source: InspectError::Foreign(_),
                ..
            } => "not_an_image",
            Self::Inspect {
                source: InspectError::Read(_),
                ..
            }
            | Self::Corrupt { .. }
            | Self::Decode { .. } => "archive_damaged",
            Self::Inspect { .. } => "archive_unknown",
            Self::Sha256 { .. } => "sha256_differs",
            Self::Guard {
                source: GuardError::TooLarge { .. },
                ..
            }
            | Self::Rewrite {
                source: RewriteError::Guard(GuardError::TooLarge { .. }),
                ..
            }
            | Self::NoSpace { .. } => "no_space",
            Self::Guard {
                source: GuardError::Escapes { .. },
                ..
            } => "archive_escapes",
            Self::Guard { .. } => "archive_damaged",
            Self::Rewrite { .. } => "archive_incomplete",
            Self::Taken { .. } => "reference_taken",
            Self::Several { .. } => "several_images",
            Self::Engine { source, .. } => source.code(),
            Self::EndedEarly { .. } => "engine_ended_early",
            Self::Unusable { .. } => "image_unusable",
            Self::Fault { .. } => "internal",
            Self::Cancelled => "cancelled",
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Reference { source, .. } => source.hints(),
            Self::Images(source) => source.hints(),
            Self::Kind { known, .. } => vec![format!("Known kinds: {}.", known.join(", "))],
            Self::Engine { source, .. } if !source.hints().is_empty() => source.hints(),
            Self::Inspect { source: InspectError::Foreign(foreign), .. } => vec![foreign.advice.to_owned()],
            Self::Rewrite { source: RewriteError::Manifest(ManifestError::Platform { .. }), .. } => {
                vec!["Get the archive for this architecture, or use an engine of the archive's.".to_owned()]
            }
            Self::Taken { otherwise, .. } => vec![
                "Replace it (lw: --replace): the name moves to the new image, and the old one stays without a name.".to_owned(),
                (*otherwise).to_owned(),
            ],
            Self::Download(DownloadError::Status { status, .. }) => vec![advice_on_status(status.as_u16()).to_owned()],
            other => other.fixed_hint().map(str::to_owned).into_iter().collect(),
        }
    }

    fn fixed_hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Inspect {
                source: InspectError::NoImage { .. } | InspectError::Undecided { .. },
                ..
            } => {
                "An image is the packed root folder of a Linux system, or what `docker save` writes."
            }
            Self::Inspect {
                source: InspectError::Unknown,
                ..
            } => "Compare the file's size and checksum with the vendor's.",
            Self::Inspect {
                source: InspectError::Read(_),
                ..
            }
            | Self::Corrupt { .. }
            | Self::Decode { .. }
            | Self::Rewrite { .. }
            | Self::Guard {
                source: GuardError::CutShort { .. } | GuardError::Damaged { .. },
                ..
            } => "Download the file again, and compare its size and checksum with the vendor's.",
            Self::Guard {
                source: GuardError::Escapes { .. },
                ..
            } => "No root file system needs such a name. Do not trust this file.",
            Self::Guard { .. } | Self::NoSpace { .. } => {
                "Make room where the engine keeps its images: remove images that no lab needs."
            }
            Self::Sha256 { .. } => "Download it again from the vendor, or correct the checksum.",
            Self::Sha256Form { .. } => "Copy the checksum again; sha256sum prints one.",
            Self::File(FileError::Open { .. }) => "Check the path, and that you may read the file.",
            Self::File(FileError::NotAFile { .. }) => "Give the archive file itself.",
            Self::File(FileError::Read { .. }) => {
                "Check the disk that holds the file, and try again."
            }
            Self::File(FileError::Changed { .. }) | Self::EntryGone { .. } => {
                "Wait until it is written completely, then import it again."
            }
            Self::Download(_) => "Check the URL and the network, then retry.",
            Self::Url { .. } => "A URL begins with http:// or https://.",
            Self::SameEngine { .. } => {
                "Name another one (lw: --to); lw engine list shows those that answer. lw images tag \
                 gives an image another name in the same engine."
            }
            Self::Several { .. } => {
                "Give no name (lw: leave --as away): the images keep the archive's names."
            }
            Self::Engine { .. } | Self::EndedEarly { .. } | Self::Unusable { .. } => {
                "Look into the engine's own log, then retry."
            }
            Self::Fault { .. } => "Please report it, with the log.",
            _ => return None,
        })
    }

    /// The failure in the form that crosses into events and the history.
    pub fn report(&self) -> ErrorReport {
        self.hints()
            .into_iter()
            .fold(ErrorReport::of(self.code(), self), ErrorReport::with_hint)
    }
}

fn advice_on_status(status: u16) -> &'static str {
    match status {
        401 | 403 => "It needs a login. Download it with the browser, and import the file.",
        404 | 410 => "Check the URL: there is nothing at this address.",
        429 => "The server asks for patience. Wait a while, then retry.",
        500.. => "The server has a problem. Retry later.",
        _ => "Open the URL with a browser to see what it is.",
    }
}

/// What a mismatch of architectures means for the user; none where the image will run.
pub(crate) fn architecture_warning(image: Option<Architecture>, engine: &str) -> Option<String> {
    let image = image?;
    let runs = image.to_string() == engine
        || matches!(
            (image, engine),
            (Architecture::I386, "amd64") | (Architecture::Arm, "arm64")
        );
    (!runs).then(|| {
        format!("the image is for {image} and the engine runs {engine}: its containers start only if the engine's machine emulates {image}")
    })
}
