//! Questions at the terminal.

use std::io::{self, IsTerminal};

use console::Term;
use tokio::task::spawn_blocking;

use super::Context;
use crate::exit::CommandError;

/// Whether there is somebody to ask.
pub(super) fn can_ask(context: &Context) -> bool {
    let options = &context.options;
    let alone = options.json || options.quiet;
    !alone && Term::stderr().is_term() && io::stdin().is_terminal()
}

/// Asks for a yes. Everything else is a no.
pub(super) async fn confirms(context: &Context, question: &str) -> Result<bool, CommandError> {
    let terminal = Term::stderr();
    terminal.write_str(&format!("{question} [y/N] "))?;
    // The terminal's own editing of the line stays on, and a Ctrl-C is the signal that it is everywhere else.
    let reading = spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    });
    let read = context.unless_stopped(reading).await?;
    let answer = read.map_err(io::Error::other)??;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
