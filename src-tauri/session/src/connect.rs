//! Getting the engine to use, or the way to one.

use std::path::Path;

use labwright_engine::{
    Discovery, Engine, EngineError, SelectError, SystemFacts, WayOut, find, start_podman, way_out,
};
use labwright_jobs::ErrorReport;

use crate::{EngineProblem, Environment};

/// All engines that were found, and the one to use.
#[derive(Debug)]
pub(crate) struct Looked {
    /// All that were found.
    pub(crate) discovery: Discovery,
    /// The one that is wanted, or why there is none.
    pub(crate) selected: Result<Engine, EngineProblem>,
}

/// Looks for engines, and selects the one that the user wants.
pub(crate) async fn look(environment: &Environment, wanted: Option<&str>) -> Looked {
    let discovery = find(&environment.discovery_inputs(wanted)).await;
    let selected = discovery
        .select()
        .map_err(|error| problem(&error, &discovery, &environment.system_facts()));
    Looked {
        discovery,
        selected,
    }
}

/// The same; an installed Podman that serves nobody is started where no engine runs, or where it is
/// wanted, and `note` hears of it.
pub(crate) async fn look_or_start(
    environment: &Environment,
    wanted: Option<&str>,
    note: impl Fn(&str),
) -> Looked {
    let mut looked = look(environment, wanted).await;
    let Err(problem) = &looked.selected else {
        return looked;
    };
    let startable = problem.way_out.is_some() || is_own_podman(environment, wanted);
    let way = way_out(&looked.discovery, &environment.system_facts());
    if let (WayOut::StartPodman { program }, Some(socket)) = (way, environment.podman_socket())
        && startable
    {
        note(&format!(
            "no engine is running here: starting {} as a service at unix://{}",
            program.display(),
            socket.display()
        ));
        let started = start(&program, &socket).await;
        looked.selected = started.map_err(|error| EngineProblem {
            error: report(&error),
            way_out: problem.way_out.clone(),
        });
    }
    looked
}

async fn start(program: &Path, socket: &Path) -> Result<Engine, EngineError> {
    let service = start_podman(program, socket, &[]).await?;
    Engine::connect(&service.candidate).await
}

/// Connects to the engine that the user wants: [`look_or_start`] without the others.
pub async fn connect(
    environment: &Environment,
    wanted: Option<&str>,
    note: impl Fn(&str),
) -> Result<Engine, EngineProblem> {
    look_or_start(environment, wanted, note).await.selected
}

/// The engine at an address that was noted earlier. It is looked for among all that are found here
/// first: a context knows more than an address, its certificates for one.
pub async fn connect_again(
    environment: &Environment,
    address: &str,
    note: impl Fn(&str),
) -> Result<Engine, EngineProblem> {
    let discovery = find(&environment.discovery_inputs(None)).await;
    let same = |engine: &&Engine| engine.info().address == address;
    match discovery.engines.iter().find(same) {
        Some(engine) => Ok(engine.clone()),
        None => connect(environment, Some(address), note).await,
    }
}

/// Whether what the user wants is a Podman that Labwright can start.
fn is_own_podman(environment: &Environment, wanted: Option<&str>) -> bool {
    let Some(wanted) = wanted else {
        return false;
    };
    let own = environment.podman_socket();
    let own = own.is_some_and(|socket| {
        wanted.strip_prefix("unix://").unwrap_or(wanted) == socket.to_string_lossy()
    });
    own || matches!(wanted, "podman" | "podman-labwright")
}

fn report(error: &EngineError) -> ErrorReport {
    let mut report = ErrorReport::of(error.code(), error);
    report.hints = error.hints();
    report
}

/// Why no engine can be used, and the way out of it.
pub fn problem(error: &SelectError, discovery: &Discovery, facts: &SystemFacts) -> EngineProblem {
    let mut report = ErrorReport::of(error.code(), error);
    report.hints = error.hints();
    let nothing = matches!(error, SelectError::None);
    if nothing {
        report.chain.extend(what_was_found(discovery));
    }
    EngineProblem {
        error: report,
        way_out: nothing.then(|| way_out(discovery, facts)),
    }
}

/// The places where something is, but nothing that can be used.
fn what_was_found(discovery: &Discovery) -> Vec<String> {
    let places = discovery.unreachable.iter();
    let refused = discovery
        .refused
        .iter()
        .map(|refused| format!("{}: {}", refused.name, refused.error));
    places
        .filter(|(_, error)| !matches!(**error, EngineError::SocketMissing { .. }))
        .map(|(candidate, error)| format!("{}: {error}", candidate.name))
        .chain(refused)
        .collect()
}
