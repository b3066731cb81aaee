//! A command in many nodes: what is wanted, and what comes of it.

use labwright_jobs::ErrorReport;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A command that the user wants run in nodes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct RunWish {
    /// The lab's name.
    pub lab: String,
    /// The nodes.
    pub nodes: Vec<String>,
    /// A line for the node's shell.
    pub command: String,
}

/// What is told of a command, node by node. Each node begins once and ends once.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum RunEvent {
    /// It runs in a node.
    Started {
        /// The node.
        node: String,
    },
    /// It ended there.
    Ended {
        /// The node.
        node: String,
        /// How; 0 is well.
        #[ts(type = "number")]
        exit_code: i64,
        /// What it printed to either stream, its beginning where that is too much.
        output: String,
        /// How many bytes it printed.
        #[ts(type = "number")]
        bytes: u64,
        /// How many of them `output` has.
        #[ts(type = "number")]
        kept: u64,
        /// How long it took.
        #[ts(type = "number")]
        milliseconds: u64,
    },
    /// It could not be run there, or nobody knows how it ended.
    Failed {
        /// The node.
        node: String,
        /// Why.
        error: ErrorReport,
    },
}
