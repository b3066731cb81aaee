//! The commands: each parses what it was given, calls the crates below, and shows what came of it.

mod ask;
mod attach;
mod cancel;
mod capture;
mod check;
mod completions;
mod console;
mod context;
mod copy;
mod engine;
mod exec;
mod greet;
mod host;
mod images;
mod import;
mod install;
mod jobs;
mod lab;
mod left;
mod link;
mod login;
mod logs;
mod node;
mod place;
mod pull;
mod retry;
mod save;
mod work;

pub(crate) use context::Context;
pub(crate) use left::Joiner;

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
        Command::Lab { action } => lab::run(context, action).await,
        Command::Node { action } => node::run(context, action).await,
        Command::Console(arguments) => console::run(context, arguments).await,
        Command::Logs(arguments) => logs::run(context, &arguments).await,
        Command::Exec(arguments) => exec::run(context, arguments).await,
        Command::Link { action } => link::run(context, action).await,
        Command::Host { action } => host::run(context, action).await,
        Command::Install(arguments) => install::install(context, arguments).await,
        Command::Verify(arguments) => install::verify(context, &arguments).await,
        Command::Repair(arguments) => install::repair(context, &arguments).await,
        Command::Jobs { action } => jobs::run(context, action).await,
        Command::Completions { shell } => completions::run(context, shell),
    }
}
