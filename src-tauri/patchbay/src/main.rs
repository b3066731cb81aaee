//! The program that wires a lab's links inside the engine.
//!
//! `serve` keeps them wired, `talk` relays requests to it, `capture END` writes what passes an end until its input is
//! closed, `version` says what it is.

mod program;

use std::{
    env,
    error::Error,
    io::{self, Write},
    os::fd::AsFd,
    path::PathBuf,
    process::ExitCode,
};

use labwright_patchbay::{
    CAPTURE_COMMAND, EndName, PROTOCOL, SERVE_COMMAND, STATE_FOLDER, TALK_COMMAND, VERSION_COMMAND,
    VersionLine,
};
use program::{capture, daemon, talk};

/// How much of a frame is captured where nothing is said: all of it, with segments that are still to be cut.
const SNAP: u32 = 256 << 10;

/// How it is called.
const USAGE: &str =
    "serve [--state FOLDER] [--proc FOLDER] | talk | capture END [--snap BYTES] | version";

/// What the program was called for.
enum Command {
    Serve(daemon::Places),
    Talk,
    Capture { end: EndName, snap: u32 },
    Version,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own, which reads its command line"
)]
fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let Some(command) = read(&arguments) else {
        return failed(2, &format!("labwright-patchbay: usage: {USAGE}"));
    };
    match command {
        Command::Serve(places) => match daemon::serve(&places) {
            Ok(never) => match never {},
            Err(error) => failed(1, &chain(&error)),
        },
        Command::Talk => ended(talk::talk(io::stdin(), io::stdout())),
        Command::Capture { end, snap } => captured(&end, snap),
        Command::Version => ended(print_version(io::stdout())),
    }
}

fn read(arguments: &[String]) -> Option<Command> {
    let (command, rest) = arguments.split_first()?;
    match command.as_str() {
        SERVE_COMMAND => places(rest).map(Command::Serve),
        TALK_COMMAND if rest.is_empty() => Some(Command::Talk),
        CAPTURE_COMMAND => {
            let (end, rest) = rest.split_first()?;
            let snap = match rest {
                [] => SNAP,
                [option, value] if option == "--snap" => {
                    value.parse().ok().filter(|n| (1..=SNAP).contains(n))?
                }
                _ => return None,
            };
            let end = end.parse().ok()?;
            Some(Command::Capture { end, snap })
        }
        VERSION_COMMAND if rest.is_empty() => Some(Command::Version),
        _ => None,
    }
}

fn places(arguments: &[String]) -> Option<daemon::Places> {
    let mut places = daemon::Places {
        proc: PathBuf::from("/proc"),
        state: PathBuf::from(STATE_FOLDER),
    };
    for pair in arguments.chunks(2) {
        match pair {
            [option, folder] if option == "--proc" => places.proc = folder.into(),
            [option, folder] if option == "--state" => places.state = folder.into(),
            _ => return None,
        }
    }
    Some(places)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own, whose output is the capture"
)]
fn captured(end: &EndName, snap: u32) -> ExitCode {
    // Not `Stdout`, which would look for the end of lines.
    let file = io::stdout()
        .as_fd()
        .try_clone_to_owned()
        .map(std::fs::File::from);
    let outcome = match file {
        Ok(file) => capture::capture(end, snap, io::stdin(), file),
        Err(error) => return failed(1, &chain(&error)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let problems = serde_json::to_string(&error.problems(end));
            failed(1, &problems.unwrap_or_else(|_| chain(&error)))
        }
    }
}

fn print_version(mut output: impl Write) -> io::Result<()> {
    let line = VersionLine {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL,
    };
    serde_json::to_writer(&mut output, &line)?;
    writeln!(output)
}

fn ended(outcome: io::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => failed(1, &chain(&error)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own, which says why it failed"
)]
fn failed(code: u8, message: &str) -> ExitCode {
    // Whoever does not read it has the exit code.
    let _unread = writeln!(io::stderr(), "{message}");
    ExitCode::from(code)
}

fn chain(error: &dyn Error) -> String {
    let (mut text, mut next) = (error.to_string(), error.source());
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
