//! `lw import`.

use std::collections::BTreeSet;
use std::sync::Arc;

use labwright_engine::Engine;
use labwright_images::{ImportJob, ImportRequest, Rules, sweep};
use labwright_jobs::{History, JobId, Monitor, MonitorOptions, SubmitError};
use labwright_session::source_of;

use super::Context;
use super::context::no_folder;
use crate::args::ImportArguments;
use crate::exit::{CommandError, Exit};
use crate::view::{Bars, JobView, Json, Plain, Quiet};
use crate::watch::{Watched, watch};

/// How many events may wait until a slow terminal or pipe takes them: hours of them.
const EVENTS_KEPT: usize = 1 << 20;

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
    let options = MonitorOptions {
        subscriber_buffer: EVENTS_KEPT,
        ..MonitorOptions::default()
    };
    let monitor = Monitor::start(history.clone(), options);
    let several = requests.len() > 1;
    let (_, events) = monitor.subscribe().await;
    let mut watched = Watched {
        events,
        handles: Vec::new(),
        elsewhere: BTreeSet::new(),
    };
    for request in requests {
        let job = ImportJob {
            engine: engine.clone(),
            rules: Arc::clone(&rules),
            earlier: earlier.clone(),
            request,
        };
        submit(context, &monitor, job, &mut watched).await?;
    }
    let sweeping = remove_leftovers(history.clone(), engine.clone());
    // Beside the imports: an engine may take long to list its images.
    let sweeping = tokio::spawn(sweeping);
    let mut view = view(context, several);
    let exit = watch(
        &monitor,
        watched,
        view.as_mut(),
        &context.output,
        &context.stop,
    )
    .await?;
    // Nothing is lost if it is left undone: the next import does it.
    let _undone = context.unless_stopped(sweeping).await;
    Ok(exit)
}

async fn submit(
    context: &Context,
    monitor: &Monitor,
    job: ImportJob,
    watched: &mut Watched,
) -> Result<(), CommandError> {
    let spec = job.spec();
    match monitor
        .submit(spec, |job_context| job.run(job_context))
        .await
    {
        Ok(submission) => watched.handles.push(submission.handle),
        Err(SubmitError::RunsElsewhere { job, title, pid }) => {
            context.note(&format!(
                "“{title}” runs already, in the process {pid}: showing that one"
            ));
            watched.elsewhere.insert(job);
        }
        Err(error) => return Err(error.report().into()),
    }
    Ok(())
}

/// Removes what imports that were killed have left. That it cannot be removed is no reason not to
/// import.
async fn remove_leftovers(history: History, engine: Engine) {
    let ended = |job: &JobId| {
        history
            .get(job.as_str())
            .is_ok_and(|record| record.job.outcome.is_some())
    };
    if let Err(error) = sweep(&engine, ended).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "leftovers of earlier imports stay"
        );
    }
}

fn view(context: &Context, several: bool) -> Box<dyn JobView> {
    let options = &context.options;
    if options.json {
        return Box::new(Json {
            quiet: options.quiet,
        });
    }
    if options.quiet {
        return Box::new(Quiet { several });
    }
    // What is said with -v would be written into the frame.
    if context.output.can_draw() && options.verbose == 0 {
        return Box::new(Bars::new(several, context.output.note_palette()));
    }
    Box::new(Plain::new(several))
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
    // Without a current folder only absolute paths mean anything.
    let here = std::env::current_dir().unwrap_or_default();
    arguments
        .sources
        .iter()
        .map(|given| {
            source_of(given, &here).map_err(|error| CommandError::Usage(error.to_string()))
        })
        .collect()
}
