//! How one request to an engine failed.

use std::{error::Error, io};

/// How one request failed, whichever client sent it.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The engine answered with an error. The message is the engine's, whole.
    #[error("{message} (status {status})")]
    Answered {
        /// The HTTP status.
        status: u16,
        /// The engine's message.
        message: String,
    },
    /// The engine accepted the request, and reported an error in the middle of its answer.
    #[error("{message}")]
    Reported {
        /// The engine's message, whole.
        message: String,
    },
    /// The connection could not be made, or broke.
    #[error("the connection failed")]
    Broken {
        /// What the connection said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The answer could not be understood.
    #[error("the answer cannot be understood")]
    Unreadable {
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl RequestError {
    pub(crate) fn broken(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Broken {
            source: source.into(),
        }
    }

    pub(crate) fn unreadable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unreadable {
            source: source.into(),
        }
    }

    /// The HTTP status, if the engine answered with one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The engine's message, if it answered.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Answered { message, .. } | Self::Reported { message } => Some(message),
            _ => None,
        }
    }

    /// True where the engine says that its disk is full; the words are the kernel's.
    pub fn is_disk_full(&self) -> bool {
        const WORDS: &[&str] = &["no space left on device", "disk quota exceeded"];
        let message = self.message().unwrap_or_default().to_lowercase();
        WORDS.iter().any(|words| message.contains(words))
    }

    /// True where the engine looked at an interface of its host, and somebody took that away meanwhile. The words are Go's:
    /// Podman looks at all of them before it makes a network.
    pub(crate) fn is_interface_gone(&self) -> bool {
        let message = self.message().unwrap_or_default();
        message.contains("route ip+net: no such network interface")
    }

    /// The system's word on the failure, somewhere in the chain of causes.
    pub(crate) fn io_kind(&self) -> Option<io::ErrorKind> {
        let mut next = self.source();
        while let Some(error) = next {
            if let Some(io) = error.downcast_ref::<io::Error>() {
                // Clients wrap one i/o error in another; the innermost is the system's.
                let inner = io
                    .get_ref()
                    .and_then(|inner| inner.downcast_ref::<io::Error>());
                return Some(inner.unwrap_or(io).kind());
            }
            next = error.source();
        }
        None
    }
}

impl From<bollard::errors::Error> for RequestError {
    fn from(error: bollard::errors::Error) -> Self {
        use bollard::errors::Error as E;
        match error {
            E::DockerResponseServerError {
                status_code,
                message,
            } => Self::Answered {
                status: status_code,
                message,
            },
            E::DockerStreamError { error } => Self::Reported { message: error },
            E::JsonDataError { .. } | E::JsonSerdeError { .. } | E::StrParseError { .. } => {
                Self::unreadable(error)
            }
            error => Self::broken(error),
        }
    }
}

impl From<reqwest::Error> for RequestError {
    /// JSON is read apart from this, so that every failure is the connection's. The URL is ours and
    /// says nothing to people: it is left out.
    fn from(error: reqwest::Error) -> Self {
        Self::broken(error.without_url())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_recognised_in_any_wrapping() {
        let full = "write /data/x: No space left on device";
        assert!(
            RequestError::Answered {
                status: 500,
                message: full.into()
            }
            .is_disk_full()
        );
        assert!(
            RequestError::Reported {
                message: full.into()
            }
            .is_disk_full()
        );
        assert!(
            !RequestError::Reported {
                message: "invalid tar header".into()
            }
            .is_disk_full()
        );
    }

    #[test]
    fn an_interface_that_went_is_told_from_one_that_is_not_there() {
        let says = |message: &str| RequestError::Answered {
            status: 500,
            message: message.to_owned(),
        };
        assert!(says("route ip+net: no such network interface").is_interface_gone());
        assert!(!says("Link not found: no such network interface").is_interface_gone());
    }

    #[test]
    fn the_systems_word_is_found_in_the_chain() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let wrapped = io::Error::other(refused);
        let error = RequestError::broken(wrapped);
        assert_eq!(error.io_kind(), Some(io::ErrorKind::ConnectionRefused));
    }
}
