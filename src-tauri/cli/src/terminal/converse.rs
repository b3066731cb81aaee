//! A user and a program in a node, brought together.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use labwright_engine::{ExecHandle, Output, TerminalSize};
use labwright_labs::console::{Console, ConsoleOutput, Heard};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::Terminal;
use super::keys::LeaveKeys;
use super::streams::{standard_error, standard_input, standard_output};
use crate::commands::Context;
use crate::exit::CommandError;

/// What a program reads.
type Input = Pin<Box<dyn AsyncWrite + Send>>;

/// How much is read at once.
const PIECE: usize = 32 << 10;
/// How long a Ctrl-P may wait for a Ctrl-Q.
const HOLD: Duration = Duration::from_secs(1);

/// What the program reads.
#[derive(Debug)]
pub(crate) enum Source {
    /// Nothing.
    Nothing,
    /// Standard input, to its end.
    Pipe,
    /// What is typed.
    Terminal(Terminal),
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The program ended, with this exit code.
    Program(i64),
    /// The user left, and the program goes on.
    Left,
}

/// Passes everything on until the program ends, the user leaves, or a signal comes. A terminal is as it was afterwards.
pub(crate) async fn converse(
    context: &Context,
    console: Console,
    mut source: Source,
) -> Result<End, CommandError> {
    let Console {
        input,
        output,
        handle,
    } = console;
    if let Source::Terminal(terminal) = &source {
        terminal.make_raw()?;
    }
    let mut leaving = feed(&source, input);
    let mut showing = Box::pin(show(output));
    loop {
        tokio::select! {
            code = &mut showing => return Ok(End::Program(code?)),
            left = &mut leaving => return Ok(left.map(|()| End::Left)?),
            size = changed(&mut source) => resize(&handle, size).await?,
            _ = context.stop.cancelled() => return Err(CommandError::Stopped),
        }
    }
}

/// Waits for what happens to the terminal.
async fn changed(source: &mut Source) -> Option<TerminalSize> {
    match source {
        Source::Terminal(terminal) => terminal.changed().await,
        Source::Pipe | Source::Nothing => pending().await,
    }
}

async fn resize(handle: &ExecHandle, size: Option<TerminalSize>) -> Result<(), CommandError> {
    let size = size.ok_or(CommandError::Stopped)?;
    if let Err(error) = handle.resize(size).await {
        // The program goes on with the size that it has.
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the terminal's size is not followed"
        );
    }
    Ok(())
}

/// Writes what the program prints until it ends; returns its exit code.
async fn show(mut output: ConsoleOutput) -> Result<i64, CommandError> {
    let (mut out, mut error) = (standard_output()?, standard_error()?);
    loop {
        let heard = output.next().await;
        match heard.map_err(|error| error.report())? {
            Heard::Output(Output::Out(bytes)) => write(&mut out, &bytes).await?,
            Heard::Output(Output::Error(bytes)) => write(&mut error, &bytes).await?,
            Heard::Ended(code) => return Ok(code),
        }
    }
}

async fn write(stream: &mut File, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

/// Passes on what there is to read. It is over when the user leaves, and only then.
fn feed(source: &Source, input: Input) -> Pin<Box<dyn Future<Output = io::Result<()>> + Send>> {
    match source {
        Source::Nothing => Box::pin(pending()),
        Source::Pipe => Box::pin(pour(input)),
        Source::Terminal(_) => Box::pin(type_in(input)),
    }
}

/// Passes on a pipe, to its end.
async fn pour(mut input: Input) -> io::Result<()> {
    let mut source = standard_input()?;
    let mut buffer = vec![0; PIECE];
    loop {
        let read = source.read(&mut buffer).await?;
        if read == 0 || !pass_on(&mut input, &buffer[..read]).await {
            break;
        }
    }
    // Who does not read any more does not mind.
    let _gone = input.shutdown().await;
    pending().await
}

/// Passes on what is typed, until the user leaves, or the terminal is gone.
async fn type_in(mut input: Input) -> io::Result<()> {
    let mut source = standard_input()?;
    let mut buffer = vec![0; PIECE];
    let mut keys = LeaveKeys::default();
    loop {
        let typed = match next(&mut source, &mut buffer, keys.holds()).await? {
            Some(0) => return Ok(()),
            Some(read) => keys.take(&buffer[..read]),
            None => keys.take_held(),
        };
        if !pass_on(&mut input, &typed.bytes).await {
            return pending().await;
        }
        if typed.leave {
            return Ok(());
        }
    }
}

/// How much was read; none if it is to be soon, and nothing came.
async fn next(source: &mut File, buffer: &mut [u8], soon: bool) -> io::Result<Option<usize>> {
    let read = source.read(buffer);
    if soon {
        return timeout(HOLD, read).await.ok().transpose();
    }
    read.await.map(Some)
}

/// Whether the program still reads. Why it does not, its end tells.
async fn pass_on(input: &mut Input, bytes: &[u8]) -> bool {
    let written = input.write_all(bytes).await.is_ok();
    written && input.flush().await.is_ok()
}
