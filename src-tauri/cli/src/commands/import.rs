//! `lw import`.

use std::sync::Arc;

use labwright_engine::Engine;
use labwright_images::{ImportJob, ImportRequest, Rules};
use labwright_jobs::History;
use labwright_session::source_of;

use super::Context;
use super::context::no_folder;
use super::work::{Work, remove_leftovers};
use crate::args::ImportArguments;
use crate::exit::{CommandError, Exit};

/// Imports all that was given.
pub(crate) async fn run(
    context: &Context,
    arguments: ImportArguments,
) -> Result<Exit, CommandError> {
    let sources = sources(&arguments)?;
    let rules = rules(context)?;
    check_kind(&rules, arguments.kind.as_deref())?;
    let history = context.history()?;
    let engine = context.engine().await?;
    let address = &engine.info().address;
    let request = |source| ImportRequest {
        source,
        reference: arguments.reference.clone(),
        kind: arguments.kind.clone(),
        replace: arguments.replace,
        sha256: arguments.sha256.clone(),
        engine: address.clone(),
    };
    let requests = sources.into_iter().map(request).collect();
    import_all(context, &history, &engine, rules, requests).await
}

/// Submits all imports at once, and shows them until they have ended.
pub(super) async fn import_all(
    context: &Context,
    history: &History,
    engine: &Engine,
    rules: Rules,
    requests: Vec<ImportRequest>,
) -> Result<Exit, CommandError> {
    let rules = Arc::new(rules);
    let earlier = history.succeeded_results("import")?;
    let several = requests.len() > 1;
    let mut work = Work::start(context, history).await;
    for request in requests {
        let job = ImportJob {
            engine: engine.clone(),
            rules: Arc::clone(&rules),
            earlier: earlier.clone(),
            request,
        };
        work.submit(job.spec(), |context| job.run(context)).await?;
    }
    let sweeping = remove_leftovers(history.clone(), engine.clone());
    // Beside the imports: an engine may take long to list its images.
    let sweeping = tokio::spawn(sweeping);
    let exit = work.show(&context.output, several).await?;
    // Nothing is lost if it is left undone: the next import does it.
    let _undone = context.unless_stopped(sweeping).await;
    Ok(exit)
}

/// The rules that know the kinds, with those of the user.
pub(super) fn rules(context: &Context) -> Result<Rules, CommandError> {
    let file = context.environment.kinds_file();
    let file = file.ok_or_else(|| no_folder("LABWRIGHT_CONFIG_DIR"))?;
    let rules = Rules::built_in().and_then(|rules| rules.with_file(&file));
    rules.map_err(|error| error.report().into())
}

fn check_kind(rules: &Rules, kind: Option<&str>) -> Result<(), CommandError> {
    let Some(kind) = kind else {
        return Ok(());
    };
    let known = rules.kinds();
    if known.contains(&kind) {
        return Ok(());
    }
    let known = known.join(", ");
    Err(CommandError::Usage(format!(
        "there is no kind {kind}; known are {known}"
    )))
}

fn sources(arguments: &ImportArguments) -> Result<Vec<String>, CommandError> {
    if arguments.sources.len() > 1 {
        let for_one = [
            ("--as", arguments.reference.is_some()),
            ("--sha256", arguments.sha256.is_some()),
        ];
        if let Some((option, _)) = for_one.iter().find(|(_, given)| *given) {
            return Err(CommandError::Usage(format!(
                "{option} is for one file, and {} were given",
                arguments.sources.len()
            )));
        }
    }
    absolute(&arguments.sources)
}

/// Archives as they were given, as absolute paths or URLs.
pub(super) fn absolute(given: &[String]) -> Result<Vec<String>, CommandError> {
    // Without a current folder only absolute paths mean anything.
    let here = std::env::current_dir().unwrap_or_default();
    let source = |one: &String| source_of(one, &here);
    let sources = given.iter().map(source).collect::<Result<_, _>>();
    sources.map_err(|error| CommandError::Usage(error.to_string()))
}
