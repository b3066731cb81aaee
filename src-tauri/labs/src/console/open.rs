//! Starting a program in a node, with a terminal or without.

use super::{ConsoleError, ConsoleOutput};
use crate::kinds::Kinds;
use crate::running::{RunningLab, RunningNode};
use labwright_engine::{ContainerStatus, Engine, EngineError, ExecHandle, ExecSettings};
use std::fmt;
use std::pin::Pin;
use tokio::io::AsyncWrite;

/// What opens a node whose kind has no command line of its own.
const SHELL: &str = "sh";

/// A program that runs in a node. Dropping it leaves the program running, without a reader; one without a terminal then
/// finds its input at an end.
pub struct Console {
    /// What it reads. Shutting it down is the end of its input; a terminal has none.
    pub input: Pin<Box<dyn AsyncWrite + Send>>,
    /// What it prints, and how it ends.
    pub output: ConsoleOutput,
    /// What changes the size of its terminal.
    pub handle: ExecHandle,
}

/// What opens the command line of a node: its kind's own, else a shell.
pub fn command(kinds: &Kinds, node: &RunningNode) -> Vec<String> {
    let kind = kinds.get(&node.kind);
    let own = kind.map(|kind| kind.console.clone());
    let own = own.filter(|command| !command.is_empty());
    own.unwrap_or_else(|| vec![SHELL.to_owned()])
}

impl Console {
    /// Starts a program in a node that runs.
    ///
    /// That the image does not have it is told by [`ConsoleOutput::next`]: engines start first, and look then.
    pub async fn open(
        engine: &Engine,
        lab: &RunningLab,
        node: &RunningNode,
        settings: &ExecSettings,
    ) -> Result<Self, ConsoleError> {
        if node.status != ContainerStatus::Running {
            return Err(not_running(lab, node, node.status));
        }
        let started = engine.exec(&node.container, settings).await;
        let exec = match started {
            Ok(exec) => exec,
            Err(source) => return Err(refused(engine, lab, node, source).await),
        };
        Ok(Self {
            input: exec.input,
            output: ConsoleOutput::new(lab, node, settings, exec.output, exec.handle.clone()),
            handle: exec.handle,
        })
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console")
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}

fn not_running(lab: &RunningLab, node: &RunningNode, status: ContainerStatus) -> ConsoleError {
    ConsoleError::NotRunning {
        lab: lab.name.clone(),
        node: node.name.clone(),
        status,
    }
}

/// It may have ended since it was looked at.
async fn refused(
    engine: &Engine,
    lab: &RunningLab,
    node: &RunningNode,
    source: EngineError,
) -> ConsoleError {
    match engine.container(&node.container).await {
        Ok(Some(detail)) if detail.status != ContainerStatus::Running => {
            not_running(lab, node, detail.status)
        }
        _ => ConsoleError::Engine {
            lab: lab.name.clone(),
            node: node.name.clone(),
            source,
        },
    }
}
