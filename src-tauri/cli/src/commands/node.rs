//! `lw node`.

use labwright_labs::running::PowerAction;

use super::{Context, exec, lab};
use crate::args::labs::{NodeAction, NodeArguments};
use crate::exit::{CommandError, Exit};

/// Does what was asked for.
pub(crate) async fn run(context: &Context, action: NodeAction) -> Result<Exit, CommandError> {
    match action {
        NodeAction::Start(nodes) => power(context, nodes, PowerAction::Start).await,
        NodeAction::Stop(nodes) => power(context, nodes, PowerAction::Stop).await,
        NodeAction::Restart(nodes) => power(context, nodes, PowerAction::Restart).await,
        NodeAction::Exec(arguments) => exec::run(context, arguments).await,
    }
}

async fn power(
    context: &Context,
    arguments: NodeArguments,
    action: PowerAction,
) -> Result<Exit, CommandError> {
    lab::power(context, &arguments.lab, &arguments.nodes, action).await
}
