//! Why an install failed, and what the user can do about it.

use labwright_jobs::ErrorReport;
use thiserror::Error;

use super::ledger::Gap;
use crate::ssh::SshError;

/// Why an install failed as a whole. A node that fails does not end an install.
#[derive(Debug, Error)]
pub enum InstallError {
    /// The host cannot be reached, or does not do what it is asked.
    #[error(transparent)]
    Ssh(#[from] SshError),
    /// The host is not fit for it.
    #[error("{host} cannot do this: {}", refusal(code).0)]
    Refused {
        /// The host.
        host: String,
        /// A word of `docs/runner.md`.
        code: String,
        /// What was said.
        said: String,
    },
    /// What the runner wrote cannot be read.
    #[error("what the runner wrote on {host} cannot be read")]
    Damaged {
        /// The host.
        host: String,
        /// Where and why.
        why: String,
    },
    /// Nodes failed.
    #[error("{} of {total} nodes could not be {done} on {host}", failed.len())]
    Nodes {
        /// The host.
        host: String,
        /// How many there are.
        total: usize,
        /// What should have been done: `installed`.
        done: &'static str,
        /// Each with the reason.
        failed: Vec<String>,
    },
    /// Somebody stopped it there.
    #[error("the work on {host} was stopped there")]
    Stopped {
        /// The host.
        host: String,
    },
}

/// For each refusal, what it means and what to do.
const REFUSALS: [(&str, &str, &str); 12] = [
    (
        "no_git",
        "it has no git",
        "Install git on the host, then retry.",
    ),
    (
        "no_python",
        "it has no Python",
        "Install python3 on the host, or name a virtual environment: --venv DIR.",
    ),
    (
        "no_venv",
        "there is no Python in the virtual environment",
        "See that DIR/bin/python exists on the host: python3 -m venv DIR makes one.",
    ),
    (
        "no_engine",
        "no engine answers there",
        "Install Docker or Podman on the host, and see that this user may use it: docker version.",
    ),
    (
        "no_target",
        "the target folder is not there",
        "Give the folder of ComfyUI on the host: --target DIR.",
    ),
    (
        "target_not_writable",
        "nothing can be written to the target folder",
        "See who owns the folder on the host.",
    ),
    (
        "disk_full",
        "its disk is full",
        "Make space on the host, then retry: what was installed is kept.",
    ),
    (
        "home_not_writable",
        "nothing can be written to the home folder",
        "An install keeps its log in ~/.cache/labwright on the host: make that writable.",
    ),
    (
        "no_setsid",
        "setsid is missing",
        "Install util-linux on the host: without it an install would end with its connection.",
    ),
    (
        "no_start",
        "the runner does not start",
        "The lines above are what it said.",
    ),
    (
        "plan_damaged",
        "the plan did not arrive as it was sent",
        "Retry. If it stays so, please report it.",
    ),
    ("", "it refused", "The lines above say why."),
];

fn refusal(code: &str) -> (&'static str, &'static str) {
    let found = REFUSALS
        .iter()
        .find(|(known, ..)| *known == code || known.is_empty());
    found.map_or(("", ""), |(_, what, hint)| (what, hint))
}

impl From<(Gap, String)> for InstallError {
    fn from((gap, host): (Gap, String)) -> Self {
        Self::Damaged {
            host,
            why: gap.to_string(),
        }
    }
}

impl InstallError {
    /// A stable name for the failure.
    pub fn code(&self) -> String {
        match self {
            Self::Ssh(error) => error.code().to_owned(),
            Self::Refused { code, .. } => format!("host_{code}"),
            Self::Damaged { .. } => "install_events_damaged".to_owned(),
            Self::Nodes { .. } => "install_failed".to_owned(),
            Self::Stopped { .. } => "install_stopped".to_owned(),
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Ssh(error) => error.hints(),
            Self::Refused { code, .. } => vec![refusal(code).1.to_owned()],
            Self::Damaged { host, .. } => vec![format!(
                "Look at ~/.cache/labwright/jobs on {host}; retry does what is not done yet."
            )],
            Self::Nodes { .. } => {
                vec!["Retry does only what failed: what was installed is kept.".to_owned()]
            }
            Self::Stopped { .. } => vec!["Retry does what is not done yet.".to_owned()],
        }
    }

    /// The failure in the form that crosses into events and the history.
    pub fn report(&self) -> ErrorReport {
        if let Self::Ssh(error) = self {
            return error.report();
        }
        let report = ErrorReport::of(self.code(), self);
        let causes: Vec<&str> = match self {
            Self::Refused { said, .. } => said.lines().collect(),
            Self::Damaged { why, .. } => vec![why],
            Self::Nodes { failed, .. } => failed.iter().map(String::as_str).collect(),
            Self::Ssh(_) | Self::Stopped { .. } => Vec::new(),
        };
        let report = causes.into_iter().fold(report, ErrorReport::with_cause);
        self.hints()
            .into_iter()
            .fold(report, ErrorReport::with_hint)
    }
}
