//! `lw logs`.

use futures_util::StreamExt;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use labwright_engine::{LogSettings, Output, OutputStream};
use labwright_jobs::ErrorReport;
use labwright_labs::console::logs;
use tokio::io::AsyncWriteExt;

use super::Context;
use super::place::Place;
use crate::args::LogsArguments;
use crate::exit::{CommandError, Exit};
use crate::terminal::{standard_error, standard_output};

/// Shows what a node has printed, until it is all there, or the user has seen enough.
pub(super) async fn run(
    context: &Context,
    arguments: &LogsArguments,
) -> Result<Exit, CommandError> {
    let place = Place::find(context, &arguments.lab).await?;
    let node = place.node(&arguments.node)?;
    let since = arguments.since.as_ref();
    let settings = LogSettings {
        follow: arguments.follow,
        last: arguments.last,
        since: since.map(|since| since.seconds(Timestamp::now(), &TimeZone::system())),
        timestamps: arguments.timestamps,
    };
    let shown = async {
        let lines = logs(&place.engine, &place.lab, node, settings).await;
        show(lines.map_err(|error| error.report())?).await
    };
    match context.unless_stopped(shown).await {
        Err(CommandError::Stopped) => Ok(Exit::Succeeded),
        shown => shown?.map(|()| Exit::Succeeded),
    }
}

async fn show(mut lines: OutputStream) -> Result<(), CommandError> {
    let (mut out, mut error) = (standard_output()?, standard_error()?);
    while let Some(piece) = lines.next().await {
        let piece = piece.map_err(|error| {
            let hints = error.hints().into_iter();
            hints.fold(
                ErrorReport::of(error.code(), &error),
                ErrorReport::with_hint,
            )
        })?;
        let stream = match piece {
            Output::Out(_) => &mut out,
            Output::Error(_) => &mut error,
        };
        stream.write_all(piece.bytes()).await?;
        stream.flush().await?;
    }
    Ok(())
}
