//! What can go wrong with a lab's patchbay.

use labwright_engine::EngineError;
use labwright_jobs::ErrorReport;
use labwright_patchbay::{Problem, ProblemCode};
use thiserror::Error;

/// A patchbay could not be spoken to, or did not do what it was asked.
#[derive(Debug, Error)]
pub enum PatchbayError {
    /// The engine did not let us.
    #[error("the patchbay of lab {lab} cannot be reached")]
    Engine {
        /// The lab.
        lab: String,
        /// What the engine said.
        #[source]
        source: Box<EngineError>,
    },
    /// The program's image could not be brought into the engine.
    #[error("the patchbay's image cannot be brought into the engine")]
    Image {
        /// Why.
        #[source]
        source: Box<EngineError>,
    },
    /// This build has no program for the engine's processor.
    #[error("this Labwright has no patchbay for {architecture}")]
    Architecture {
        /// The engine's.
        architecture: String,
    },
    /// The lab has no patchbay.
    #[error("lab {lab} has no patchbay")]
    Missing {
        /// The lab.
        lab: String,
    },
    /// The program ended, or never answered.
    #[error("the patchbay of lab {lab} does not answer: {said}")]
    Silent {
        /// The lab.
        lab: String,
        /// What it printed last.
        said: String,
    },
    /// It refused.
    #[error("{}", first(problems))]
    Refused {
        /// The lab.
        lab: String,
        /// Everything that it found wrong.
        problems: Vec<Problem>,
    },
    /// It answered something else than was asked.
    #[error("the patchbay of lab {lab} is of another version")]
    Version {
        /// The lab.
        lab: String,
    },
}

impl PatchbayError {
    /// A stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Engine { source, .. } | Self::Image { source } => source.code(),
            Self::Architecture { .. } => "patchbay_architecture",
            Self::Missing { .. } => "patchbay_missing",
            Self::Silent { .. } => "patchbay_silent",
            Self::Refused { problems, .. } => problems.first().map_or("patchbay_refused", code),
            Self::Version { .. } => "patchbay_version",
        }
    }

    /// What the user can do.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Engine { source, .. } | Self::Image { source } => source.hints(),
            Self::Architecture { .. } => {
                vec!["Use an engine with this machine's own processor.".to_owned()]
            }
            Self::Missing { lab } | Self::Silent { lab, .. } | Self::Version { lab } => {
                vec![format!(
                    "lw lab deploy makes it anew; lw lab doctor {lab} says what else is wrong."
                )]
            }
            Self::Refused { problems, .. } => problems.iter().filter_map(hint).collect(),
        }
    }

    /// For people and programs.
    pub fn report(&self) -> ErrorReport {
        let mut report = ErrorReport::of(self.code(), self);
        if let Self::Refused { problems, .. } = self {
            for problem in problems.iter().skip(1) {
                report = report.with_cause(problem.to_string());
            }
        }
        let hints = self.hints().into_iter();
        hints.fold(report, ErrorReport::with_hint)
    }
}

fn first(problems: &[Problem]) -> String {
    problems
        .first()
        .map_or_else(|| "the patchbay refused".to_owned(), ToString::to_string)
}

fn code(problem: &Problem) -> &'static str {
    match problem.code {
        ProblemCode::Duplicate => "link_duplicate",
        ProblemCode::EndUnknown => "link_end_unknown",
        ProblemCode::EndNotLinked => "link_end_not_linked",
        ProblemCode::NodeUnknown => "link_node_unknown",
        ProblemCode::InterfaceExists => "link_interface_exists",
        ProblemCode::HostInterfaceMissing => "link_host_interface_missing",
        ProblemCode::KernelWithoutNetem => "kernel_without_netem",
        ProblemCode::KernelWithoutModule => "kernel_without_module",
        ProblemCode::ImpairmentInvalid => "link_impairment_invalid",
        _ => "patchbay_refused",
    }
}

fn hint(problem: &Problem) -> Option<String> {
    let hint = match problem.code {
        ProblemCode::KernelWithoutNetem => {
            "On the engine's machine: sudo modprobe sch_netem. Some cloud kernels do not have it; a rate alone works \
             without."
        }
        ProblemCode::EndUnknown | ProblemCode::EndNotLinked => {
            "lw link list shows every port and link of a lab."
        }
        ProblemCode::InterfaceExists => {
            "Rename the port in the topology, or remove the interface in the node."
        }
        _ => return None,
    };
    Some(hint.to_owned())
}
