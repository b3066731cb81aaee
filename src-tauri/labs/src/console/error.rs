//! What can go wrong with a program in a node.

use labwright_engine::{ContainerStatus, EngineError};
use labwright_jobs::ErrorReport;
use thiserror::Error;

/// Why a node's console, a program in it, or its log cannot be had.
#[derive(Debug, Error)]
pub enum ConsoleError {
    /// Nothing can be started in it.
    #[error("node {node} of lab {lab} does not run: it {}", standing(*status))]
    NotRunning {
        /// The lab.
        lab: String,
        /// The node.
        node: String,
        /// How it stands instead.
        status: ContainerStatus,
    },
    /// The engine could not start the program.
    #[error("`{command}` cannot be started in node {node} of lab {lab}")]
    NotStarted {
        /// The lab.
        lab: String,
        /// The node.
        node: String,
        /// The program with its arguments.
        command: String,
        /// What the engine said.
        said: String,
        /// Whether it was to be the node's console.
        console: bool,
    },
    /// The engine closed the connection of a program that goes on.
    #[error("the engine hung up; `{command}` goes on in node {node} of lab {lab}")]
    HungUp {
        /// The lab.
        lab: String,
        /// The node.
        node: String,
        /// The program with its arguments.
        command: String,
    },
    /// The engine refused, or went away.
    #[error("node {node} of lab {lab} cannot be reached")]
    Engine {
        /// The lab.
        lab: String,
        /// The node.
        node: String,
        /// What the engine said.
        #[source]
        source: EngineError,
    },
}

impl ConsoleError {
    /// A stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRunning { .. } => "node_not_running",
            Self::NotStarted { .. } => "node_program_not_started",
            Self::HungUp { .. } => "engine_hung_up",
            Self::Engine { source, .. } => source.code(),
        }
    }

    /// What the user can do.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::NotRunning { lab, node, status } => vec![way_up(lab, node, *status)],
            Self::NotStarted {
                lab,
                node,
                console: true,
                ..
            } => vec![
                format!("lw console {lab} {node} --shell sh opens another shell."),
                format!("lw exec {lab} {node} -- ls /bin shows what there is."),
            ],
            Self::NotStarted { lab, node, .. } => vec![format!(
                "No shell reads the command. For pipes and variables: lw exec {lab} {node} -- sh -c 'COMMAND'"
            )],
            Self::HungUp { .. } => Vec::new(),
            Self::Engine { source, .. } => source.hints(),
        }
    }

    /// For people and programs.
    pub fn report(&self) -> ErrorReport {
        let mut report = ErrorReport::of(self.code(), self);
        if let Self::NotStarted { said, .. } = self {
            report = report.with_cause(said.as_str());
        }
        let hints = self.hints().into_iter();
        hints.fold(report, ErrorReport::with_hint)
    }
}

fn standing(status: ContainerStatus) -> &'static str {
    match status {
        ContainerStatus::Created => "was never started",
        ContainerStatus::Running => "runs",
        ContainerStatus::Paused => "is paused",
        ContainerStatus::Restarting => "is being started again",
        ContainerStatus::Removing => "is being removed",
        ContainerStatus::Exited => "was stopped, or ended",
        ContainerStatus::Dead => "is half removed",
    }
}

fn way_up(lab: &str, node: &str, status: ContainerStatus) -> String {
    match status {
        ContainerStatus::Paused => {
            "Unpause its container: docker unpause, or podman unpause.".to_owned()
        }
        ContainerStatus::Restarting => format!("lw logs {lab} {node} --last 20 says why it ended."),
        ContainerStatus::Removing | ContainerStatus::Dead => {
            "lw lab deploy makes the node anew.".to_owned()
        }
        _ => format!(
            "lw node start {lab} {node} starts it; lw logs {lab} {node} --last 20 says why it ended, if nobody stopped it."
        ),
    }
}
