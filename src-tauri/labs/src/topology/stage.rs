//! What a node waits for, and what it runs.

use super::NodeName;
use serde::{Deserialize, Serialize};

/// A command: as written, and in the words that are executed. No shell reads it unless it names one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// As written, with magic variables replaced.
    pub text: String,
    /// The program and its arguments.
    pub words: Vec<String>,
}

/// What a node waits for, and runs, on its way up. When it is healthy, and when it ended, it does neither.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stages {
    /// The container is made.
    pub create: Stage,
    /// The links are made.
    pub create_links: Stage,
    /// It is configured.
    pub configure: Stage,
}

impl Stages {
    /// All three, in the order in which a node goes through them.
    pub fn all(&self) -> [(StageName, &Stage); 3] {
        [
            (StageName::Create, &self.create),
            (StageName::CreateLinks, &self.create_links),
            (StageName::Configure, &self.configure),
        ]
    }
}

/// One stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// What must be before it begins.
    pub wait_for: Vec<WaitFor>,
    /// What is run.
    pub exec: Vec<StageExec>,
}

/// A stage's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StageName {
    /// The container is made.
    Create,
    /// The links are made.
    CreateLinks,
    /// It is configured.
    Configure,
    /// Its health check succeeded.
    Healthy,
    /// It ended.
    Exit,
}

/// A node that is waited for until it has left a stage behind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WaitFor {
    /// The node.
    pub node: NodeName,
    /// The stage that it must have completed.
    pub stage: StageName,
}

/// A command of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageExec {
    /// The command.
    pub command: Command,
    /// Where it runs.
    pub target: ExecTarget,
    /// When it runs.
    pub phase: ExecPhase,
}

/// Where a stage's command runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExecTarget {
    /// In the node.
    #[default]
    Container,
    /// On the host.
    Host,
}

/// When a stage's command runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExecPhase {
    /// When the stage begins.
    #[default]
    OnEnter,
    /// When it is complete.
    OnExit,
}
