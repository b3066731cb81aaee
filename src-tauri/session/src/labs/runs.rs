//! One command in many nodes. A run lives as long as the page that began it, and its programs as long as the run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use futures_util::{StreamExt, stream};
use labwright_engine::{Engine, ExecSettings};
use labwright_jobs::ErrorReport;
use labwright_labs::console::{Console, ConsoleError, Heard};
use labwright_labs::running::{RunningLab, RunningNode};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::RunEvent;

/// In how many nodes it runs at once: each has a connection to the engine, and the machine has other work.
const AT_ONCE: usize = 8;
/// How much is kept of what a node prints.
const KEPT: usize = 64 << 10;
/// Runs `$1` without an input. An engine leaves a program running whose connection is gone, so this one holds its own
/// input open, at whose end everything that it began is killed: an engine gives each program a process group.
const HELD: &str = "exec 3<&0 </dev/null
(trap '' TERM; while read -r line <&3; do :; done; kill -TERM -$$; sleep 1; kill -KILL -$$) >/dev/null 2>&1 &
sh -c \"$1\" 3<&-
code=$?
kill -KILL $! 2>/dev/null
exit $code";

/// The runs of the window.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// Held for moments only.
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last: u64,
    runs: BTreeMap<u64, Run>,
}

/// Dropping it ends the run, and its programs.
#[derive(Debug)]
struct Run {
    task: AbortHandle,
}

impl Drop for Run {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Where a command runs, and what it is.
#[derive(Debug)]
pub(crate) struct Errand {
    pub(crate) engine: Engine,
    pub(crate) lab: RunningLab,
    pub(crate) nodes: Vec<RunningNode>,
    pub(crate) command: String,
}

impl Runs {
    /// Begins; the run's number, and what is told of it, which ends when all nodes have. None where nobody wants it any
    /// more.
    pub(crate) fn begin(
        &self,
        errand: Errand,
        is_wanted: impl Fn() -> bool,
    ) -> Option<(u64, mpsc::Receiver<RunEvent>)> {
        let (tell, told) = mpsc::channel(AT_ONCE);
        let mut open = self.lock();
        // Asked while nobody can end all: one that is put in now is ended with the others.
        if !is_wanted() {
            return None;
        }
        let task = tokio::spawn(run(errand, tell)).abort_handle();
        open.last += 1;
        let number = open.last;
        open.runs.insert(number, Run { task });
        Some((number, told))
    }

    /// Ends one.
    pub(crate) fn end(&self, run: u64) {
        let ended = self.lock().runs.remove(&run);
        drop(ended);
    }

    /// Ends all.
    pub(crate) fn end_all(&self) {
        let ended = std::mem::take(&mut self.lock().runs);
        drop(ended);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn run(errand: Errand, tell: mpsc::Sender<RunEvent>) {
    let (errand, tell) = (&errand, &tell);
    stream::iter(&errand.nodes)
        .for_each_concurrent(AT_ONCE, |node| run_one(errand, node, tell))
        .await;
}

async fn run_one(errand: &Errand, node: &RunningNode, tell: &mpsc::Sender<RunEvent>) {
    let name = node.name.clone();
    // A page that is gone ends its runs.
    let _gone = tell.send(RunEvent::Started { node: name.clone() }).await;
    let begun = Instant::now();
    let mut printed = Printed::default();
    let ended = follow(errand, node, &mut printed).await;
    let taken = begun.elapsed().as_millis();
    let event = match ended {
        Ok(exit_code) => RunEvent::Ended {
            node: name,
            exit_code,
            output: String::from_utf8_lossy(&printed.kept).into_owned(),
            bytes: printed.bytes,
            kept: printed.kept.len() as u64,
            milliseconds: u64::try_from(taken).unwrap_or(u64::MAX),
        },
        Err(error) => RunEvent::Failed {
            error: report(&error, &errand.lab.name, &name),
            node: name,
        },
    };
    let _gone = tell.send(event).await;
}

/// What a node printed.
#[derive(Debug, Default)]
struct Printed {
    kept: Vec<u8>,
    bytes: u64,
}

impl Printed {
    fn take(&mut self, bytes: &[u8]) {
        let room = KEPT.saturating_sub(self.kept.len()).min(bytes.len());
        self.kept.extend_from_slice(&bytes[..room]);
        self.bytes += bytes.len() as u64;
    }
}

/// Runs it to its end. Whoever drops this ends it.
async fn follow(
    errand: &Errand,
    node: &RunningNode,
    printed: &mut Printed,
) -> Result<i64, ConsoleError> {
    let command = ["sh", "-c", HELD, "sh", &errand.command];
    let settings = ExecSettings {
        command: command.map(str::to_owned).to_vec(),
        input: true,
        ..ExecSettings::default()
    };
    let console = Console::open(&errand.engine, &errand.lab, node, &settings).await?;
    let Console {
        input, mut output, ..
    } = console;
    let ended = loop {
        match output.next().await {
            Ok(Heard::Output(piece)) => printed.take(piece.bytes()),
            Ok(Heard::Ended(code)) => break Ok(code),
            Err(error) => break Err(error),
        }
    };
    drop(input);
    ended
}

/// The command that could not be started is ours: the image has no shell.
fn report(error: &ConsoleError, lab: &str, node: &str) -> ErrorReport {
    let ConsoleError::NotStarted { said, .. } = error else {
        return error.report();
    };
    let message = format!("node {node} of lab {lab} has no shell that could run this");
    ErrorReport::new("node_no_shell", message)
        .with_cause(said.as_str())
        .with_hint(format!(
            "lw exec {lab} {node} -- PROGRAM runs one without a shell."
        ))
}
