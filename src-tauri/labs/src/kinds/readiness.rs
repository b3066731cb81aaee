//! How a node comes up, how one tells, and how it is saved.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How one tells that a node is up, and that it never will be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Readiness {
    /// All of them must succeed.
    pub checks: Vec<Check>,
    /// Lines of its log that say that it will come up.
    pub good: Vec<LogMarker>,
    /// Lines of its log that say that it will not.
    pub bad: Vec<LogMarker>,
    /// How long it usually takes at most; afterwards it is shown as slow, and waited for all the same.
    #[serde(rename = "usual_seconds", deserialize_with = "super::kind::seconds")]
    pub usual: Duration,
}

/// A command in the node, and what it must say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The command in words.
    pub command: Vec<String>,
    /// What its output must hold. Its exit code must be 0.
    pub expect: String,
}

/// A line of a log that means something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogMarker {
    /// What the line holds.
    pub text: String,
    /// What it means, for people.
    pub meaning: String,
    /// What to do about it, for people.
    pub hint: Option<String>,
}

/// What a node goes through on its way up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BootStage {
    /// One word.
    pub name: String,
    /// What it waits for, for people.
    pub waiting_for: String,
    /// It is over when the log has a line that holds one of these, or a later stage is over.
    #[serde(default)]
    pub until_log: Vec<String>,
    /// It is over when all readiness checks succeed.
    #[serde(default)]
    pub until_ready: bool,
}

/// How a configuration is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Save {
    /// The command in words.
    pub command: Vec<String>,
    /// Where the saved configuration is in the node; its output where it is none.
    pub file: Option<String>,
}
