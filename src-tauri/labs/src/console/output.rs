//! What a program in a node prints, and how it ends.
//!
//! Engines say that a program cannot be started where its output would be, and end it with 126 or 127. Shells end with
//! the same numbers, so only both together mean that it never ran.

use super::ConsoleError;
use crate::running::{RunningLab, RunningNode};
use bytes::Bytes;
use futures_util::StreamExt;
use labwright_engine::{EngineError, ExecHandle, ExecSettings, Output, OutputStream};
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;
use tokio::time::sleep;

/// What runtimes say of a program that cannot be started, as measured: Docker 20.10 and 28.5 the first, Podman 4.3 with
/// runc the others.
const REFUSALS: [&str; 3] = [
    "OCI runtime exec failed",
    "OCI runtime attempted to invoke a command that was not found",
    "OCI permission denied",
];
/// The exit codes of a program that cannot be started: it may not be, and it is not there.
const NOT_STARTED: [i64; 2] = [126, 127];
/// How much is kept back until it is known whether the engine or the program said it.
const KEPT_BACK: usize = 4096;

/// How often, and with what pause, an engine is asked how a program ended whose stream it closed.
const ASKED: usize = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// What comes from a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It printed something.
    Output(Output),
    /// It ended with this exit code.
    Ended(i64),
}

/// What a program prints, and how it ends.
pub struct ConsoleOutput {
    lab: String,
    node: String,
    command: String,
    console: bool,
    stream: OutputStream,
    handle: ExecHandle,
    begun: bool,
    kept: VecDeque<Output>,
    ready: VecDeque<Output>,
}

impl ConsoleOutput {
    pub(super) fn new(
        lab: &RunningLab,
        node: &RunningNode,
        settings: &ExecSettings,
        stream: OutputStream,
        handle: ExecHandle,
    ) -> Self {
        Self {
            lab: lab.name.clone(),
            node: node.name.clone(),
            command: settings.command.join(" "),
            console: settings.terminal.is_some(),
            stream,
            handle,
            begun: false,
            kept: VecDeque::new(),
            ready: VecDeque::new(),
        }
    }

    /// What comes next. Nothing is lost where the caller does not wait for it.
    pub async fn next(&mut self) -> Result<Heard, ConsoleError> {
        loop {
            if let Some(output) = self.ready.pop_front() {
                return Ok(Heard::Output(output));
            }
            match self.stream.next().await {
                Some(Ok(piece)) => self.sort(piece),
                Some(Err(source)) => return self.broken(source).await,
                None => return self.end().await,
            }
        }
    }

    /// Keeps back what the engine may have said, for as long as nothing else comes.
    fn sort(&mut self, piece: Output) {
        let first = !std::mem::replace(&mut self.begun, true);
        if (first && is_refusal(piece.bytes())) || !self.kept.is_empty() {
            self.kept.push_back(piece);
        } else {
            self.ready.push_back(piece);
        }
        if self
            .kept
            .iter()
            .map(|piece| piece.bytes().len())
            .sum::<usize>()
            > KEPT_BACK
        {
            self.ready.append(&mut self.kept);
        }
    }

    async fn end(&mut self) -> Result<Heard, ConsoleError> {
        let code = self.exit_code().await?;
        if self.kept.is_empty() {
            return Ok(Heard::Ended(code));
        }
        if NOT_STARTED.contains(&code) {
            return Err(self.not_started());
        }
        self.ready.append(&mut self.kept);
        let first = self.ready.pop_front();
        Ok(first.map_or(Heard::Ended(code), Heard::Output))
    }

    /// Engines close the stream when the program has ended, and some note a moment later that it has.
    async fn exit_code(&mut self) -> Result<i64, ConsoleError> {
        for _ in 0..ASKED {
            let ended = self.handle.ended().await;
            if let Some(code) = ended.map_err(|source| self.failed(source))? {
                return Ok(code);
            }
            sleep(PAUSE).await;
        }
        Err(ConsoleError::HungUp {
            lab: self.lab.clone(),
            node: self.node.clone(),
            command: self.command.clone(),
        })
    }

    /// Podman breaks the connection of a program that ends without having read all that it was sent.
    async fn broken(&mut self, source: EngineError) -> Result<Heard, ConsoleError> {
        match self.handle.ended().await {
            Ok(Some(code)) => Ok(Heard::Ended(code)),
            _ => Err(self.failed(source)),
        }
    }

    fn not_started(&self) -> ConsoleError {
        let said: Vec<u8> = self
            .kept
            .iter()
            .flat_map(|piece| piece.bytes().iter().copied())
            .collect();
        let said = String::from_utf8_lossy(&said);
        ConsoleError::NotStarted {
            lab: self.lab.clone(),
            node: self.node.clone(),
            command: self.command.clone(),
            said: said.lines().next().unwrap_or_default().trim().to_owned(),
            console: self.console,
        }
    }

    fn failed(&self, source: EngineError) -> ConsoleError {
        ConsoleError::Engine {
            lab: self.lab.clone(),
            node: self.node.clone(),
            source,
        }
    }
}

impl fmt::Debug for ConsoleOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleOutput")
            .field("node", &self.node)
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

fn is_refusal(bytes: &Bytes) -> bool {
    let said = String::from_utf8_lossy(bytes);
    REFUSALS.iter().any(|refusal| said.contains(refusal))
}
