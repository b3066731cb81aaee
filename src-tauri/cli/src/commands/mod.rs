//! The commands: each parses what it was given, calls the crates below, and shows what came of it.

mod completions;
mod context;
mod copy;
mod engine;
mod images;
mod import;
mod jobs;
mod login;
mod pull;
mod retry;
mod save;
mod work;

pub(crate) use context::Context;

use crate::args::Command;
use crate::exit::{CommandError, Exit};

/// Does what was asked for.
pub(crate) async fn run(context: &Context, command: Command) -> Result<Exit, CommandError> {
    match command {
        Command::Engine { action } => engine::run(context, action).await,
        Command::Import(arguments) => import::run(context, arguments).await,
        Command::Pull(arguments) => pull::run(context, arguments).await,
        Command::Login(arguments) => login::log_in(context, arguments).await,
        Command::Logout { registry } => login::log_out(context, &registry).await,
        Command::Images { action } => images::run(context, action).await,
        Command::Jobs { action } => jobs::run(context, action).await,
        Command::Completions { shell } => completions::run(context, shell),
    }
}
