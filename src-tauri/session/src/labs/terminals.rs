//! Terminals in the window: consoles, shells and logs of nodes. They live as long as the page that opened them.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use labwright_engine::{Engine, ExecHandle, ExecSettings, LogSettings, OutputStream, TerminalSize};
use labwright_jobs::ErrorReport;
use labwright_labs::console::{self, Console, ConsoleError, ConsoleOutput, Heard};
use labwright_labs::kinds::Kinds;
use labwright_labs::running::{RunningLab, RunningNode};
use thiserror::Error;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::{TerminalEvent, TerminalKind, TerminalWish};

/// How many of its last lines a log begins with.
const LINES: u32 = 1000;
/// Output is passed on in pieces: one for each frame, of at most this many bytes. A page draws no more.
const FRAME: Duration = Duration::from_millis(16);
const PIECE: usize = 128 << 10;
/// What a shell is opened with: the better one, where the image has it.
const SHELL: [&str; 3] = [
    "sh",
    "-c",
    "command -v bash >/dev/null && exec bash || exec sh",
];
/// What is typed when a terminal is closed, so that no program stays behind: an interrupt, and the end of input. Each with
/// the pause that a program takes to make room for the shell behind it, and again for a shell in a shell.
const GOODBYE: [(&[u8], Duration); 2] = [
    (b"\x03", Duration::from_millis(100)),
    (b"\x04", Duration::from_millis(300)),
];
const TRIED: usize = 5;
/// How long the end of the program waits for all that.
const PATIENCE: Duration = Duration::from_secs(1);

/// What comes from a terminal.
#[derive(Clone, Debug, PartialEq)]
pub enum TerminalOutput {
    /// What the program printed.
    Bytes(Vec<u8>),
    /// Something else; the last of all.
    Event(TerminalEvent),
}

/// The terminals that are open.
#[derive(Debug, Default)]
pub(crate) struct Terminals {
    /// Held for moments only.
    open: Mutex<Open>,
    /// Everybody holds one who still has to say goodbye to a program.
    leaving: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Open {
    last: u64,
    terminals: BTreeMap<u64, Terminal>,
}

/// Dropping it closes the terminal.
#[derive(Debug)]
struct Terminal {
    asks: Option<mpsc::Sender<Ask>>,
    /// Dropped with it, which tells who types: somebody may still wait to.
    _open: Option<oneshot::Sender<()>>,
    output: AbortHandle,
    /// Gone once its end was told.
    tell: mpsc::WeakSender<TerminalOutput>,
}

impl Terminal {
    /// Closes it by no wish of the page's: its end is told before.
    fn take_away(self) {
        let Some(tell) = self.tell.upgrade() else {
            return;
        };
        let error = TerminalError::Closed.report();
        let event = TerminalOutput::Event(TerminalEvent::Failed { error });
        // Nobody may listen any more.
        tokio::spawn(async move { drop(tell.send(event).await) });
    }
}

/// Why a terminal is not what was wished.
#[derive(Debug, Error)]
pub(crate) enum TerminalError {
    /// It was closed, or there never was one of this number.
    #[error("the terminal is not open any more")]
    Gone,
    /// The program closed it.
    #[error("the terminal was closed with the page that opened it")]
    Closed,
    /// The page that wanted it is not there any more.
    #[error("the page that wanted the terminal is gone")]
    PageGone,
}

impl TerminalError {
    /// For people and programs.
    pub(crate) fn report(&self) -> ErrorReport {
        let code = match self {
            Self::Gone => "terminal_gone",
            Self::Closed => "terminal_closed",
            Self::PageGone => "page_gone",
        };
        ErrorReport::of(code, self).with_hint("Open another one.")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.output.abort();
    }
}

#[derive(Debug)]
enum Ask {
    Type(Vec<u8>),
    Resize(TerminalSize),
}

/// Where a terminal is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) kinds: &'a Kinds,
    pub(crate) lab: &'a RunningLab,
    pub(crate) node: &'a RunningNode,
}

impl Terminals {
    /// Opens a terminal; its number, and what comes from it. It is closed again if nobody wants it once it is open.
    pub(crate) async fn open(
        &self,
        place: Place<'_>,
        wish: &TerminalWish,
        is_wanted: impl Fn() -> bool,
    ) -> Result<(u64, mpsc::Receiver<TerminalOutput>), ErrorReport> {
        let (tell, told) = mpsc::channel(2);
        let size = size(wish.columns, wish.rows);
        let terminal = match wish.what {
            TerminalKind::Console => {
                let command = console::command(place.kinds, place.node);
                self.program(place, command, size, tell).await
            }
            TerminalKind::Shell => {
                let command = SHELL.map(str::to_owned).to_vec();
                self.program(place, command, size, tell).await
            }
            TerminalKind::Logs => logs(place, tell).await,
        };
        let terminal = terminal.map_err(|error| error.report())?;
        let mut open = self.lock();
        // Asked while nobody can close all: one that is put in now is closed with the others.
        if !is_wanted() {
            return Err(TerminalError::PageGone.report());
        }
        open.last += 1;
        let number = open.last;
        open.terminals.insert(number, terminal);
        Ok((number, told))
    }

    /// Starts a program with a terminal.
    async fn program(
        &self,
        place: Place<'_>,
        command: Vec<String>,
        size: TerminalSize,
        tell: mpsc::Sender<TerminalOutput>,
    ) -> Result<Terminal, ConsoleError> {
        let settings = ExecSettings {
            command,
            terminal: Some(size),
            input: true,
            ..ExecSettings::default()
        };
        let Place {
            engine, lab, node, ..
        } = place;
        let Console {
            input,
            output,
            handle,
        } = Console::open(engine, lab, node, &settings).await?;
        let (asks, asked) = mpsc::channel(64);
        let (open, closing) = oneshot::channel();
        let leaves = self.leaving.subscribe();
        tokio::spawn(async move {
            listen(asked, closing, input, handle).await;
            drop(leaves);
        });
        let told = tell.downgrade();
        let output = tokio::spawn(pass_on(Source::Program(Box::new(output)), tell));
        Ok(Terminal {
            asks: Some(asks),
            _open: Some(open),
            output: output.abort_handle(),
            tell: told,
        })
    }

    /// Types. What a program that has ended would read is dropped: its end is told.
    pub(crate) async fn type_into(&self, terminal: u64, text: String) -> Result<(), ErrorReport> {
        self.ask(terminal, Ask::Type(text.into_bytes())).await
    }

    /// Changes its size.
    pub(crate) async fn resize(
        &self,
        terminal: u64,
        columns: u16,
        rows: u16,
    ) -> Result<(), ErrorReport> {
        self.ask(terminal, Ask::Resize(size(columns, rows))).await
    }

    async fn ask(&self, terminal: u64, ask: Ask) -> Result<(), ErrorReport> {
        let asks = {
            let open = self.lock();
            let terminal = open.terminals.get(&terminal);
            let terminal = terminal.ok_or_else(|| TerminalError::Gone.report())?;
            terminal.asks.clone()
        };
        if let Some(asks) = asks {
            let _ended = asks.send(ask).await;
        }
        Ok(())
    }

    /// Closes one.
    pub(crate) fn close(&self, terminal: u64) {
        let closed = self.lock().terminals.remove(&terminal);
        drop(closed);
    }

    /// Closes all.
    pub(crate) fn close_all(&self) {
        let closed = std::mem::take(&mut self.lock().terminals);
        for terminal in closed.into_values() {
            terminal.take_away();
        }
    }

    /// Closes all, and waits a moment for the programs in them to end.
    pub(crate) async fn end(&self) {
        self.close_all();
        let _patience = timeout(PATIENCE, self.leaving.closed()).await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(columns: u16, rows: u16) -> TerminalSize {
    TerminalSize {
        columns: columns.max(1),
        rows: rows.max(1),
    }
}

async fn logs(
    place: Place<'_>,
    tell: mpsc::Sender<TerminalOutput>,
) -> Result<Terminal, ConsoleError> {
    let Place {
        engine, lab, node, ..
    } = place;
    let settings = LogSettings {
        follow: true,
        last: Some(LINES),
        ..LogSettings::default()
    };
    let stream = console::logs(engine, lab, node, settings).await?;
    let log = Log {
        lab: lab.name.clone(),
        node: node.name.clone(),
        stream,
        last: 0,
    };
    let told = tell.downgrade();
    let output = tokio::spawn(pass_on(Source::Log(log), tell));
    Ok(Terminal {
        asks: None,
        _open: None,
        output: output.abort_handle(),
        tell: told,
    })
}

/// Passes on what is typed, until the terminal is closed.
async fn listen(
    mut asked: mpsc::Receiver<Ask>,
    mut closing: oneshot::Receiver<()>,
    mut input: Pin<Box<dyn AsyncWrite + Send>>,
    handle: ExecHandle,
) {
    while closing.try_recv() == Err(TryRecvError::Empty)
        && let Some(ask) = asked.recv().await
    {
        match ask {
            Ask::Type(bytes) => {
                match write(&mut input, &bytes, &mut closing).await {
                    Some(Ok(())) => {}
                    // It ended; its output tells how.
                    Some(Err(_)) => return,
                    None => break,
                }
            }
            Ask::Resize(size) => {
                if let Err(error) = handle.resize(size).await {
                    tracing::debug!(%error, "a terminal keeps its size");
                }
            }
        }
    }
    say_goodbye(input, &handle).await;
}

/// Writes all of it, unless the terminal is closed meanwhile: a program that does not read must not keep it.
async fn write(
    input: &mut (impl AsyncWrite + Unpin),
    bytes: &[u8],
    closing: &mut oneshot::Receiver<()>,
) -> Option<io::Result<()>> {
    let written = async {
        input.write_all(bytes).await?;
        input.flush().await
    };
    tokio::select! {
        written = written => Some(written),
        _ = closing => None,
    }
}

/// An engine leaves a program running whose terminal is gone. One that does not heed this stays.
async fn say_goodbye(mut input: Pin<Box<dyn AsyncWrite + Send>>, handle: &ExecHandle) {
    for _ in 0..TRIED {
        for (keys, pause) in GOODBYE {
            let typed = async {
                input.write_all(keys).await?;
                input.flush().await
            };
            // A program that reads nothing must not keep it waiting.
            let typed: Result<io::Result<()>, _> = timeout(pause, typed).await;
            if !matches!(typed, Ok(Ok(()))) {
                return;
            }
            sleep(pause).await;
        }
        if !matches!(handle.ended().await, Ok(None)) {
            return;
        }
    }
}

/// Where output comes from.
enum Source {
    Program(Box<ConsoleOutput>),
    Log(Log),
}

/// What a node prints.
struct Log {
    lab: String,
    node: String,
    stream: OutputStream,
    last: u8,
}

impl Source {
    /// What comes next. Nothing is lost where the caller does not wait for it.
    async fn next(&mut self) -> Result<Piece, ConsoleError> {
        match self {
            Self::Program(output) => Ok(match output.next().await? {
                Heard::Output(output) => Piece::Bytes(output.bytes().to_vec()),
                Heard::Ended(exit_code) => Piece::Ended(exit_code),
            }),
            Self::Log(log) => log.next().await,
        }
    }
}

enum Piece {
    Bytes(Vec<u8>),
    Ended(i64),
}

impl Log {
    async fn next(&mut self) -> Result<Piece, ConsoleError> {
        match self.stream.next().await {
            None => Ok(Piece::Ended(0)),
            Some(Ok(output)) => Ok(Piece::Bytes(self.lines(output.bytes()))),
            Some(Err(source)) => Err(ConsoleError::Engine {
                lab: self.lab.clone(),
                node: self.node.clone(),
                source,
            }),
        }
    }

    /// A terminal begins a line at its left only where it is told to.
    fn lines(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut lines = Vec::with_capacity(bytes.len() + 32);
        for byte in bytes {
            if *byte == b'\n' && self.last != b'\r' {
                lines.push(b'\r');
            }
            lines.push(*byte);
            self.last = *byte;
        }
        lines
    }
}

/// Passes output on, a piece for each frame.
async fn pass_on(mut source: Source, tell: mpsc::Sender<TerminalOutput>) {
    loop {
        let frame;
        let mut piece = match source.next().await {
            Ok(Piece::Bytes(bytes)) => {
                frame = Instant::now() + FRAME;
                bytes
            }
            ended => return tell_end(ended, &tell).await,
        };
        let mut ended = None;
        while piece.len() < PIECE && ended.is_none() {
            match timeout_at(frame, source.next()).await {
                Ok(Ok(Piece::Bytes(bytes))) => piece.extend(bytes),
                Ok(end) => ended = Some(end),
                Err(_) => break,
            }
        }
        if tell.send(TerminalOutput::Bytes(piece)).await.is_err() {
            return;
        }
        if let Some(ended) = ended {
            return tell_end(ended, &tell).await;
        }
        sleep_until(frame).await;
    }
}

async fn tell_end(ended: Result<Piece, ConsoleError>, tell: &mpsc::Sender<TerminalOutput>) {
    let event = match ended {
        Ok(Piece::Ended(exit_code)) => TerminalEvent::Ended { exit_code },
        Ok(Piece::Bytes(_)) => return,
        Err(error) => TerminalEvent::Failed {
            error: error.report(),
        },
    };
    let _gone = tell.send(TerminalOutput::Event(event)).await;
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[tokio::test]
    async fn a_program_that_does_not_read_keeps_no_terminal_open() {
        let (mut input, _program) = tokio::io::duplex(16);
        let (open, mut closing) = oneshot::channel();
        let typed = write(&mut input, &[b'x'; 1000], &mut closing);
        let closed = async {
            sleep(Duration::from_millis(20)).await;
            drop(open);
        };
        let both = async { tokio::join!(typed, closed) };
        let (typed, ()) = timeout(Duration::from_secs(5), both).await.unwrap();
        assert!(typed.is_none(), "it was closed");
    }
}
