//! Why a pull failed, and what the user can do about it.

use labwright_engine::{EngineError, ReferenceError};
use labwright_jobs::ErrorReport;
use labwright_registry::{PlatformError, RegistryError};
use thiserror::Error;

/// Why an image could not be pulled.
#[derive(Debug, Error)]
pub enum PullError {
    /// What was asked for is no image's name.
    #[error("`{reference}` cannot be an image's reference")]
    Reference {
        /// As it was given.
        reference: String,
        /// What is wrong.
        #[source]
        source: ReferenceError,
    },
    /// What was asked for is no platform.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// The registry will not give it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The engine failed, or what it asked the registry.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The engine says that it has the image, and it is not what the registry has.
    #[error("{engine} pulled {reference}, and what it has now is not usable: {why}")]
    Unusable {
        /// The engine.
        engine: String,
        /// The image.
        reference: String,
        /// Why.
        why: String,
    },
    /// It was cancelled.
    #[error("the pull was cancelled")]
    Cancelled,
}

impl PullError {
    /// A stable name for the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reference { source, .. } => source.code(),
            Self::Platform(error) => error.code(),
            Self::Registry(error) => error.code(),
            Self::Engine(error) => error.code(),
            Self::Unusable { .. } => "image_unusable",
            Self::Cancelled => "cancelled",
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Reference { source, .. } => source.hints(),
            Self::Platform(error) => error.hints(),
            Self::Registry(error) => error.hints(),
            Self::Engine(error) => error.hints(),
            Self::Unusable { .. } => {
                vec!["Pull it again. If it stays so, look into the engine's own log.".to_owned()]
            }
            Self::Cancelled => Vec::new(),
        }
    }

    /// The failure in the form that crosses into events and the history.
    pub fn report(&self) -> ErrorReport {
        self.hints()
            .into_iter()
            .fold(ErrorReport::of(self.code(), self), ErrorReport::with_hint)
    }
}
