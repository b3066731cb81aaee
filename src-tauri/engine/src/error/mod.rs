//! What can fail between us and an engine: one variant per action, with the object and the cause.

mod action;
mod hints;
mod request;

use std::{io, path::PathBuf, sync::Arc};

pub use action::Action;
pub use request::RequestError;

use crate::Engine;

/// An engine could not be reached, or refused what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no socket at the address.
    #[error("no engine listens at {address}: there is no such socket")]
    SocketMissing {
        /// The engine's address.
        address: String,
    },
    /// The socket belongs to somebody else.
    #[error("permission to talk to the engine at {address} is denied")]
    PermissionDenied {
        /// The engine's address.
        address: String,
        /// What the system said.
        #[source]
        source: RequestError,
    },
    /// The socket or port is there, and nothing listens.
    #[error("the engine at {address} is not running: the connection was refused")]
    ConnectionRefused {
        /// The engine's address.
        address: String,
        /// What the system said.
        #[source]
        source: RequestError,
    },
    /// The address could not be connected to for another reason.
    #[error("cannot connect to the engine at {address}")]
    Unreachable {
        /// The engine's address.
        address: String,
        /// What the connection said.
        #[source]
        source: RequestError,
    },
    /// Something answers, but it is no engine.
    #[error("what answers at {address} is neither Docker nor Podman")]
    NotAnEngine {
        /// The address.
        address: String,
        /// What it answered.
        #[source]
        source: RequestError,
    },
    /// The connection was accepted, and then nothing came.
    #[error("the engine at {address} does not answer (waited {seconds} s)")]
    NoAnswer {
        /// The engine's address.
        address: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The way through SSH failed: there is no such host, it let nobody in, it has no engine, or it broke.
    #[error("the engine at {address} was asked to {action}, and the connection over SSH failed")]
    Ssh {
        /// The engine's address.
        address: String,
        /// What was being done, `import ceos:4.35.1F`.
        action: String,
        /// What the connection said.
        #[source]
        source: Arc<io::Error>,
    },
    /// Nobody is there who opens connections over SSH.
    #[error("{address} is an engine over SSH, and this system cannot reach those")]
    SshUnavailable {
        /// The engine's address.
        address: String,
    },
    /// The socket through which an engine over SSH is reached could not be made.
    #[error("cannot make a socket on this machine for the engine at {address}")]
    Tunnel {
        /// The engine's address.
        address: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A certificate or key could not be read.
    #[error("cannot read {} to talk to the engine at {address}", path.display())]
    TlsFile {
        /// The engine's address.
        address: String,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The address wants TLS, and nobody said where the certificates are.
    #[error("the engine at {address} needs TLS, and there are no certificates for it")]
    TlsFilesUnknown {
        /// The engine's address.
        address: String,
    },
    /// The client could not be made: bad certificates, or a path the system cannot use.
    #[error("cannot prepare a connection to the engine at {address}")]
    Client {
        /// The engine's address.
        address: String,
        /// Why.
        #[source]
        source: RequestError,
    },
    /// The list of images was refused.
    #[error("engine {engine} did not list its images")]
    ListImages {
        /// The engine's name.
        engine: String,
        /// Its answer.
        #[source]
        source: RequestError,
    },
    /// What the engine was told about registries could not be read.
    #[error("engine {engine} did not tell its registries")]
    Registries {
        /// The engine's name.
        engine: String,
        /// Its answer.
        #[source]
        source: RequestError,
    },
    /// The list of containers was refused.
    #[error("engine {engine} did not list its containers")]
    ListContainers {
        /// The engine's name.
        engine: String,
        /// Its answer.
        #[source]
        source: RequestError,
    },
    /// An image could not be inspected.
    #[error("engine {engine} did not describe image {image}")]
    InspectImage {
        /// The engine's name.
        engine: String,
        /// The image's name or id.
        image: String,
        /// The engine's answer.
        #[source]
        source: RequestError,
    },
    /// An image could not be given a name.
    #[error("engine {engine} did not tag {image} as {reference}")]
    TagImage {
        /// The engine's name.
        engine: String,
        /// The image's name or id.
        image: String,
        /// The new name.
        reference: String,
        /// The engine's answer.
        #[source]
        source: RequestError,
    },
    /// A name could not be taken from its image.
    #[error("engine {engine} did not remove the name {reference}")]
    UntagImage {
        /// The engine's name.
        engine: String,
        /// The name.
        reference: String,
        /// The engine's answer.
        #[source]
        source: RequestError,
    },
    /// An image could not be removed.
    #[error("engine {engine} did not remove image {image}")]
    RemoveImage {
        /// The engine's name.
        engine: String,
        /// The image's name or id.
        image: String,
        /// The engine's answer.
        #[source]
        source: RequestError,
    },
    /// The image is not there.
    #[error("engine {engine} has no image {image}")]
    ImageMissing {
        /// The engine's name.
        engine: String,
        /// The image's name or id.
        image: String,
    },
    /// Containers use the image.
    #[error("image {image} is used by {}", names(containers))]
    ImageInUse {
        /// The image's name or id.
        image: String,
        /// The containers' names, as far as the engine tells them.
        containers: Vec<String>,
    },
    /// The engine refused a root file system.
    #[error("engine {engine} refused to import {reference}")]
    ImportRefused {
        /// The engine's name.
        engine: String,
        /// The reference that the image should have had.
        reference: String,
        /// The engine's whole answer.
        #[source]
        source: RequestError,
    },
    /// The engine refused an archive of images.
    #[error("engine {engine} refused to load the archive")]
    LoadRefused {
        /// The engine's name.
        engine: String,
        /// Names that the engine reported before it refused: they can exist on broken images.
        left_behind: Vec<String>,
        /// The engine's whole answer.
        #[source]
        source: RequestError,
    },
    /// The engine did not pull an image.
    #[error("engine {engine} did not pull {reference}")]
    PullRefused {
        /// The engine's name.
        engine: String,
        /// The image.
        reference: String,
        /// The engine's words, or the registry's in its mouth.
        #[source]
        source: RequestError,
    },
    /// The engine did not give an archive of images, or ended it before it was whole.
    #[error("engine {engine} did not save {images}")]
    SaveRefused {
        /// The engine's name.
        engine: String,
        /// The images' names.
        images: String,
        /// The engine's whole answer.
        #[source]
        source: RequestError,
    },
    /// The engine ended an import without an error and without an id.
    #[error("engine {engine} ended the import of {reference} without an image's id")]
    NoImageId {
        /// The engine's name.
        engine: String,
        /// The reference.
        reference: String,
        /// The engine's answer.
        answer: String,
    },
    /// The stream that was to be sent failed; the connection was broken off.
    #[error("what was sent to engine {engine} could not be read on")]
    UploadSource {
        /// The engine's name.
        engine: String,
        /// What the stream said.
        #[source]
        source: io::Error,
    },
    /// The engine's disk is full.
    #[error("engine {engine} has no space left on its disk to {action}")]
    DiskFull {
        /// The engine's name.
        engine: String,
        /// What was being done, `import ceos:4.35.1F`.
        action: String,
        /// The engine's whole answer.
        #[source]
        source: RequestError,
    },
    /// The connection broke in the middle: the engine stopped, or was stopped.
    #[error("engine {engine} went away while it was asked to {action}")]
    WentAway {
        /// The engine's name.
        engine: String,
        /// What was being done, `import ceos:4.35.1F`.
        action: String,
        /// What the connection said.
        #[source]
        source: RequestError,
    },
    /// Something with a container, a network or a volume was refused.
    #[error("engine {engine} did not {action}{}{object}", if object.is_empty() { "" } else { " " })]
    Refused {
        /// The engine's name.
        engine: String,
        /// What it was asked to do.
        action: Action,
        /// With what, by its name or id; empty for what has no object.
        object: String,
        /// The engine's whole answer.
        #[source]
        source: RequestError,
    },
    /// The folder for our Podman service could not be made.
    #[error("cannot prepare {} for Podman's service", path.display())]
    PodmanFolder {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Podman could not be started.
    #[error("cannot start {}", program.display())]
    PodmanStart {
        /// The program.
        program: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Podman's service ended, or did not answer.
    #[error("{} did not become an engine: {output}", program.display())]
    PodmanService {
        /// The program.
        program: PathBuf,
        /// The last lines of its output.
        output: String,
    },
}

fn names(containers: &[String]) -> String {
    match containers {
        [] => "a container".to_owned(),
        names => format!("container {}", names.join(", ")),
    }
}

impl EngineError {
    /// Turns the failure of a request into the error of the action, unless it says more: that the
    /// disk is full, or that the engine is gone, or the way to it.
    pub(crate) fn of_request(
        asked: &Engine,
        action: impl FnOnce() -> String,
        source: RequestError,
        otherwise: impl FnOnce(RequestError) -> Self,
    ) -> Self {
        let engine = asked.title().to_owned();
        let way_failed = || asked.connection().way_failed();
        match source {
            source if source.is_disk_full() => Self::DiskFull {
                engine,
                action: action(),
                source,
            },
            source @ RequestError::Broken { .. } => match way_failed() {
                Some(source) => Self::ssh(asked.info().address.clone(), action(), source),
                None => Self::WentAway {
                    engine,
                    action: action(),
                    source,
                },
            },
            source => otherwise(source),
        }
    }

    pub(crate) fn ssh(address: String, action: impl Into<String>, source: Arc<io::Error>) -> Self {
        Self::Ssh {
            address,
            action: action.into(),
            source,
        }
    }

    /// Whether the engine cannot give a container the capabilities that it was to have: a machine that lacks some of them
    /// itself cannot run privileged containers.
    pub fn is_lack_of_capabilities(&self) -> bool {
        let Self::Refused { source, .. } = self else {
            return false;
        };
        let message = source.message().unwrap_or_default();
        message.contains("unable to apply caps") || message.contains("can't apply capabilities")
    }

    /// Whether what was asked for is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { source, .. } if source.status() == Some(404))
    }
}

impl Engine {
    /// The error of an action that the engine refused.
    pub(crate) fn refused(
        &self,
        action: Action,
        object: &str,
        source: RequestError,
    ) -> EngineError {
        let (engine, object) = (self.title().to_owned(), object.to_owned());
        let asked = || format!("{action} {object}").trim_end().to_owned();
        EngineError::of_request(self, asked, source, |source| EngineError::Refused {
            engine,
            action,
            object: object.clone(),
            source,
        })
    }
}
