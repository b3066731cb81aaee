//! Why a topology's text was not changed.

use crate::topology::{NameError, Problem, TopologyError};
use labwright_jobs::ErrorReport;
use std::fmt;
use thiserror::Error;

/// Why a topology's text was not changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// It has mistakes already, so that nobody can tell what would come of it.
    #[error("cannot {what}: {}", mistakes(source))]
    Mistakes {
        /// What was asked for.
        what: String,
        /// The mistakes.
        #[source]
        source: Box<TopologyError>,
    },
    /// It would have a mistake afterwards.
    #[error("cannot {what}: {}", problem.message)]
    Refused {
        /// What was asked for.
        what: String,
        /// The mistake.
        problem: Box<Problem>,
    },
    /// It is written in a way that this cannot change for sure.
    #[error("cannot {what} here: {why}")]
    NotSafe {
        /// What was asked for.
        what: String,
        /// Why.
        why: Doubt,
    },
    /// No node can have this name.
    #[error("no node can be called `{}`", name.escape_debug())]
    Name {
        /// The name.
        name: String,
        /// Why.
        #[source]
        source: NameError,
    },
    /// The name stands for something that is no node, in links.
    #[error("a node called `{name}` could have no links")]
    Reserved {
        /// The name.
        name: String,
    },
    /// Another node has this name.
    #[error("there is a node `{name}` already")]
    Taken {
        /// The name.
        name: String,
    },
    /// The topology has no such node.
    #[error("there is no node `{}`", name.escape_debug())]
    UnknownNode {
        /// The name.
        name: String,
        /// The names that there are.
        nodes: Vec<String>,
    },
    /// The topology has no such link.
    #[error("there is no link {number}")]
    UnknownLink {
        /// The number.
        number: u32,
        /// How many there are.
        links: usize,
    },
    /// The file was changed since the link was chosen.
    #[error("link {number} is not {} any more", chosen.escape_debug())]
    OtherLink {
        /// The number.
        number: u32,
        /// The ends of the link that was chosen.
        chosen: String,
    },
    /// The text names no end of a link.
    #[error("`{}` is no end of a link", end.escape_debug())]
    End {
        /// As it was given.
        end: String,
    },
    /// Another link has the port.
    #[error("port `{port}` of node `{node}` has a link already, number {link}")]
    PortUsed {
        /// The node.
        node: String,
        /// The port as it was given.
        port: String,
        /// The link's number, from 1.
        link: usize,
    },
    /// Both ends are the same port.
    #[error("a link from `{end}` to itself is none")]
    Loop {
        /// The end.
        end: String,
    },
    /// A node that stays waits for it, or shares its network.
    #[error("node `{node}` cannot be deleted: node `{by}` {}", need.words())]
    Needed {
        /// The node.
        node: String,
        /// Who needs it.
        by: String,
        /// What for.
        need: Need,
    },
}

/// What a node needs another for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It waits for it.
    Wait,
    /// It shares its network.
    Network,
}

/// Why a text cannot be changed for sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// It comes from an anchor, an alias or a merge, and may be used elsewhere too.
    Shared {
        /// The key or text.
        object: String,
    },
    /// It is not spelt out: it is written with a variable, with escapes, or in lines of its own.
    Spelling {
        /// The text.
        object: String,
        /// The line, from 1.
        line: u32,
    },
    /// Variables bring more than texts.
    Variables,
    /// The line has more than what is to be changed, or it is laid out in an unusual way.
    Layout {
        /// The line, from 1.
        line: usize,
    },
    /// The text would mean something else than was asked for.
    Outcome {
        /// Whether it has anchors, which are the likely reason.
        shares: bool,
    },
}

impl Need {
    fn words(self) -> &'static str {
        match self {
            Self::Wait => "waits for it",
            Self::Network => "shares its network",
        }
    }
}

impl Doubt {
    pub(super) fn shared(object: &str) -> Self {
        Self::Shared {
            object: object.to_owned(),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared { object } => {
                write!(f, "`{object}` comes from an anchor, an alias or a merge")
            }
            Self::Spelling { object, line } => {
                write!(f, "line {line} does not spell `{object}` out")
            }
            Self::Variables => f.write_str("variables bring parts of its structure"),
            Self::Layout { line } => {
                write!(f, "line {line} has more than what is to be changed")
            }
            Self::Outcome { shares: true } => {
                f.write_str("anchors tie it to other parts of the text")
            }
            Self::Outcome { shares: false } => {
                f.write_str("the text would mean something else than that")
            }
        }
    }
}

impl EditError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Mistakes { .. } => "edit_mistakes",
            Self::Refused { .. } => "edit_refused",
            Self::NotSafe { .. } => "edit_not_safe",
            Self::Name { .. } | Self::Reserved { .. } => "edit_name_invalid",
            Self::Taken { .. } => "edit_name_taken",
            Self::UnknownNode { .. } => "edit_node_unknown",
            Self::UnknownLink { .. } => "edit_link_unknown",
            Self::OtherLink { .. } => "edit_link_other",
            Self::End { .. } | Self::Loop { .. } => "edit_end_invalid",
            Self::PortUsed { .. } => "edit_port_used",
            Self::Needed { .. } => "edit_node_needed",
        }
    }

    /// For people and programs.
    pub fn report(&self) -> ErrorReport {
        ErrorReport::of(self.code(), self).with_hint(self.hint())
    }

    /// What the user can do next.
    fn hint(&self) -> String {
        match self {
            Self::Mistakes { .. } => "Correct them in the text first.".to_owned(),
            Self::Refused { problem, .. } => match &problem.suggestion {
                Some(suggestion) => sentence(suggestion),
                None => "Ask for something else, or change the text by hand.".to_owned(),
            },
            Self::NotSafe { .. } => "Change the text by hand.".to_owned(),
            Self::Name { .. } => {
                "A name has letters, digits, `-`, `.` and `_`, and begins with a letter or a digit."
                    .to_owned()
            }
            Self::Reserved { name } => {
                format!("Choose another name: links take `{name}:…` for an end outside of the lab.")
            }
            Self::Taken { .. } => "Choose another name.".to_owned(),
            Self::UnknownNode { nodes, .. } if nodes.is_empty() => {
                "Add it first: the topology has no nodes.".to_owned()
            }
            Self::UnknownNode { nodes, .. } => format!("The nodes: {}.", nodes.join(", ")),
            Self::OtherLink { .. } => {
                "The file was changed meanwhile: choose the link again.".to_owned()
            }
            Self::UnknownLink { links: 0, .. } => "The topology has no links.".to_owned(),
            Self::UnknownLink { links, .. } => format!("Links have numbers from 1 to {links}."),
            Self::End { .. } => "Write `node:port`, such as `leaf1:eth1`.".to_owned(),
            Self::PortUsed { link, .. } => {
                format!("Choose another port, or delete link {link} first.")
            }
            Self::Loop { .. } => "Choose another port for one of its ends.".to_owned(),
            Self::Needed {
                node,
                by,
                need: Need::Wait,
            } => {
                format!("Take `{node}` out of the `wait-for` of `{by}`, or delete both.")
            }
            Self::Needed {
                by,
                need: Need::Network,
                ..
            } => {
                format!("Change the `network-mode` of `{by}`, or delete both.")
            }
        }
    }
}

fn mistakes(error: &TopologyError) -> String {
    match error.errors().count() {
        1 => "the text has a mistake".to_owned(),
        count => format!("the text has {count} mistakes"),
    }
}

/// A suggestion of the reader as a sentence.
fn sentence(suggestion: &str) -> String {
    let mut letters = suggestion.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let end = if suggestion.ends_with('?') { "" } else { "." };
    first
        .into_iter()
        .chain(letters)
        .chain(end.chars())
        .collect()
}
