//! `lw exec`, and what it shares with `lw console`.

use std::io::{self, IsTerminal};

use labwright_engine::ExecSettings;
use labwright_labs::console::Console;
use labwright_labs::running::RunningNode;

use super::Context;
use super::place::Place;
use crate::args::ExecArguments;
use crate::exit::{CommandError, Exit};
use crate::terminal::{End, Source, Terminal, converse};

/// Runs a command in a node.
pub(super) async fn run(context: &Context, arguments: ExecArguments) -> Result<Exit, CommandError> {
    let source = match (arguments.tty, io::stdin().is_terminal()) {
        (true, true) => Source::Terminal(Terminal::open()?),
        (true, false) => {
            let why = "standard input is no terminal that the command could have; leave --tty out";
            return Err(CommandError::Usage(why.to_owned()));
        }
        (false, true) => Source::Nothing,
        (false, false) => Source::Pipe,
    };
    let place = Place::find(context, &arguments.lab).await?;
    let node = place.node(&arguments.node)?;
    let settings = ExecSettings {
        command: arguments.command,
        ..ExecSettings::default()
    };
    speak(context, &place, node, settings, source).await
}

/// Starts a program in a node, and brings it together with the user. A terminal is kept waiting until it runs.
pub(super) async fn speak(
    context: &Context,
    place: &Place,
    node: &RunningNode,
    settings: ExecSettings,
    source: Source,
) -> Result<Exit, CommandError> {
    let terminal = match &source {
        Source::Terminal(terminal) => Some(terminal.size()),
        _ => None,
    };
    let settings = ExecSettings {
        terminal,
        input: !matches!(source, Source::Nothing),
        ..settings
    };
    let opened = Console::open(&place.engine, &place.lab, node, &settings);
    let console = context.unless_stopped(opened).await?;
    let console = console.map_err(|error| error.report())?;
    if terminal.is_some() {
        context.note("Ctrl-P Ctrl-Q leaves.");
    }
    match converse(context, console, source).await? {
        End::Program(code) => Ok(Exit::of_program(code)),
        End::Left => {
            context.note(&format!(
                "\nleft {}; {} goes on there",
                node.name,
                settings.command.join(" ")
            ));
            Ok(Exit::Succeeded)
        }
    }
}
