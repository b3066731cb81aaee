//! `lw node`.

use labwright_labs::running::PowerAction;

use super::{Context, lab};
use crate::args::labs::NodeAction;
use crate::exit::{CommandError, Exit};

/// Does what was asked for.
pub(crate) async fn run(context: &Context, action: NodeAction) -> Result<Exit, CommandError> {
    let (arguments, action) = match action {
        NodeAction::Start(arguments) => (arguments, PowerAction::Start),
        NodeAction::Stop(arguments) => (arguments, PowerAction::Stop),
        NodeAction::Restart(arguments) => (arguments, PowerAction::Restart),
    };
    lab::power(context, &arguments.lab, &arguments.nodes, action).await
}
