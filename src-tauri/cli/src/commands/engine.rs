//! `lw engine`.

use labwright_engine::{Candidate, Discovery, Engine, EngineInfo, EngineKind, Store, find};
use labwright_jobs::ErrorReport;
use labwright_session::problem;
use serde::Serialize;
use serde_json::Value;

use super::Context;
use crate::args::EngineAction;
use crate::engines::no_engine;
use crate::exit::{CommandError, Exit};
use crate::view::{Column, table, units, warning_lines};

/// Does what was asked for; lists without more.
pub(crate) async fn run(
    context: &Context,
    action: Option<EngineAction>,
) -> Result<Exit, CommandError> {
    match action {
        None | Some(EngineAction::List) => list(context).await,
        Some(EngineAction::Show) => show(context).await,
    }
}

/// An engine as programs read it.
#[derive(Debug, Serialize)]
struct EngineEntry<'a> {
    #[serde(flatten)]
    info: &'a EngineInfo,
    /// Bytes; null where that cannot be known.
    free_space: Option<u64>,
    /// Whether it is the one that would be used.
    selected: bool,
}

/// An engine over SSH that is known and was not asked, as programs read it.
#[derive(Debug, Serialize)]
struct UnaskedEntry<'a> {
    name: &'a str,
    address: String,
    /// It is not: that tells it from the others, which have no such field.
    asked: bool,
}

async fn list(context: &Context) -> Result<Exit, CommandError> {
    let wanted = context.options.engine.as_deref();
    let inputs = context.environment.discovery_inputs(wanted);
    let discovery = context.unless_stopped(find(&inputs)).await?;
    for engine in &discovery.engines {
        engine.described().await;
    }
    let selected = discovery.select();
    if let (Err(error), true) = (&selected, discovery.engines.is_empty()) {
        let facts = context.environment.system_facts();
        let report = no_engine(problem(error, &discovery, &facts));
        return Err(with_unasked(report, &discovery.unasked).into());
    }
    let selected_id = selected
        .as_ref()
        .ok()
        .map(|engine| engine.info().id.clone());
    let is_selected = |engine: &Engine| Some(&engine.info().id) == selected_id.as_ref();
    if context.options.json {
        print_entries(context, &discovery, is_selected)?;
    } else {
        print_table(context, &discovery, is_selected)?;
    }
    // The table shows what there is; that the chosen one is not among it is still a failure.
    match selected {
        Ok(_) => Ok(Exit::Succeeded),
        Err(error) => {
            let report = ErrorReport::of(error.code(), &error);
            let hints = error.hints().into_iter();
            Err(hints.fold(report, ErrorReport::with_hint).into())
        }
    }
}

fn print_entries(
    context: &Context,
    discovery: &Discovery,
    is_selected: impl Fn(&Engine) -> bool,
) -> std::io::Result<()> {
    let engines = discovery.engines.iter();
    let engines = engines.map(|engine| serde_json::to_value(entry(engine, is_selected(engine))));
    let unasked = discovery.unasked.iter().map(|candidate| {
        serde_json::to_value(UnaskedEntry {
            name: &candidate.name,
            address: candidate.address.to_string(),
            asked: false,
        })
    });
    let entries: Result<Vec<Value>, _> = engines.chain(unasked).collect();
    context.print_json(&entries?)
}

/// Nobody chose them: they are known, and may be the way out.
fn with_unasked(report: ErrorReport, unasked: &[Candidate]) -> ErrorReport {
    unasked.iter().fold(report, |report, candidate| {
        let name = &candidate.name;
        report.with_hint(format!(
            "{name}, at {}, is known and was not asked: lw engine show --engine {name}",
            candidate.address
        ))
    })
}

fn entry(engine: &Engine, selected: bool) -> EngineEntry<'_> {
    EngineEntry {
        info: engine.info(),
        free_space: engine.free_space(),
        selected,
    }
}

fn print_table(
    context: &Context,
    discovery: &Discovery,
    is_selected: impl Fn(&Engine) -> bool,
) -> std::io::Result<()> {
    let row = |engine: &Engine| {
        let info = engine.info();
        [
            if is_selected(engine) { "*" } else { "" }.to_owned(),
            info.name.clone(),
            program(info),
            store(info.store).to_owned(),
            info.architecture.clone(),
            engine.free_space().map(units::bytes).unwrap_or_default(),
            info.address.clone(),
        ]
    };
    let unasked = |candidate: &Candidate| {
        let mut row = <[String; 7]>::default();
        row[1].clone_from(&candidate.name);
        "not asked".clone_into(&mut row[2]);
        row[6] = candidate.address.to_string();
        row
    };
    let engines = discovery.engines.iter().map(row);
    let rows: Vec<_> = engines
        .chain(discovery.unasked.iter().map(unasked))
        .collect();
    let columns = [
        Column::text(""),
        Column::long("name"),
        Column::text("engine"),
        Column::text("store"),
        Column::text("arch"),
        Column::number("free"),
        Column::long("address"),
    ];
    let output = &context.output;
    let lines = table(
        &columns,
        &rows,
        output.result_width(),
        output.result_palette(),
    );
    context.print(&lines)?;
    let palette = output.note_palette();
    for (candidate, error) in &discovery.unreachable {
        // Where nobody said that an engine is, none is missed.
        if candidate.origin.is_chosen() {
            let line = format!("{}: {error}", candidate.name);
            context.note(&warning_lines(&line, palette).join("\n"));
        }
    }
    for refused in &discovery.refused {
        let line = format!("{}: {}", refused.name, refused.error);
        context.note(&warning_lines(&line, palette).join("\n"));
    }
    Ok(())
}

async fn show(context: &Context) -> Result<Exit, CommandError> {
    let engine = context.engine().await?;
    let info = engine.described().await;
    if context.options.json {
        context.print_json(&entry(&engine, true))?;
        return Ok(Exit::Succeeded);
    }
    let free = engine.free_space();
    let facts = [
        ("name", info.name.clone()),
        ("engine", program(info)),
        ("address", info.address.clone()),
        ("api", info.api_version.clone()),
        ("store", store(info.store).to_owned()),
        ("platform", format!("{}/{}", info.os, info.architecture)),
        (
            "data",
            info.data_root
                .as_ref()
                .map_or_else(|| "not known".to_owned(), |root| root.display().to_string()),
        ),
        (
            "free",
            free.map_or_else(|| "not known from here".to_owned(), units::bytes),
        ),
    ];
    let lines = facts.map(|(name, value)| {
        let line = format!("{name:<9} {value}");
        crate::view::printable(&line)
    });
    context.print(&lines)?;
    Ok(Exit::Succeeded)
}

fn program(info: &EngineInfo) -> String {
    let program = match info.kind {
        EngineKind::Docker => "Docker",
        EngineKind::Podman => "Podman",
    };
    format!("{program} {}", info.version)
}

fn store(store: Store) -> &'static str {
    match store {
        Store::Classic => "classic",
        Store::Containerd => "containerd",
        Store::Podman => "podman",
    }
}
