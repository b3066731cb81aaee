//! `lw host`.

use futures_util::future::join_all;
use labwright_jobs::ErrorReport;
use labwright_remote::Tested;
use labwright_remote::host::{Host, HostFacts};
use labwright_session::hosts::Reach;
use serde::Serialize;

use super::Context;
use super::greet::greet;
use crate::args::{HostAction, HostAddArguments};
use crate::exit::{CommandError, Exit};
use crate::view::{Column, fact_lines, printable, table};

/// Does what was asked for; lists without more.
pub(crate) async fn run(
    context: &Context,
    action: Option<HostAction>,
) -> Result<Exit, CommandError> {
    let reach = context.reach()?;
    match action {
        None | Some(HostAction::List) => list(context, &reach).await,
        Some(HostAction::Add(arguments)) => add(context, &reach, arguments).await,
        Some(HostAction::Test { name, fingerprint }) => {
            test(context, &reach, &name, fingerprint.as_deref()).await
        }
        Some(HostAction::Rm { name }) => remove(context, &reach, &name),
    }
}

/// A host as programs read it.
#[derive(Debug, Serialize)]
struct HostEntry {
    #[serde(flatten)]
    host: Host,
    /// Where ssh goes; null where its configuration cannot be used.
    resolved: Option<String>,
}

/// What a test found, as programs read it.
#[derive(Debug, Serialize)]
struct TestedEntry<'a> {
    host: &'a str,
    /// Milliseconds.
    round_trip: u64,
    #[serde(flatten)]
    facts: &'a HostFacts,
}

async fn list(context: &Context, reach: &Reach) -> Result<Exit, CommandError> {
    let hosts = reach.store.list().map_err(|error| error.report())?;
    if hosts.is_empty() && !context.options.json {
        note_none(context, reach);
        return Ok(Exit::Succeeded);
    }
    let entries = join_all(hosts.into_iter().map(|host| entry(reach, host)));
    let entries = context.unless_stopped(entries).await?;
    if context.options.json {
        context.print_json(&entries)?;
        return Ok(Exit::Succeeded);
    }
    let rows: Vec<_> = entries.into_iter().map(row).collect();
    let columns = [
        Column::text("name"),
        Column::long("destination"),
        Column::long("address"),
    ];
    let output = &context.output;
    let (width, palette) = (output.result_width(), output.result_palette());
    context.print(&table(&columns, &rows, width, palette))?;
    Ok(Exit::Succeeded)
}

fn note_none(context: &Context, reach: &Reach) {
    context.note("no hosts; lw host add NAME notes one");
    let known = reach.suggestions(&[]);
    if !known.is_empty() {
        context.note(&printable(&format!("ssh knows {}", known.join(", "))));
    }
}

async fn entry(reach: &Reach, host: Host) -> HostEntry {
    let resolved = match reach.access(&host) {
        Ok(access) => access.resolve().await.ok(),
        Err(_) => None,
    };
    HostEntry {
        host,
        resolved: resolved.map(|resolved| resolved.shown()),
    }
}

fn row(entry: HostEntry) -> [String; 3] {
    let unknown = || "ssh's configuration for it cannot be used".to_owned();
    let HostEntry { host, resolved } = entry;
    [
        host.name,
        host.destination,
        resolved.unwrap_or_else(unknown),
    ]
}

async fn add(
    context: &Context,
    reach: &Reach,
    arguments: HostAddArguments,
) -> Result<Exit, CommandError> {
    let name = arguments.name;
    let destination = arguments.destination.as_deref().unwrap_or(&name);
    let identity = arguments.identity.map(std::path::absolute).transpose()?;
    let host = Host {
        port: arguments.port,
        identity: identity.map(|file| file.display().to_string()),
        ..reach.described(&name, destination)
    };
    reach
        .store
        .add(host.clone())
        .map_err(|error| error.report())?;
    if arguments.no_test {
        return noted(context, reach, host).await;
    }
    let tested = test(context, reach, &name, arguments.fingerprint.as_deref()).await;
    tested.map_err(|error| stays(error, &name))
}

async fn noted(context: &Context, reach: &Reach, host: Host) -> Result<Exit, CommandError> {
    let entry = context.unless_stopped(entry(reach, host)).await?;
    if context.options.json {
        context.print_json(&entry)?;
    } else {
        context.note(&printable(&format!("{} is noted", entry.host.name)));
    }
    Ok(Exit::Succeeded)
}

/// The host is noted, whatever the test says.
fn stays(error: CommandError, name: &str) -> CommandError {
    let CommandError::Failed(report) = error else {
        return error;
    };
    let hint = format!("{name} is noted all the same; lw host rm {name} forgets it.");
    report.with_hint(hint).into()
}

async fn test(
    context: &Context,
    reach: &Reach,
    name: &str,
    fingerprint: Option<&str>,
) -> Result<Exit, CommandError> {
    let host = reach.find(name).map_err(|error| error.report())?;
    let access = reach.access(&host).map_err(|error| error.report())?;
    let tested = greet(context, &access, fingerprint).await?;
    let round_trip = u64::try_from(tested.round_trip.as_millis()).unwrap_or(u64::MAX);
    let Tested { facts, .. } = &tested;
    if context.options.json {
        context.print_json(&TestedEntry {
            host: name,
            round_trip,
            facts,
        })?;
    } else if !context.options.quiet {
        context.print(&fact_lines(name, round_trip, facts))?;
    }
    Ok(Exit::Succeeded)
}

fn remove(context: &Context, reach: &Reach, name: &str) -> Result<Exit, CommandError> {
    let removed = reach.store.remove(name);
    let host = removed.map_err(|error| -> ErrorReport { error.report() })?;
    if context.options.json {
        context.print_json(&host)?;
    } else {
        let line = format!("{} is forgotten; nothing on it was touched", host.name);
        context.note(&printable(&line));
    }
    Ok(Exit::Succeeded)
}
