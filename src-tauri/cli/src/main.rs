//! `lw`: Labwright in a terminal. Parses what was typed, calls the crates below, shows what comes.

mod args;
mod board;
mod commands;
mod engines;
mod exit;
mod installs;
mod interrupt;
mod output;
mod terminal;
mod view;
mod watch;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use labwright_jobs::ErrorReport;
use labwright_session::Environment;
use tracing_subscriber::EnvFilter;

use crate::args::{Arguments, Everywhere};
use crate::commands::Context;
use crate::exit::{CommandError, Exit};
use crate::output::Output;
use crate::view::{error_json, error_lines};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let environment = Environment::from_variables(|name| std::env::var_os(name));
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let output = Output::new(colour);
    trace(arguments.everywhere.verbose, output.note_palette().is_on());
    let options = arguments.everywhere.clone();
    let ended = match tokio::runtime::Runtime::new() {
        Ok(runtime) => {
            let ended = runtime.block_on(run(arguments, environment, Output::new(colour)));
            // Nothing that still hangs keeps lw from ending: jobs have ended, and are written.
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(no_runtime(&error)),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(error) => explain(&output, &options, error).into(),
    }
}

async fn run(
    arguments: Arguments,
    environment: Environment,
    output: Output,
) -> Result<Exit, CommandError> {
    let config = arguments.everywhere.ssh_config.as_ref();
    let config = config.map(std::path::absolute).transpose()?;
    let context = Context {
        output,
        options: arguments.everywhere,
        environment: environment.with_ssh_config(config),
        stop: interrupt::listen(),
    };
    commands::run(&context, arguments.command).await
}

/// Says why a command ended before it was done.
fn explain(output: &Output, options: &Everywhere, error: CommandError) -> Exit {
    let palette = output.note_palette();
    match error {
        CommandError::Failed(report) if options.json => {
            output.note(&error_json(&report));
            Exit::Failed
        }
        CommandError::Failed(report) => {
            output.note(&error_lines(&report, None, palette).join("\n"));
            Exit::Failed
        }
        CommandError::Usage(why) => {
            output.note(&format!(
                "{} {why}\n\nFor more information, try '--help'.",
                palette.bad("error:")
            ));
            Exit::Usage
        }
        CommandError::Stopped => Exit::Cancelled,
        // Who read it has seen enough.
        CommandError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Succeeded,
        CommandError::Output(error) => {
            let report = ErrorReport::new("output", "the result cannot be written")
                .with_cause(error.to_string());
            output.note(&error_lines(&report, None, palette).join("\n"));
            Exit::Failed
        }
    }
}

fn no_runtime(error: &io::Error) -> CommandError {
    ErrorReport::new("internal", "lw cannot start its threads")
        .with_cause(error.to_string())
        .with_hint("Check the limits on processes and open files.")
        .into()
}

/// What is done is said on standard error, with `-v`.
fn trace(verbose: u8, colour: bool) {
    let filter = match verbose {
        0 => return,
        1 => {
            "warn,lw=debug,labwright_jobs=debug,labwright_engine=debug,labwright_images=debug,labwright_remote=debug"
        }
        _ => {
            "debug,lw=trace,labwright_jobs=trace,labwright_engine=trace,labwright_images=trace,labwright_remote=trace"
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(io::stderr)
        .with_ansi(colour)
        .init();
}
