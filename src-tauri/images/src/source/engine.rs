//! Images of an engine, read as the archive that it makes of them.

use super::pieces::Pieces;
use bytes::Bytes;
use futures_util::StreamExt;
use labwright_engine::{Engine, EngineError, ImageArchive, ReferenceError};
use labwright_jobs::CancelToken;
use std::fmt::Write as _;
use std::io::{self, Read};
use thiserror::Error;
use tokio::sync::mpsc;

/// Pieces that wait between the engine and the thread that reads them; a piece is what one read of
/// the connection gave, some 100 KiB.
const BUFFERED: usize = 16;

/// An engine did not give images.
#[derive(Debug, Error)]
pub enum EngineSourceError {
    /// A reference is not valid.
    #[error("`{reference}` cannot be an image's reference")]
    Reference {
        /// As it was given.
        reference: String,
        /// What is wrong.
        #[source]
        source: ReferenceError,
    },
    /// Images are not there.
    #[error("{engine} has no image {}", list(missing.iter().map(|missing| &missing.reference)))]
    Missing {
        /// The engine.
        engine: String,
        /// Each of them.
        missing: Vec<MissingImage>,
    },
    /// An id was given, or part of one: an archive gives images by their names.
    #[error("{given} is no name of the image {id} in {engine}")]
    NotAName {
        /// The engine.
        engine: String,
        /// As it was given.
        given: String,
        /// The image's short id.
        id: String,
        /// The names that the image has.
        names: Vec<String>,
    },
    /// The engine failed, or went away.
    #[error("{images} cannot be read from {engine}")]
    Engine {
        /// The engine.
        engine: String,
        /// The images' names.
        images: String,
        /// Why.
        #[source]
        source: Box<EngineError>,
    },
}

/// An image that was asked for and is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingImage {
    /// As it was asked for.
    pub reference: String,
    /// What there is of the same repository.
    pub alike: Vec<String>,
}

impl EngineSourceError {
    /// A stable name for the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reference { source, .. } => source.code(),
            Self::Missing { .. } => "engine_image_missing",
            Self::NotAName { .. } => "not_a_name",
            Self::Engine { source, .. } => source.code(),
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Reference { source, .. } => source.hints(),
            Self::Missing { missing, .. } => missing.iter().map(MissingImage::hint).collect(),
            Self::NotAName { given, names, .. } if names.is_empty() => vec![format!(
                "Give the image a name first: lw images tag {given} NAME."
            )],
            Self::NotAName { names, .. } => {
                vec![format!("Ask for it by its name: {}.", names.join(", "))]
            }
            Self::Engine { source, .. } if !source.hints().is_empty() => source.hints(),
            Self::Engine { .. } => vec!["Look into the engine's own log, then retry.".to_owned()],
        }
    }
}

impl MissingImage {
    fn hint(&self) -> String {
        if self.alike.is_empty() {
            return format!(
                "{}: lw images list shows the images that are there.",
                self.reference
            );
        }
        format!("{}: there is {}.", self.reference, list(&self.alike))
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let items: Vec<_> = items.into_iter().collect();
    let mut text = String::new();
    for (at, item) in items.iter().enumerate() {
        let before = match at {
            0 => "",
            at if at + 1 == items.len() => " and ",
            _ => ", ",
        };
        // Writing to memory does not fail.
        let _ = write!(text, "{before}{}", item.as_ref());
    }
    text
}

/// A running archive of images. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct EngineImages {
    pieces: Pieces<EngineSourceError>,
}

impl EngineImages {
    /// Asks `engine` for the images of these names, in its own words, and reads on in the background
    /// until `cancel`. Engines that pack first answer only after that.
    pub(crate) async fn start(
        engine: &Engine,
        names: &[String],
        cancel: CancelToken,
    ) -> Result<Self, EngineSourceError> {
        let (title, images) = (engine.title().to_owned(), list(names));
        let failed = move |source| EngineSourceError::Engine {
            engine: title.clone(),
            images: images.clone(),
            source: Box::new(source),
        };
        let archive = engine.save(names).await.map_err(&failed)?;
        let (sender, pieces) = mpsc::channel(BUFFERED);
        tokio::spawn(async move {
            tokio::select! {
                () = hand_on(archive, failed, sender) => {}
                _ = cancel.cancelled() => {}
            }
        });
        let pieces = Pieces::new(pieces);
        Ok(Self { pieces })
    }
}

async fn hand_on(
    mut archive: ImageArchive,
    failed: impl Fn(EngineError) -> EngineSourceError,
    sender: mpsc::Sender<Result<Bytes, EngineSourceError>>,
) {
    while let Some(piece) = archive.next().await {
        if sender.send(piece.map_err(&failed)).await.is_err() {
            return;
        }
    }
}

impl Read for EngineImages {
    /// Blocks: only for threads that may.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.pieces.read(buffer)
    }
}
