//! Getting the engine to use, or the way to one.

use labwright_engine::{
    Discovery, Engine, EngineError, SelectError, SystemFacts, WayOut, find, start_podman, way_out,
};
use labwright_jobs::ErrorReport;

use crate::environment::Environment;

/// Connects to the engine that the user wants. An installed Podman that serves nobody is started
/// where no engine runs, or where it is wanted, and `note` hears of it.
pub(crate) async fn connect(
    environment: &Environment,
    wanted: Option<&str>,
    note: impl Fn(&str),
) -> Result<Engine, ErrorReport> {
    let discovery = find(&environment.discovery_inputs(wanted)).await;
    let error = match discovery.select() {
        Ok(engine) => return Ok(engine),
        Err(error) => error,
    };
    let facts = environment.system_facts();
    let way = way_out(&discovery, &facts);
    let startable = matches!(error, SelectError::None) || is_own_podman(environment, wanted);
    match (&way, environment.podman_socket()) {
        (WayOut::StartPodman { program }, Some(socket)) if startable => {
            note(&format!(
                "no engine is running here: starting {} as a service at unix://{}",
                program.display(),
                socket.display()
            ));
            let service = start_podman(program, &socket, &[]);
            let service = service.await.map_err(|error| report(&error))?;
            let engine = Engine::connect(&service.candidate).await;
            engine.map_err(|error| report(&error))
        }
        _ => Err(no_engine(&error, &discovery, &facts)),
    }
}

/// The engine at an address that was noted earlier. It is looked for among all that are found here
/// first: a context knows more than an address, its certificates for one.
pub(crate) async fn connect_again(
    environment: &Environment,
    address: &str,
    note: impl Fn(&str),
) -> Result<Engine, ErrorReport> {
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

/// What to say where no engine can be used: the state, and the way out of it.
pub(crate) fn no_engine(
    error: &SelectError,
    discovery: &Discovery,
    facts: &SystemFacts,
) -> ErrorReport {
    let mut report = ErrorReport::of(error.code(), error);
    report.hints = error.hints();
    if matches!(error, SelectError::None) {
        report.chain.extend(what_was_found(discovery));
        report.hints.push(advice(&way_out(discovery, facts)));
        report.hints.push(
            "If it runs elsewhere, name it: --engine tcp://HOST:2375, or --engine unix:///PATH."
                .to_owned(),
        );
    }
    report
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

fn advice(way: &WayOut) -> String {
    let (what, commands) = match way {
        WayOut::StartPodman { program } => {
            return format!(
                "Podman is installed: lw import starts {}.",
                program.display()
            );
        }
        WayOut::AllowAccess { commands } => (
            "An engine runs. To be allowed to use it:".to_owned(),
            commands,
        ),
        WayOut::StartService { commands } => {
            ("An engine is installed. To start it:".to_owned(), commands)
        }
        WayOut::Install { system, commands } if commands.is_empty() => {
            return format!("Install Docker or Podman with the tools of {system}.");
        }
        WayOut::Install { system, commands } => (format!("To install one, on {system}:"), commands),
    };
    let commands = commands.iter().map(|command| format!("\n  {command}"));
    what + &commands.collect::<String>()
}

#[cfg(test)]
mod tests {
    use labwright_engine::{Discovery, Platform, SelectError, SystemFacts};

    use super::no_engine;
    use crate::view::{Palette, error_lines};

    #[test]
    fn no_engine_comes_with_the_way_to_one() {
        let debian = SystemFacts {
            platform: Platform::Linux,
            distributions: vec!["debian".to_owned()],
            ..SystemFacts::default()
        };
        let unknown = SystemFacts {
            distributions: vec!["plan9".to_owned()],
            ..debian.clone()
        };
        let stopped = SystemFacts {
            docker_program: Some("/usr/bin/docker".into()),
            ..debian.clone()
        };
        let shown = [debian, unknown, stopped].map(|facts| {
            let report = no_engine(&SelectError::None, &Discovery::default(), &facts);
            error_lines(&report, None, Palette::new(false)).join("\n")
        });
        insta::assert_snapshot!(shown.join("\n\n"));
    }
}
