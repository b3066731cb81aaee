//! What a node waits for and runs on its way up.

use crate::topology::{Command, ExecPhase, ExecTarget, NetworkMode, Node, WaitFor};
use serde::{Deserialize, Serialize};

/// What a node waits for and runs on its way up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Way {
    /// The node whose network it shares, which must run first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_of: Option<String>,
    /// Seconds that it waits before it starts.
    pub delay: u64,
    /// What it waits for before it starts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before_start: Vec<WaitFor>,
    /// What it waits for before its links are looked at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before_wiring: Vec<WaitFor>,
    /// What it waits for before its commands are run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before_commands: Vec<WaitFor>,
    /// What is run in it each time when it is up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<Command>,
    /// Milliseconds between two of its health checks; 0 where the file has none.
    pub health_interval: u64,
}

impl Way {
    /// What a file says of a node.
    pub fn of(node: &Node) -> Self {
        let settings = &node.settings;
        let stages = &settings.stages;
        let interval = settings.healthcheck.as_ref().map(|check| check.interval);
        let milliseconds = interval.unwrap_or_default().as_millis();
        Self {
            network_of: match &settings.network_mode {
                NetworkMode::Node(owner) => Some(owner.to_string()),
                _ => None,
            },
            delay: settings.startup_delay.as_secs(),
            before_start: stages.create.wait_for.clone(),
            before_wiring: stages.create_links.wait_for.clone(),
            before_commands: stages.configure.wait_for.clone(),
            commands: commands(node),
            health_interval: u64::try_from(milliseconds).unwrap_or(u64::MAX),
        }
    }

    /// All that it waits for of other nodes.
    pub fn waits(&self) -> impl Iterator<Item = &WaitFor> {
        let early = self.before_start.iter().chain(&self.before_wiring);
        early.chain(&self.before_commands)
    }
}

/// Its own, between those that begin stages and those that end them.
fn commands(node: &Node) -> Vec<Command> {
    let settings = &node.settings;
    let stages = settings.stages.all();
    let of_stages = |phase: ExecPhase| {
        let all = stages.iter().flat_map(|(_, stage)| &stage.exec);
        all.filter(move |exec| exec.target == ExecTarget::Container && exec.phase == phase)
            .map(|exec| exec.command.clone())
    };
    let early = of_stages(ExecPhase::OnEnter);
    let own = early.chain(settings.exec.iter().cloned());
    own.chain(of_stages(ExecPhase::OnExit)).collect()
}
