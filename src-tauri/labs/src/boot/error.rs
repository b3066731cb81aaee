//! Why a node does not get ready.

use thiserror::Error;

/// How many of a node's last lines an error has.
pub(super) const LINES: usize = 12;

/// Why a node does not get ready.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BootError {
    /// Its first process ended.
    #[error("it ended with {exit_code}{}: {}", if *out_of_memory { " for want of memory" } else { "" }, last(lines))]
    Ended {
        /// How.
        exit_code: i64,
        /// Whether the kernel killed it for want of memory.
        out_of_memory: bool,
        /// What it printed last.
        lines: Vec<String>,
    },
    /// It ended, and the engine started it again.
    #[error(
        "it ended, and the engine started it again {}: {}",
        times(*restarts),
        last(lines)
    )]
    Restarted {
        /// How often.
        restarts: u32,
        /// What it printed last.
        lines: Vec<String>,
    },
    /// It said that it will not come up.
    #[error("it printed “{line}”: {meaning}")]
    Sign {
        /// The line.
        line: String,
        /// What that means.
        meaning: String,
        /// What to do.
        hint: Option<String>,
    },
    /// It took longer than it was given.
    #[error(
        "it was not ready after {seconds} s; it waits for {waiting_for}: {}",
        last(lines)
    )]
    Late {
        /// How long.
        seconds: u64,
        /// What for.
        waiting_for: String,
        /// What it printed last.
        lines: Vec<String>,
    },
    /// Its container is gone.
    #[error("its container was removed")]
    Gone,
    /// The engine went away, or refused to tell.
    #[error("the engine does not tell how it is: {why}")]
    Engine {
        /// Why.
        why: String,
    },
}

impl BootError {
    /// A stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ended { .. } | Self::Restarted { .. } => "node_ended",
            Self::Sign { .. } => "node_will_not_come_up",
            Self::Late { .. } => "node_not_ready",
            Self::Gone => "node_gone",
            Self::Engine { .. } => "node_unknown",
        }
    }

    /// What the user can do.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Sign { hint, .. } => hint.iter().cloned().collect(),
            Self::Ended {
                exit_code: 126 | 127,
                ..
            } => {
                vec!["Its command is not in the image: check cmd and entrypoint.".to_owned()]
            }
            Self::Ended {
                out_of_memory: true,
                ..
            } => {
                vec!["Give it more memory, or run fewer nodes.".to_owned()]
            }
            _ => Vec::new(),
        }
    }
}

/// A count of restarts, in words.
pub(crate) fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        several => format!("{several} times"),
    }
}

fn last(lines: &[String]) -> String {
    if lines.is_empty() {
        return "it printed nothing".to_owned();
    }
    format!("its last lines: {}", lines.join(" ⏎ "))
}
