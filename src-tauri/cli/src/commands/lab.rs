//! `lw lab`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use labwright_engine::Engine;
use labwright_jobs::{ErrorReport, History};
use labwright_labs::deploy::{
    DeployJob, DeployRequest, OnFailure, Surroundings, read, topology_file,
};
use labwright_labs::kinds::Kinds;
use labwright_labs::plan::{Bring, Planner};
use labwright_labs::running::{
    self, DestroyJob, DestroyRequest, PowerAction, PowerJob, PowerRequest,
};
use labwright_labs::survey::Survey;
use labwright_labs::topology::Topology;

use super::Context;
use super::check::check;
use super::import::{absolute, rules};
use super::place::Place;
use super::work::Work;
use crate::args::labs::{ChosenLab, DeployArguments, LabAction, PlanArguments, WhenFailed};
use crate::exit::{CommandError, Exit};
use crate::view::labs;

/// Does what was asked for; lists without more.
pub(crate) async fn run(
    context: &Context,
    action: Option<LabAction>,
) -> Result<Exit, CommandError> {
    match action {
        None | Some(LabAction::List) => list(context).await,
        Some(LabAction::Deploy(arguments)) => deploy(context, arguments).await,
        Some(LabAction::Plan(arguments)) => plan(context, arguments).await,
        Some(LabAction::Check { files }) => check(context, &files).await,
        Some(LabAction::Destroy { lab, keep_state }) => destroy(context, &lab, keep_state).await,
        Some(LabAction::Start(lab)) => power(context, &lab, &[], PowerAction::Start).await,
        Some(LabAction::Stop(lab)) => power(context, &lab, &[], PowerAction::Stop).await,
        Some(LabAction::Restart(lab)) => power(context, &lab, &[], PowerAction::Restart).await,
        Some(LabAction::Save { lab, nodes, output }) => {
            save(context, &lab, &nodes, output.as_deref()).await
        }
        Some(LabAction::Inspect(lab)) => inspect(context, &lab).await,
        Some(LabAction::Doctor(lab)) => doctor(context, &lab).await,
    }
}

/// The table of kinds, which is a part of the program.
pub(super) fn kinds() -> Result<Arc<Kinds>, CommandError> {
    let kinds = Kinds::built_in();
    let kinds = kinds.map_err(|error| ErrorReport::of("kinds", &error))?;
    Ok(Arc::new(kinds))
}

pub(super) fn surroundings(context: &Context) -> Surroundings {
    Surroundings {
        variable: Arc::new(|name| std::env::var(name).ok()),
        home: context.environment.home().map(Path::to_owned),
        owner: std::env::var("USER").unwrap_or_default(),
    }
}

/// The file, absolute, and what it says.
async fn topology(
    context: &Context,
    kinds: &Kinds,
    file: &Path,
) -> Result<(PathBuf, Topology), CommandError> {
    let file = topology_file(file).map_err(|error| error.report())?;
    let file = std::path::absolute(&file)?;
    let topology = read(&file, kinds, &surroundings(context)).await;
    Ok((file, topology.map_err(|error| error.report())?))
}

fn warn(context: &Context, topology: &Topology) {
    for warning in &topology.warnings {
        context.note(&warning.to_string());
    }
}

async fn deploy(context: &Context, arguments: DeployArguments) -> Result<Exit, CommandError> {
    let kinds = kinds()?;
    let DeployArguments { plan, .. } = arguments;
    let (file, topology) = topology(context, &kinds, &plan.file).await?;
    warn(context, &topology);
    let history = context.history()?;
    let engine = context.engine().await?;
    let request = DeployRequest {
        file,
        engine: engine.info().address.clone(),
        pull: plan.pull,
        import: absolute(&plan.import)?,
        anew: plan.anew,
        on_failure: match arguments.on_failure {
            None => OnFailure::Usual,
            Some(WhenFailed::Undo) => OnFailure::Undo,
            Some(WhenFailed::Keep) => OnFailure::Keep,
        },
        ready_within: arguments.ready_within,
    };
    deploy_as(context, &history, engine, topology.name.as_str(), request).await
}

/// Deploys what was asked for, now or before.
pub(super) async fn deploy_as(
    context: &Context,
    history: &History,
    engine: Engine,
    lab: &str,
    request: DeployRequest,
) -> Result<Exit, CommandError> {
    let job = DeployJob {
        engine,
        places: Arc::new(context.environment.registry_places()),
        kinds: kinds()?,
        rules: Arc::new(rules(context)?),
        surroundings: surroundings(context),
        request,
    };
    let mut work = Work::start(context, history).await;
    work.submit(job.spec(lab), |context| job.run(context))
        .await?;
    work.show(&context.output, false).await
}

async fn plan(context: &Context, arguments: PlanArguments) -> Result<Exit, CommandError> {
    let archives = absolute(&arguments.import)?;
    let kinds = kinds()?;
    let (_, topology) = topology(context, &kinds, &arguments.file).await?;
    warn(context, &topology);
    let engine = context.engine().await?;
    let survey = Survey::of(&engine, &topology, &kinds);
    let survey = context.unless_stopped(survey).await?;
    let survey = survey.map_err(|error| {
        let hints = error.hints().into_iter();
        hints.fold(
            ErrorReport::of(error.code(), &error),
            ErrorReport::with_hint,
        )
    })?;
    let owner = surroundings(context).owner;
    let planner = Planner {
        topology: &topology,
        kinds: &kinds,
        survey: &survey,
        owner: &owner,
        bring: Bring {
            pull: arguments.pull,
            archives: &archives,
            rules: &rules(context)?,
        },
        anew: arguments.anew,
    };
    let plan = planner.plan().map_err(|error| error.report())?;
    if context.options.json {
        context.print_json(&labs::plan_json(&plan))?;
    } else {
        context.print(&labs::plan_lines(&plan, engine.title()))?;
    }
    Ok(Exit::Succeeded)
}

/// The name of a lab that was given by its name or by its file.
pub(super) async fn lab_name(
    context: &Context,
    kinds: &Kinds,
    chosen: &ChosenLab,
) -> Result<String, CommandError> {
    let given = chosen.lab.as_str();
    let path = Path::new(given);
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_file =
        given.contains(std::path::MAIN_SEPARATOR) || matches!(ending, Some("yml" | "yaml"));
    if !is_file || !path.exists() {
        return Ok(given.to_owned());
    }
    let (_, topology) = topology(context, kinds, path).await?;
    Ok(topology.name.to_string())
}

async fn destroy(
    context: &Context,
    chosen: &ChosenLab,
    keep_state: bool,
) -> Result<Exit, CommandError> {
    let lab = lab_name(context, &*kinds()?, chosen).await?;
    let history = context.history()?;
    let engine = context.engine().await?;
    let request = DestroyRequest {
        lab,
        engine: engine.info().address.clone(),
        keep_state,
    };
    destroy_as(context, &history, engine, request).await
}

/// Destroys what was asked for, now or before.
pub(super) async fn destroy_as(
    context: &Context,
    history: &History,
    engine: Engine,
    request: DestroyRequest,
) -> Result<Exit, CommandError> {
    let job = DestroyJob { engine, request };
    let mut work = Work::start(context, history).await;
    work.submit(job.spec(), |context| job.run(context)).await?;
    work.show(&context.output, false).await
}

/// Starts or stops nodes; all of them, if none is named.
pub(super) async fn power(
    context: &Context,
    chosen: &ChosenLab,
    nodes: &[String],
    action: PowerAction,
) -> Result<Exit, CommandError> {
    let Place { engine, lab, .. } = Place::find(context, chosen).await?;
    lab.chosen(nodes).map_err(|error| error.report())?;
    let history = context.history()?;
    let request = PowerRequest {
        lab: lab.name,
        nodes: nodes.to_vec(),
        action,
        engine: engine.info().address.clone(),
    };
    power_as(context, &history, engine, request).await
}

/// Starts or stops what was asked for, now or before.
pub(super) async fn power_as(
    context: &Context,
    history: &History,
    engine: Engine,
    request: PowerRequest,
) -> Result<Exit, CommandError> {
    let job = PowerJob {
        engine,
        kinds: kinds()?,
        request,
    };
    let mut work = Work::start(context, history).await;
    work.submit(job.spec(), |context| job.run(context)).await?;
    work.show(&context.output, false).await
}

async fn list(context: &Context) -> Result<Exit, CommandError> {
    let engine = context.engine().await?;
    let labs = context.unless_stopped(running::labs(&engine)).await?;
    let labs = labs.map_err(|error| error.report())?;
    if context.options.json {
        context.print_json(&labs::list_json(&labs))?;
    } else if labs.is_empty() {
        context.note(&format!("no labs in {}", engine.title()));
    } else {
        let output = &context.output;
        context.print(&labs::list_lines(
            &labs,
            output.result_width(),
            output.result_palette(),
        ))?;
    }
    Ok(Exit::Succeeded)
}

async fn inspect(context: &Context, chosen: &ChosenLab) -> Result<Exit, CommandError> {
    let Place { engine, kinds, lab } = Place::find(context, chosen).await?;
    let state = running::inspect(&engine, &kinds, &lab);
    let state = context.unless_stopped(state).await?;
    let state = state.map_err(|error| error.report())?;
    if context.options.json {
        context.print_json(&state)?;
    } else {
        let output = &context.output;
        context.print(&labs::state_lines(
            &state,
            output.result_width(),
            output.result_palette(),
        ))?;
    }
    Ok(Exit::Succeeded)
}

async fn doctor(context: &Context, chosen: &ChosenLab) -> Result<Exit, CommandError> {
    let Place { engine, kinds, lab } = Place::find(context, chosen).await?;
    let findings = running::doctor(&engine, &kinds, &lab);
    let findings = context.unless_stopped(findings).await?;
    let findings = findings.map_err(|error| error.report())?;
    if context.options.json {
        context.print_json(&findings)?;
    } else {
        context.print(&labs::finding_lines(
            &findings,
            context.output.result_palette(),
        ))?;
    }
    let ill = findings.iter().any(|finding| finding.problem.is_some());
    Ok(if ill { Exit::Failed } else { Exit::Succeeded })
}

async fn save(
    context: &Context,
    chosen: &ChosenLab,
    nodes: &[String],
    folder: Option<&Path>,
) -> Result<Exit, CommandError> {
    let Place { engine, kinds, lab } = Place::find(context, chosen).await?;
    let saved = running::save(&engine, &kinds, &lab, nodes);
    let saved = context.unless_stopped(saved).await?;
    let saved = saved.map_err(|error| error.report())?;
    if let Some(folder) = folder {
        for node in &saved.nodes {
            let of_node = folder.join(&node.node);
            std::fs::create_dir_all(&of_node)
                .and_then(|()| std::fs::write(of_node.join(&node.file), &node.text))
                .map_err(|error| {
                    ErrorReport::of("save_write", &error).with_cause(format!(
                        "writing {} into {}",
                        node.file,
                        of_node.display()
                    ))
                })?;
        }
    }
    let failure = saved.failure();
    if context.options.json {
        context.print_json(&saved.nodes)?;
    } else if saved.nodes.is_empty() && failure.is_none() {
        context.note("no node of this lab is of a kind that saves its configuration");
    } else {
        context.print(&labs::saved_lines(&saved.nodes, folder))?;
    }
    failure.map_or(Ok(Exit::Succeeded), |report| Err(report.into()))
}
