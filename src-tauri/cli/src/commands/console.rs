//! `lw console`.

use std::io::{self, IsTerminal};

use labwright_engine::ExecSettings;
use labwright_labs::console;

use super::Context;
use super::exec::speak;
use super::place::Place;
use crate::args::ConsoleArguments;
use crate::exit::{CommandError, Exit};
use crate::terminal::{Source, Terminal};

/// Opens a node's command line.
pub(super) async fn run(
    context: &Context,
    arguments: ConsoleArguments,
) -> Result<Exit, CommandError> {
    let place = Place::find(context, &arguments.lab).await?;
    let node = place.node(&arguments.node)?;
    let own = || console::command(&place.kinds, node);
    let settings = ExecSettings {
        command: arguments.shell.map_or_else(own, |words| words.0),
        ..ExecSettings::default()
    };
    let source = if io::stdin().is_terminal() {
        Source::Terminal(Terminal::open()?)
    } else {
        Source::Pipe
    };
    speak(context, &place, node, settings, source).await
}
