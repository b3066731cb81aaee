//! What to say where no engine can be used.

use labwright_engine::WayOut;
use labwright_jobs::ErrorReport;
use labwright_session::EngineProblem;

/// The state, and the way out of it, in the words of a terminal.
pub(crate) fn no_engine(problem: EngineProblem) -> ErrorReport {
    let EngineProblem { mut error, way_out } = problem;
    if let Some(way_out) = &way_out {
        error.hints.push(advice(way_out));
        error.hints.push(
            "If it runs elsewhere, name it: --engine tcp://HOST:2375, or --engine unix:///PATH."
                .to_owned(),
        );
    }
    error
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
    use labwright_session::problem;

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
            let problem = problem(&SelectError::None, &Discovery::default(), &facts);
            error_lines(&no_engine(problem), None, Palette::new(false)).join("\n")
        });
        insta::assert_snapshot!(shown.join("\n\n"));
    }
}
