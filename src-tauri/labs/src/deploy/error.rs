//! How a deployment can fail.

use crate::patchbay::PatchbayError;
use crate::plan::PlanError;
use crate::topology::TopologyError;
use crate::up::NodeCause;
use labwright_engine::EngineError;
use labwright_jobs::{ErrorReport, Failure};
use std::path::PathBuf;
use thiserror::Error;

/// Why a lab was not deployed.
#[derive(Debug, Error)]
pub enum DeployError {
    /// The topology's file cannot be read.
    #[error("cannot read {}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The topology is wrong.
    #[error("{} has {} mistakes", file.display(), source.errors().count())]
    Topology {
        /// The file.
        file: PathBuf,
        /// All of them.
        source: Box<TopologyError>,
    },
    /// Something is in the way.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The engine refused something that is no node's.
    #[error("lab {lab} stopped at {step}")]
    Engine {
        /// The lab.
        lab: String,
        /// What was being done.
        step: String,
        /// What the engine said.
        #[source]
        source: Box<EngineError>,
    },
    /// An image could not be brought.
    #[error("image {reference} of lab {lab} was not {brought}")]
    Image {
        /// The lab.
        lab: String,
        /// The image.
        reference: String,
        /// How it was to come: pulled or imported.
        brought: &'static str,
        /// Why.
        report: Box<ErrorReport>,
    },
    /// The links could not be made.
    #[error("lab {lab} could not be wired")]
    Wiring {
        /// The lab.
        lab: String,
        /// Why.
        #[source]
        source: PatchbayError,
    },
    /// Nodes failed; the others run.
    #[error("{}", nodes_in_words(lab, failed))]
    Nodes {
        /// The lab.
        lab: String,
        /// Which, and why.
        failed: Vec<NodeError>,
    },
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
}

/// Why a node does not run.
#[derive(Debug, Error)]
#[error("node {node} failed at {step}")]
pub struct NodeError {
    /// The node.
    pub node: String,
    /// What was being done.
    pub step: &'static str,
    /// Why.
    #[source]
    pub cause: NodeCause,
}

impl DeployError {
    /// A stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "topology_unreadable",
            Self::Topology { source, .. } => source.code(),
            Self::Plan(error) => error.code(),
            Self::Engine { source, .. } => source.code(),
            Self::Image { .. } => "lab_image",
            Self::Wiring { source, .. } => source.code(),
            Self::Nodes { failed, .. } => failed.first().map_or("lab_nodes", |it| it.cause.code()),
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether what is wrong is only that nodes did not get ready.
    pub(super) fn leaves_it_running(&self) -> bool {
        let Self::Nodes { failed, .. } = self else {
            return false;
        };
        failed.iter().all(|node| node.cause.leaves_it_running())
    }

    /// For people and programs.
    pub fn report(&self) -> ErrorReport {
        let mut report = ErrorReport::of(self.code(), self);
        match self {
            Self::Plan(error) => return error.report(),
            Self::Topology { source, .. } => {
                for problem in source.errors() {
                    report = report.with_cause(problem.to_string());
                }
            }
            Self::Image { report: why, .. } => {
                report = report.with_cause(why.in_one_line());
                report.hints.extend(why.hints.iter().cloned());
            }
            Self::Engine { source, .. } => report.hints.extend(source.hints()),
            Self::Wiring { source, .. } => {
                report.hints.extend(source.hints());
            }
            Self::Nodes { failed, lab } => {
                for node in failed {
                    let of_node = ErrorReport::of("node", node);
                    report = report.with_cause(of_node.in_one_line());
                    for hint in node.cause.hints() {
                        if !report.hints.contains(&hint) {
                            report.hints.push(hint);
                        }
                    }
                }
                if self.leaves_it_running()
                    && let Some(NodeError { node, .. }) = failed.first()
                {
                    report = report.with_hint(format!(
                        "The lab was kept to be looked at: lw lab doctor {lab}, lw logs {lab} {node}, lw lab destroy {lab}."
                    ));
                }
            }
            Self::File { .. } | Self::Cancelled => {}
        }
        report
    }
}

impl From<DeployError> for Failure {
    fn from(error: DeployError) -> Self {
        match error {
            DeployError::Cancelled => Self::Cancelled,
            error => Self::Failed(error.report()),
        }
    }
}

fn nodes_in_words(lab: &str, failed: &[NodeError]) -> String {
    match failed {
        [only] => format!("node {} of lab {lab} failed at {}", only.node, only.step),
        several => format!("{} nodes of lab {lab} failed", several.len()),
    }
}
