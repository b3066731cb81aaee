//! `lw images save`.

use std::io::{self, IsTerminal};
use std::path::{Component, Path, PathBuf};

use labwright_engine::Engine;
use labwright_images::{Packing, SaveJob, SaveRequest, SaveTarget};
use labwright_jobs::History;

use super::Context;
use super::work::Work;
use crate::args::SaveArguments;
use crate::exit::{CommandError, Exit};
use crate::terminal::own_output;

/// The name that stands for standard output.
const STANDARD_OUTPUT: &str = "-";

/// Saves images.
pub(super) async fn run(context: &Context, arguments: SaveArguments) -> Result<Exit, CommandError> {
    let file = file(context, &arguments)?;
    let history = context.history()?;
    let engine = context.engine().await?;
    let request = SaveRequest {
        references: arguments.references,
        file,
        replace: arguments.replace,
        engine: engine.info().address.clone(),
    };
    save(context, &history, engine, request).await
}

/// Submits the save, and shows it until it has ended. Without a file the archive is all that goes to
/// standard output.
pub(super) async fn save(
    context: &Context,
    history: &History,
    engine: Engine,
    request: SaveRequest,
) -> Result<Exit, CommandError> {
    let into_file = request.file.is_some();
    let target = if into_file {
        SaveTarget::File
    } else {
        SaveTarget::Stream(Box::new(own_output()?))
    };
    let job = SaveJob {
        engine,
        target,
        request,
    };
    let mut work = Work::start(context, history).await;
    work.submit(job.spec(), |context| job.run(context)).await?;
    if into_file {
        work.show(&context.output, false).await
    } else {
        work.show(&context.output.without_results(), false).await
    }
}

/// The file's absolute path; none for standard output.
fn file(context: &Context, arguments: &SaveArguments) -> Result<Option<String>, CommandError> {
    let given = &arguments.file;
    if given == STANDARD_OUTPUT {
        return match (context.options.json, io::stdout().is_terminal()) {
            (true, _) => Err(CommandError::Usage(
                "--json and an archive cannot both go to standard output; name a file".to_owned(),
            )),
            (_, true) => Err(CommandError::Usage(
                "an archive is nothing for a terminal; name a file, or send it to a program"
                    .to_owned(),
            )),
            _ => Ok(None),
        };
    }
    let path = absolute(Path::new(given));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if let Err(error) = Packing::of_name(&name) {
        let why = format!("{error}. {}", error.hint());
        return Err(CommandError::Usage(why));
    }
    match path.to_str() {
        Some(text) => Ok(Some(text.to_owned())),
        None => Err(CommandError::Usage(format!(
            "the path {} is no text",
            path.display()
        ))),
    }
}

/// From the root, without `.`; `..` may lead through a link, and stays.
fn absolute(path: &Path) -> PathBuf {
    // Without a current folder only absolute paths mean anything.
    let here = std::env::current_dir().unwrap_or_default();
    let whole = here.join(path);
    let parts = whole.components();
    parts.filter(|part| *part != Component::CurDir).collect()
}
