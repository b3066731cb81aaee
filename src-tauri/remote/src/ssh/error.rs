//! Why a host cannot be reached, or did not do what it was asked.

use std::io;

use labwright_jobs::ErrorReport;
use thiserror::Error;

use super::target::DestinationError;

/// Why a host cannot be reached, or did not do what it was asked.
#[derive(Debug, Error)]
pub enum SshError {
    /// It is no destination.
    #[error(transparent)]
    Destination(#[from] DestinationError),
    /// ssh itself cannot be run.
    #[error("ssh cannot be started on this machine")]
    NoProgram(#[source] io::Error),
    /// ssh never saw the host's key.
    #[error("the key of {host} is not known")]
    KeyUnknown {
        /// The host.
        host: String,
    },
    /// The host shows another key than before.
    #[error("{host} shows another key than the one that is known")]
    KeyChanged {
        /// The host.
        host: String,
        /// What ssh said.
        said: String,
    },
    /// The host accepts none of the user's keys.
    #[error("{host} does not let this user in")]
    Denied {
        /// The host.
        host: String,
        /// What ssh said.
        said: String,
    },
    /// Nothing answers there.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// The host.
        host: String,
        /// What ssh said.
        said: String,
    },
    /// ssh's configuration is not understood.
    #[error("ssh cannot use its configuration for {host}")]
    Configuration {
        /// The host.
        host: String,
        /// What ssh said.
        said: String,
    },
    /// The connection stood, and broke.
    #[error("the connection to {host} broke")]
    Broken {
        /// The host.
        host: String,
        /// What ssh said.
        said: String,
    },
    /// The login works, but no shell answers.
    #[error("{host} accepts the login, but its shell does not answer as one")]
    NoShell {
        /// The host.
        host: String,
        /// What came instead.
        said: String,
    },
    /// A script of ours failed there.
    #[error("{what} failed on {host}")]
    Script {
        /// The host.
        host: String,
        /// What it was for.
        what: &'static str,
        /// What it said.
        said: String,
    },
    /// A file or folder of ours on this machine.
    #[error("{path} cannot be used")]
    Local {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl SshError {
    /// A stable name for the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Destination(_) => "host_name_invalid",
            Self::NoProgram(_) => "ssh_missing",
            Self::KeyUnknown { .. } => "host_key_unknown",
            Self::KeyChanged { .. } => "host_key_changed",
            Self::Denied { .. } => "host_denied",
            Self::Unreachable { .. } => "host_unreachable",
            Self::Configuration { .. } => "ssh_configuration",
            Self::Broken { .. } => "host_connection_broke",
            Self::NoShell { .. } => "host_no_shell",
            Self::Script { .. } => "host_script_failed",
            Self::Local { .. } => "local_file",
        }
    }

    /// Whether trying again later may help by itself.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Broken { .. })
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Destination(_) => {
                "Write an alias of ~/.ssh/config, an address, or user@address.".to_owned()
            }
            Self::NoProgram(_) => {
                "Install OpenSSH's client: openssh-client on Debian, openssh on Fedora and Arch."
                    .to_owned()
            }
            Self::KeyUnknown { host } => format!(
                "lw host test {host} shows its fingerprint and asks. Compare it on the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"
            ),
            Self::KeyChanged { host, .. } => format!(
                "Ask who runs the host whether its key was changed. If it was, remove the old one, ssh-keygen -R {host}, and test the host again. If nobody changed it, somebody may stand between you and the host."
            ),
            Self::Denied { host, .. } => format!(
                "See that ssh {host} works in a terminal without a question: load the key into the agent (ssh-add), or name it with IdentityFile in ~/.ssh/config."
            ),
            Self::Unreachable { host, .. } => {
                format!("See whether ssh {host} works in a terminal, and whether the host is up.")
            }
            Self::Configuration { .. } => {
                "Mend the line that ssh names in its configuration.".to_owned()
            }
            Self::Broken { .. } => "Try again; what runs on the host goes on there.".to_owned(),
            Self::NoShell { host, .. } => format!(
                "ssh {host} true must succeed. A login that is limited to one command, or to file transfers, cannot be used."
            ),
            Self::Script { .. } => "The lines above say what is missing on the host.".to_owned(),
            Self::Local { .. } => "See whether the folder exists and can be written.".to_owned(),
        };
        vec![hint]
    }

    /// What ssh or the host said, where they said something.
    pub fn said(&self) -> Option<&str> {
        match self {
            Self::KeyChanged { said, .. }
            | Self::Denied { said, .. }
            | Self::Unreachable { said, .. }
            | Self::Configuration { said, .. }
            | Self::Broken { said, .. }
            | Self::NoShell { said, .. }
            | Self::Script { said, .. } => Some(said.as_str()).filter(|said| !said.is_empty()),
            _ => None,
        }
    }

    /// The failure in the form that crosses into events and the history.
    pub fn report(&self) -> ErrorReport {
        let report = ErrorReport::of(self.code(), self);
        let lines = self.said().into_iter().flat_map(str::lines);
        let report = lines.fold(report, ErrorReport::with_cause);
        self.hints()
            .into_iter()
            .fold(report, ErrorReport::with_hint)
    }
}
