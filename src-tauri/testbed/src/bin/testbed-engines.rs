//! Runs a command with all three engines at hand: `testbed-engines COMMAND [ARGUMENT…]`.
//!
//! The engines are started once, their addresses passed in the variables that `Engine::shared` reads, and ended with
//! the command, whose exit code is this program's.
#![expect(
    clippy::expect_used,
    reason = "test support: a broken bench must stop the run at once"
)]

use std::env;
use std::process::{Command, ExitCode};
use std::thread;

use labwright_testbed::{Engine, Kind};

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let program = arguments
        .next()
        .expect("usage: testbed-engines COMMAND [ARGUMENT…]");
    let starting = Kind::ALL.map(|kind| thread::spawn(move || Engine::private(kind)));
    let engines = starting.map(|engine| {
        engine
            .join()
            .expect("an engine did not start; its message is above")
    });
    let mut command = Command::new(&program);
    command.args(arguments);
    for engine in &engines {
        command.env(engine.kind().variable(), engine.address());
    }
    let status = command
        .status()
        .unwrap_or_else(|error| panic!("cannot run {}: {error}", program.display()));
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
