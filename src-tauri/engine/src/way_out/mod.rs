//! No engine is a state with a way out: what to do on this system to get one.

mod system;
mod table;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use system::SystemFacts;

use crate::{Discovery, EngineError};

/// How this system gets an engine that can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum WayOut {
    /// Podman is installed: [`start_podman`](crate::start_podman) makes it an engine, at once and
    /// without root.
    StartPodman {
        /// The program.
        program: PathBuf,
    },
    /// An engine runs, and this user may not talk to it.
    AllowAccess {
        /// What to type, in order.
        commands: Vec<String>,
    },
    /// An engine is installed and does not run.
    StartService {
        /// What to type, in order.
        commands: Vec<String>,
    },
    /// No engine is installed.
    Install {
        /// The system that the commands are for, `Debian`.
        system: String,
        /// What to type, in order. Empty where we do not know the system.
        commands: Vec<String>,
    },
}

/// What to do on a system where nothing answered.
pub fn way_out(discovery: &Discovery, facts: &SystemFacts) -> WayOut {
    let denied = discovery
        .unreachable
        .iter()
        .any(|(_, error)| matches!(**error, EngineError::PermissionDenied { .. }));
    let row = table::row(facts);
    let commands = |lines: &[&str]| {
        lines
            .iter()
            .filter_map(|line| facts.command(line))
            .collect()
    };
    if let Some(program) = &facts.podman_program
        && row.starts_podman
    {
        return WayOut::StartPodman {
            program: program.clone(),
        };
    }
    if denied && !facts.is_root && !row.allow.is_empty() {
        return WayOut::AllowAccess {
            commands: commands(row.allow),
        };
    }
    if facts.docker_program.is_some() || facts.podman_program.is_some() {
        return WayOut::StartService {
            commands: commands(row.start),
        };
    }
    WayOut::Install {
        system: row.system.to_owned(),
        commands: commands(row.install),
    }
}

#[cfg(test)]
mod tests;
