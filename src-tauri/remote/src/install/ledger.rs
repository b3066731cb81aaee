//! All that is known of an install, folded from the runner's events: pure, and kept with the place where reading stopped.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::runner::{Event, HeadState, NodeOutcome, Requirement, What};

/// What is known of an install.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Ledger {
    /// Whether the runner was started.
    pub(super) started: bool,
    /// How many bytes of the events are in here.
    pub(super) offset: u64,
    /// The number of the last one.
    pub(super) seq: u64,
    /// Why nothing can be done.
    pub(super) refused: Option<(String, String)>,
    /// What became of each node that the runner sees to, by its number there less one.
    pub(super) nodes: Vec<Option<Settled>>,
    heads: Vec<(usize, HeadState, String)>,
    findings: Vec<(usize, Finding)>,
    conflicts: Vec<(Vec<usize>, String)>,
    checked: Option<String>,
    /// The runner's last word.
    pub(super) finished: Option<String>,
    /// What became of the nodes that are sent from here, by their places in the request.
    #[serde(default)]
    pub(super) sent: Vec<(usize, Result<(), String>)>,
}

/// What became of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settled {
    pub(super) outcome: NodeOutcome,
    pub(super) code: String,
    pub(super) text: String,
    pub(super) commit: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Finding {
    requirement: String,
    state: Requirement,
    found: String,
    text: String,
}

impl Ledger {
    /// Before anything happened to this many nodes.
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            nodes: vec![None; nodes],
            ..Self::default()
        }
    }

    /// Takes an event over. Says whether it is news: one that was taken already is not.
    ///
    /// A gap is an error of the file, and is told as such.
    pub(super) fn take(&mut self, event: &Event) -> Result<bool, Gap> {
        if event.seq <= self.seq {
            return Ok(false);
        }
        if event.seq != self.seq + 1 {
            return Err(Gap {
                after: self.seq,
                found: event.seq,
            });
        }
        self.seq = event.seq;
        self.fold(&event.what);
        Ok(true)
    }

    fn fold(&mut self, what: &What) {
        match what.clone() {
            What::Refused { code, text } => self.refused = Some((code, text)),
            What::Node {
                node,
                outcome,
                code,
                text,
                commit,
            } => {
                if let Some(place) = node.checked_sub(1).and_then(|at| self.nodes.get_mut(at)) {
                    *place = Some(Settled {
                        outcome,
                        code,
                        text,
                        commit,
                    });
                }
            }
            What::Head {
                node, state, found, ..
            } => self.heads.push((node, state, found)),
            What::Finding {
                node,
                requirement,
                state,
                found,
                text,
            } => self.findings.push((
                node,
                Finding {
                    requirement,
                    state,
                    found,
                    text,
                },
            )),
            What::Conflict { nodes, text } => self.conflicts.push((nodes, text)),
            What::Checked { conflicts } => self.checked = Some(conflicts),
            What::Finished { outcome } => self.finished = Some(outcome),
            _ => {}
        }
    }

    /// What a verification found so far, for steps that know nothing of it yet.
    pub(super) fn found(&self) -> impl Iterator<Item = What> {
        let heads = self.heads.iter().map(|(node, state, found)| What::Head {
            node: *node,
            state: *state,
            found: found.clone(),
            text: String::new(),
        });
        let findings = self.findings.iter();
        heads.chain(findings.map(|(node, finding)| What::Finding {
            node: *node,
            requirement: finding.requirement.clone(),
            state: finding.state,
            found: finding.found.clone(),
            text: finding.text.clone(),
        }))
    }

    /// How many nodes are done.
    pub(super) fn done(&self) -> usize {
        self.nodes.iter().flatten().count()
    }

    /// What the job's result says. `names` are those of the runner's nodes, in their order.
    pub(super) fn summary(&self, names: &[&str]) -> InstallSummary {
        let name = |number: usize| {
            let name = number.checked_sub(1).and_then(|at| names.get(at));
            name.map_or_else(|| number.to_string(), |name| (*name).to_owned())
        };
        let mut nodes: Vec<NodeReport> = (1..=names.len())
            .map(|at| self.node(at, name(at)))
            .collect();
        nodes.retain(|node| {
            node.outcome.is_some() || node.head.is_some() || !node.findings.is_empty()
        });
        let conflicts = self.conflicts.iter().map(|(nodes, text)| ConflictReport {
            nodes: nodes.iter().map(|number| name(*number)).collect(),
            text: text.clone(),
        });
        InstallSummary {
            plan: Origin::default(),
            nodes,
            conflicts: conflicts.collect(),
            conflicts_known: self
                .checked
                .as_deref()
                .is_some_and(|checked| checked != "unknown"),
            summary: self.counts(),
        }
    }

    fn node(&self, number: usize, name: String) -> NodeReport {
        let settled = self.nodes.get(number - 1).and_then(Option::as_ref);
        let head = self.heads.iter().rfind(|(node, ..)| *node == number);
        let findings = self.findings.iter().filter(|(node, _)| *node == number);
        NodeReport {
            name,
            outcome: settled.map(|settled| settled.outcome.into()),
            code: settled
                .map(|settled| settled.code.clone())
                .unwrap_or_default(),
            commit: settled
                .map(|settled| settled.commit.clone())
                .unwrap_or_default(),
            head: head.map(|(_, state, found)| HeadReport {
                state: word(state),
                found: found.clone(),
            }),
            findings: findings
                .map(|(_, finding)| FindingReport {
                    requirement: finding.requirement.clone(),
                    state: word(&finding.state),
                    found: finding.found.clone(),
                    text: finding.text.clone(),
                })
                .collect(),
        }
    }

    fn counts(&self) -> Counts {
        let of = |state| {
            self.findings
                .iter()
                .filter(|(_, finding)| finding.state == state)
                .count()
        };
        let heads = self.heads.iter();
        let astray = |(_, state, _): &&(usize, HeadState, String)| {
            matches!(state, HeadState::Other | HeadState::Missing)
        };
        Counts {
            satisfied: of(Requirement::Satisfied),
            mismatch: of(Requirement::Mismatch),
            missing: of(Requirement::Missing),
            unparseable: of(Requirement::Unparseable),
            unknown: of(Requirement::Unknown),
            astray: heads.filter(astray).count(),
        }
    }
}

/// The word that a state has in events.
fn word(state: &impl Serialize) -> String {
    let word = serde_json::to_value(state).unwrap_or_default();
    word.as_str().unwrap_or("unknown").to_owned()
}

/// An event is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the events after number {after} are missing: {found} came")]
pub(super) struct Gap {
    pub(super) after: u64,
    pub(super) found: u64,
}

/// The result of an install, a verification or a repair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct InstallSummary {
    /// What was asked for, so that it can be asked for again.
    pub plan: Origin,
    /// Each node, in the plan's order.
    pub nodes: Vec<NodeReport>,
    /// Packages that do not fit each other.
    pub conflicts: Vec<ConflictReport>,
    /// Whether conflicts were looked for.
    pub conflicts_known: bool,
    /// How many there are of each.
    pub summary: Counts,
}

/// Where an install came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(
    export_to = "../../../src-ui/src/backend/generated/",
    rename = "InstallOrigin"
)]
pub struct Origin {
    /// The host's name.
    pub host: String,
    /// The plan's file.
    pub file: String,
    /// The target as it was given.
    pub target: Option<String>,
    /// The Python environment as it was given.
    pub venv: Option<String>,
}

/// How many requirements stand how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(
    export_to = "../../../src-ui/src/backend/generated/",
    rename = "InstallCounts"
)]
pub struct Counts {
    /// As wanted.
    pub satisfied: usize,
    /// Installed in another version.
    pub mismatch: usize,
    /// Not installed.
    pub missing: usize,
    /// Not understood.
    pub unparseable: usize,
    /// Without evidence.
    pub unknown: usize,
    /// Nodes at another commit than their pin, or not there.
    pub astray: usize,
}

/// What is known of one node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct NodeReport {
    /// Its name.
    pub name: String,
    /// What an install or a repair did; none of a verification.
    pub outcome: Option<NodeResult>,
    /// Why it failed: a word of `docs/runner.md`; empty otherwise.
    pub code: String,
    /// The commit that stands there; empty if unknown.
    pub commit: String,
    /// The commit against the pin.
    pub head: Option<HeadReport>,
    /// Its requirements.
    pub findings: Vec<FindingReport>,
}

/// What became of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum NodeResult {
    /// It was cloned, pulled or sent.
    Installed,
    /// Another commit was checked out.
    Updated,
    /// It was there.
    Present,
    /// It could not be installed.
    Failed,
    /// It was stopped.
    Cancelled,
}

impl From<NodeOutcome> for NodeResult {
    fn from(outcome: NodeOutcome) -> Self {
        match outcome {
            NodeOutcome::Installed => Self::Installed,
            NodeOutcome::Updated => Self::Updated,
            NodeOutcome::Present => Self::Present,
            NodeOutcome::Failed => Self::Failed,
            NodeOutcome::Cancelled => Self::Cancelled,
        }
    }
}

/// A node's commit against its pin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct HeadReport {
    /// `as_pinned`, `not_pinned`, `other`, `missing` or `unknown`.
    pub state: String,
    /// The commit that stands there.
    pub found: String,
}

/// A requirement against what is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct FindingReport {
    /// As the node's file says it.
    pub requirement: String,
    /// `satisfied`, `mismatch`, `missing`, `unparseable`, `unknown` or `not_needed`.
    pub state: String,
    /// The version that is installed.
    pub found: String,
    /// What else is to be said.
    pub text: String,
}

/// Packages that do not fit each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ConflictReport {
    /// The nodes whose requirements name one of them.
    pub nodes: Vec<String>,
    /// As pip says it.
    pub text: String,
}
