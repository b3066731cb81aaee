//! `lw completions`.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::Context;
use crate::args::Arguments;
use crate::exit::{CommandError, Exit};

/// Prints what the shell needs.
pub(crate) fn run(context: &Context, shell: Shell) -> Result<Exit, CommandError> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "lw", &mut script);
    let script = String::from_utf8_lossy(&script);
    context.output.result(script.trim_end())?;
    Ok(Exit::Succeeded)
}
