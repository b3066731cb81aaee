//! What can go wrong with a lab that is there.

use crate::patchbay::PatchbayError;
use crate::up::NodeCause;
use labwright_engine::EngineError;
use labwright_jobs::{ErrorReport, Failure};
use thiserror::Error;

/// Why something was not done to a lab.
#[derive(Debug, Error)]
pub enum LabError {
    /// The engine has no such lab.
    #[error("there is no lab {lab} in {engine}{}", near(suggestion.as_deref()))]
    Unknown {
        /// The name that was given.
        lab: String,
        /// The engine.
        engine: String,
        /// A lab of nearly that name.
        suggestion: Option<String>,
    },
    /// The lab has no such node.
    #[error("lab {lab} has no node {node}{}", near(suggestion.as_deref()))]
    NodeUnknown {
        /// The lab.
        lab: String,
        /// The name that was given.
        node: String,
        /// A node of nearly that name.
        suggestion: Option<String>,
    },
    /// Another tool deployed it.
    #[error("lab {lab} was deployed by another tool")]
    NotOurs {
        /// The lab.
        lab: String,
    },
    /// The engine did not tell, or did not do it.
    #[error("lab {lab}: {action} failed")]
    Engine {
        /// The lab.
        lab: String,
        /// What was being done.
        action: &'static str,
        /// What the engine said.
        #[source]
        source: Box<EngineError>,
    },
    /// The engine did not list its labs.
    #[error("the labs of the engine are not known")]
    List {
        /// What the engine said.
        #[source]
        source: Box<EngineError>,
    },
    /// Some parts failed; all others were gone through.
    #[error("{action} failed for {} of lab {lab}", parts(failed))]
    Parts {
        /// The lab.
        lab: String,
        /// What was being done.
        action: &'static str,
        /// The parts, and why.
        failed: Vec<(String, PartError)>,
    },
    /// The kind has no such command.
    #[error("nodes of kind {kind} have no {what}")]
    NoSuchCommand {
        /// The kind.
        kind: String,
        /// What they do not have.
        what: &'static str,
    },
    /// Its patchbay could not be asked.
    #[error(transparent)]
    Patchbay(#[from] PatchbayError),
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
}

/// Why one part failed.
#[derive(Debug, Error)]
pub enum PartError {
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// It did not come up.
    #[error(transparent)]
    Up(#[from] NodeCause),
}

impl PartError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Engine(error) => error.hints(),
            Self::Up(cause) => cause.hints(),
        }
    }
}

impl LabError {
    /// A stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "lab_unknown",
            Self::NodeUnknown { .. } => "node_unknown",
            Self::NotOurs { .. } => "lab_not_ours",
            Self::Engine { source, .. } | Self::List { source } => source.code(),
            Self::Parts { .. } => "lab_parts",
            Self::NoSuchCommand { .. } => "kind_without_command",
            Self::Patchbay(error) => error.code(),
            Self::Cancelled => "cancelled",
        }
    }

    /// For people and programs.
    pub fn report(&self) -> ErrorReport {
        let mut report = ErrorReport::of(self.code(), self);
        match self {
            Self::Unknown { .. } => report
                .hints
                .push("lw lab list shows the labs that are there.".to_owned()),
            Self::NodeUnknown { lab, .. } => {
                report
                    .hints
                    .push(format!("lw lab inspect {lab} shows its nodes."));
            }
            Self::NotOurs { .. } => {
                report.hints.push(
                    "Use the tool that deployed it; its nodes can be looked at here.".to_owned(),
                );
            }
            Self::Engine { source, .. } | Self::List { source } => {
                report.hints.extend(source.hints());
            }
            Self::Patchbay(error) => return error.report(),
            Self::Parts { failed, .. } => {
                for (part, error) in failed {
                    let of_part = ErrorReport::of("part", error).in_one_line();
                    report = report.with_cause(format!("{part}: {of_part}"));
                    let hints = error.hints().into_iter();
                    let new = hints.filter(|hint| !report.hints.contains(hint));
                    let new: Vec<_> = new.collect();
                    report.hints.extend(new);
                }
            }
            Self::NoSuchCommand { .. } | Self::Cancelled => {}
        }
        report
    }
}

impl From<LabError> for Failure {
    fn from(error: LabError) -> Self {
        match error {
            LabError::Cancelled => Self::Cancelled,
            error => Self::Failed(error.report()),
        }
    }
}

fn near(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

fn parts(failed: &[(String, PartError)]) -> String {
    let names: Vec<&str> = failed.iter().map(|(part, _)| part.as_str()).collect();
    names.join(", ")
}
