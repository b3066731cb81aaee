//! What the runner writes, one line each.

use serde::{Deserialize, Serialize};

/// One line of `events.ndjson`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Event {
    /// From 1, without a gap.
    pub(crate) seq: u64,
    /// What happened.
    #[serde(flatten)]
    pub(crate) what: What,
}

/// What can happen on a host. Fields that nobody reads here are left out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum What {
    /// The runner works.
    Begun,
    /// Another job has its turn.
    Waiting { job: String },
    /// What it found.
    Prepared {
        target: String,
        git: String,
        python: String,
        engine: String,
        free: i64,
    },
    /// Nothing can be done.
    Refused { code: String, text: String },
    /// A phase of a node began or ended.
    Phase {
        node: usize,
        phase: Phase,
        state: PhaseState,
        #[serde(default)]
        code: String,
        #[serde(default)]
        text: String,
    },
    /// What git or the engine last said of how far it is.
    Progress {
        node: usize,
        phase: Phase,
        text: String,
    },
    /// A line of output.
    Line {
        node: usize,
        phase: Phase,
        text: String,
    },
    /// A node is done.
    Node {
        node: usize,
        outcome: NodeOutcome,
        #[serde(default)]
        code: String,
        #[serde(default)]
        text: String,
        #[serde(default)]
        commit: String,
    },
    /// What stands where a node would go.
    Standing {
        node: usize,
        found: Found,
        #[serde(default)]
        commit: String,
        #[serde(default)]
        text: String,
    },
    /// The commit of a node, against its pin.
    Head {
        node: usize,
        state: HeadState,
        #[serde(default)]
        found: String,
        #[serde(default)]
        text: String,
    },
    /// A requirement of a node, against what is installed.
    Finding {
        node: usize,
        requirement: String,
        state: Requirement,
        #[serde(default)]
        found: String,
        #[serde(default)]
        text: String,
    },
    /// What `pip check` says, and whose requirements it is about.
    Conflict { nodes: Vec<usize>, text: String },
    /// Everything was checked.
    Checked { conflicts: String },
    /// The last one.
    Finished { outcome: String },
    /// Something that a later runner says.
    #[serde(other)]
    Other,
}

/// The phases of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    Examine,
    Clone,
    Requirements,
    Script,
    Pull,
    Verify,
}

/// Where a phase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhaseState {
    Started,
    Succeeded,
    Skipped,
    Failed,
}

/// How a node ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NodeOutcome {
    Installed,
    Updated,
    Present,
    Failed,
    Cancelled,
}

/// What stands where a node would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Found {
    Nothing,
    Same,
    OtherCommit,
    Husk,
    OtherRemote,
    LocalChanges,
    NotARepository,
    #[serde(other)]
    Unknown,
}

/// A commit against its pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HeadState {
    AsPinned,
    NotPinned,
    Other,
    Missing,
    Unknown,
}

/// A requirement against what is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Requirement {
    Satisfied,
    Mismatch,
    Missing,
    Unparseable,
    Unknown,
    NotNeeded,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Event, What};

    #[test]
    fn what_this_version_does_not_know_is_counted_and_passed_over() {
        let read = |text: &str| serde_json::from_str::<Event>(text).unwrap();
        let begun =
            read(r#"{"seq":1,"at":17,"type":"begun","boot":"b","mode":"install","nodes":3}"#);
        assert_eq!((begun.seq, begun.what), (1, What::Begun));
        let later = read(r#"{"seq":9,"at":17,"type":"danced","node":"x"}"#);
        assert_eq!((later.seq, later.what), (9, What::Other));
    }
}
