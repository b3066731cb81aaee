//! What can go wrong with links.

use crate::kinds::PortError;
use crate::patchbay::PatchbayError;
use crate::running::LabError;
use labwright_engine::EngineError;
use labwright_jobs::ErrorReport;
use labwright_patchbay::EndNameError;
use thiserror::Error;

/// Why a link was not changed, or not listened to.
#[derive(Debug, Error)]
pub enum LinkError {
    /// The lab or the node is not what was thought.
    #[error(transparent)]
    Lab(Box<LabError>),
    /// The patchbay refused, or cannot be reached.
    #[error(transparent)]
    Patchbay(Box<PatchbayError>),
    /// Nobody holds the links.
    #[error("the patchbay of lab {lab} does not run")]
    Stopped {
        /// The lab.
        lab: String,
    },
    /// The text names no end.
    #[error(transparent)]
    End(#[from] EndNameError),
    /// The node's kind has no such port.
    #[error("{end} of lab {lab} is no end of a link")]
    Port {
        /// The lab.
        lab: String,
        /// As it was given.
        end: String,
        /// The node's ports, by their Linux names.
        ports: Vec<String>,
        /// Why.
        #[source]
        source: Box<PortError>,
    },
    /// The engine did not start the capture, or went away.
    #[error("what passes {end} of lab {lab} cannot be heard")]
    Engine {
        /// The lab.
        lab: String,
        /// The end.
        end: String,
        /// What the engine said.
        #[source]
        source: Box<EngineError>,
    },
    /// The capture ended by itself.
    #[error("the capture of {end} of lab {lab} ended: {said}")]
    Ended {
        /// The lab.
        lab: String,
        /// The end.
        end: String,
        /// What it said.
        said: String,
    },
    /// What came is no capture.
    #[error("the capture of {end} of lab {lab} is not in the format pcapng")]
    Format {
        /// The lab.
        lab: String,
        /// The end.
        end: String,
    },
}

impl LinkError {
    /// A stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Lab(error) => error.code(),
            Self::Patchbay(error) => error.code(),
            Self::Stopped { .. } => "patchbay_stopped",
            Self::End(_) => "link_end_invalid",
            Self::Port { .. } => "link_end_unknown",
            Self::Engine { source, .. } => source.code(),
            Self::Ended { .. } => "capture_ended",
            Self::Format { .. } => "capture_format",
        }
    }

    /// For people and programs.
    pub fn report(&self) -> ErrorReport {
        let report = match self {
            Self::Lab(error) => error.report(),
            Self::Patchbay(error) => error.report(),
            _ => ErrorReport::of(self.code(), self),
        };
        self.hints()
            .into_iter()
            .fold(report, ErrorReport::with_hint)
    }

    /// Beside those of what it passes on.
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Stopped { lab } => vec![format!("lw lab start {lab} starts it.")],
            Self::Port { ports, source, .. } => {
                let known =
                    (!ports.is_empty()).then(|| format!("Its ports: {}.", ports.join(", ")));
                accepted(source).into_iter().chain(known).collect()
            }
            Self::Engine { source, .. } => source.hints(),
            Self::Ended { lab, .. } => {
                vec![format!(
                    "lw link list {lab} shows whether the end is still there."
                )]
            }
            Self::Lab(_) | Self::Patchbay(_) | Self::End(_) | Self::Format { .. } => Vec::new(),
        }
    }
}

impl From<LabError> for LinkError {
    fn from(error: LabError) -> Self {
        Self::Lab(Box::new(error))
    }
}

impl From<PatchbayError> for LinkError {
    fn from(error: PatchbayError) -> Self {
        Self::Patchbay(Box::new(error))
    }
}

fn accepted(error: &PortError) -> Option<String> {
    match error {
        PortError::Unknown { help, .. } | PortError::Low { help, .. } => {
            Some(format!("This kind of node has {help}."))
        }
        PortError::Management { .. } | PortError::Name(_) => None,
    }
}
