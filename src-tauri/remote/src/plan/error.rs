//! Why a plan cannot be read or followed, and what the user can do about it.

use std::fmt;

use labwright_jobs::ErrorReport;
use thiserror::Error;

use super::text::listed;

/// How many problems a report tells one by one.
const MOST_TOLD: usize = 40;
/// What a plan may be.
const FORMATS: &str = "A plan is a CSV table with the columns Name and RepoUrl, a snapshot or a node list of ComfyUI-Manager, or \
     Labwright's own TOML with [[node]] entries.";

/// Why a plan cannot be read, or not followed as was asked.
#[derive(Debug, Error)]
pub enum PlanError {
    /// It is larger than any plan.
    #[error("{name} has {size} bytes, and a plan has at most {limit}")]
    TooLarge {
        /// The plan's file.
        name: String,
        /// Its size in bytes.
        size: usize,
        /// What is read.
        limit: usize,
    },
    /// It is not text in UTF-8.
    #[error("{name} is not text in UTF-8 from line {line} on")]
    NotText {
        /// The plan's file.
        name: String,
        /// The line of the first byte that is none.
        line: usize,
    },
    /// It is none of the formats.
    #[error("{name} is no plan: {found}")]
    UnknownFormat {
        /// The plan's file.
        name: String,
        /// What it looks like.
        found: String,
    },
    /// It begins as JSON, and is not, or not as a plan's.
    #[error("{name} cannot be read as JSON beyond line {}", source.line())]
    Json {
        /// The plan's file.
        name: String,
        /// What is wrong, and where.
        #[source]
        source: serde_json::Error,
    },
    /// What it says is wrong.
    #[error("{}", told(name, problems))]
    Problems {
        /// The plan's file.
        name: String,
        /// All that is wrong, in the order of lines; at least one.
        problems: Vec<PlanProblem>,
    },
    /// It names nothing to install.
    #[error("{name} names nothing to install")]
    Empty {
        /// The plan's file.
        name: String,
    },
    /// Nodes were asked for that it does not have.
    #[error("{plan} has no node called {}", quoted(nodes.iter().map(|node| &node.name)))]
    UnknownNodes {
        /// The plan's file.
        plan: String,
        /// What was asked for.
        nodes: Vec<UnknownNode>,
    },
    /// Nodes were asked for that cannot be installed.
    #[error("{} of {plan} cannot be installed", quoted(nodes.iter().map(|(name, _)| name)))]
    Obstacles {
        /// The plan's file.
        plan: String,
        /// Their names and why not.
        nodes: Vec<(String, String)>,
    },
    /// Two of the nodes that were asked for want the same folder.
    #[error("{} of {plan} want the same folder, `{folder}`", quoted(nodes))]
    SameFolder {
        /// The plan's file.
        plan: String,
        /// The folder.
        folder: String,
        /// The nodes' names.
        nodes: Vec<String>,
    },
    /// No node was asked for, and the plan chooses none.
    #[error("no node of {plan} is chosen")]
    NothingChosen {
        /// The plan's file.
        plan: String,
    },
}

/// One thing that is wrong in a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanProblem {
    /// The line, from 1, where one can be told.
    pub line: Option<usize>,
    /// Which entry, and what is wrong with it.
    pub what: String,
}

/// A node that was asked for and is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownNode {
    /// What was asked for.
    pub name: String,
    /// Nodes of nearly that name, the nearest first.
    pub near: Vec<String>,
}

impl PlanError {
    /// A stable name for the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "plan_too_large",
            Self::NotText { .. } => "plan_not_text",
            Self::UnknownFormat { .. } => "plan_format_unknown",
            Self::Json { .. } => "plan_json",
            Self::Problems { .. } => "plan_problems",
            Self::Empty { .. } => "plan_empty",
            Self::UnknownNodes { .. } => "plan_node_unknown",
            Self::Obstacles { .. } => "plan_node_obstacle",
            Self::SameFolder { .. } => "plan_same_folder",
            Self::NothingChosen { .. } => "plan_nothing_chosen",
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::UnknownNodes { nodes, .. } => return near_hints(nodes),
            Self::TooLarge { .. } | Self::UnknownFormat { .. } => FORMATS,
            Self::NotText { .. } => "Save it again as UTF-8.",
            Self::Json { .. } => "Save it again where it came from: it may be cut off, or changed.",
            Self::Problems { .. } => "Nothing was done. Correct the plan and give it again.",
            Self::Empty { .. } => "Add a node to it.",
            Self::Obstacles { .. } => "Leave them out, or do what stands beside each.",
            Self::SameFolder { .. } => "Choose one of them.",
            Self::NothingChosen { .. } => "Say which nodes to install, by their names.",
        };
        vec![hint.to_owned()]
    }

    /// The failure in the form that crosses into events and the history.
    pub fn report(&self) -> ErrorReport {
        let report = ErrorReport::of(self.code(), self);
        let report = self
            .details()
            .into_iter()
            .fold(report, ErrorReport::with_cause);
        self.hints()
            .into_iter()
            .fold(report, ErrorReport::with_hint)
    }

    /// What the message counts, one by one.
    fn details(&self) -> Vec<String> {
        let mut details: Vec<String> = match self {
            Self::Problems { problems, .. } if problems.len() > 1 => {
                problems.iter().map(PlanProblem::to_string).collect()
            }
            Self::Obstacles { nodes, .. } => {
                let told = nodes.iter().map(|(name, why)| format!("{name}: {why}"));
                told.collect()
            }
            _ => Vec::new(),
        };
        let more = details.len().saturating_sub(MOST_TOLD);
        details.truncate(MOST_TOLD);
        details.extend((more > 0).then(|| format!("and {more} more")));
        details
    }
}

impl fmt::Display for PlanProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}: ")?;
        }
        formatter.write_str(&self.what)
    }
}

fn told(name: &str, problems: &[PlanProblem]) -> String {
    match problems {
        [one] => match one.line {
            Some(line) => format!("{name}, line {line}: {}", one.what),
            None => format!("{name}: {}", one.what),
        },
        _ => format!("{name} has {} problems", problems.len()),
    }
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    listed(names.iter().map(String::as_str))
}

fn near_hints(nodes: &[UnknownNode]) -> Vec<String> {
    let near = nodes.iter().filter(|node| !node.near.is_empty());
    let mut hints: Vec<String> = near
        .map(|node| format!("For `{}`, did you mean {}?", node.name, quoted(&node.near)))
        .collect();
    if hints.len() < nodes.len() {
        hints.push("Names are written exactly as in the plan.".to_owned());
    }
    hints
}
