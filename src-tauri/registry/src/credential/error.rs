//! Why a login could not be found or kept, and what to do then.

use std::{io, path::PathBuf};

use crate::{KeyringError, RegistryError};

/// A login could not be looked up, checked or kept.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// A file with logins is there and cannot be read.
    #[error("cannot read the logins in {}", path.display())]
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file with logins is not what it should be.
    #[error("{} is no file of logins", path.display())]
    FileBroken {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        #[source]
        source: serde_json::Error,
    },
    /// One login in a file cannot be read.
    #[error("the login for {key} in {} cannot be read", path.display())]
    EntryBroken {
        /// The file.
        path: PathBuf,
        /// The login's name in the file.
        key: String,
    },
    /// A helper is named and is not there.
    #[error("{helper}, which keeps the login for {registry}, is not installed")]
    HelperMissing {
        /// The program's name.
        helper: String,
        /// The registry.
        registry: String,
    },
    /// A helper could not be run.
    #[error("cannot run {helper}")]
    HelperStart {
        /// The program's name.
        helper: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A helper says that it cannot.
    #[error("{helper} did not give the login for {registry}: {said}")]
    HelperFailed {
        /// The program's name.
        helper: String,
        /// The registry.
        registry: String,
        /// What it said.
        said: String,
    },
    /// A helper did not end.
    #[error("{helper} did not give the login for {registry} in {seconds} s")]
    HelperSilent {
        /// The program's name.
        helper: String,
        /// The registry.
        registry: String,
        /// How long was waited.
        seconds: u64,
    },
    /// A helper's answer is not what it should be.
    #[error("the answer of {helper} for {registry} cannot be understood")]
    HelperAnswer {
        /// The program's name.
        helper: String,
        /// The registry.
        registry: String,
        /// Where it stops making sense.
        #[source]
        source: serde_json::Error,
    },
    /// The keyring could not be used.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The registry did not accept the login, or could not be asked.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl CredentialError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileUnreadable { .. } => "credential_file_unreadable",
            Self::FileBroken { .. } => "credential_file_broken",
            Self::EntryBroken { .. } => "credential_entry_broken",
            Self::HelperMissing { .. } => "credential_helper_missing",
            Self::HelperStart { .. } => "credential_helper_start",
            Self::HelperFailed { .. } => "credential_helper_failed",
            Self::HelperSilent { .. } => "credential_helper_silent",
            Self::HelperAnswer { .. } => "credential_helper_answer",
            Self::Keyring(error) => error.code(),
            Self::Registry(error) => error.code(),
        }
    }

    /// What the user can do next, best first.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::FileUnreadable { path, .. } => {
                vec![format!(
                    "Make {} readable for yourself, or remove it.",
                    path.display()
                )]
            }
            Self::FileBroken { path, .. } => vec![format!(
                "Mend {}, or remove it and log in again.",
                path.display()
            )],
            Self::EntryBroken { key, .. } => vec![format!(
                "Log in again with what made the file: docker login {key}, or podman login {key}"
            )],
            Self::HelperMissing { helper, registry } => vec![
                format!("Install {helper}, or take it out of Docker's config.json."),
                login(registry),
            ],
            Self::HelperStart { helper, .. }
            | Self::HelperFailed { helper, .. }
            | Self::HelperAnswer { helper, .. } => {
                vec![format!("Try it by hand: echo docker.io | {helper} get")]
            }
            Self::HelperSilent {
                helper, registry, ..
            } => vec![
                format!("It may wait for you to unlock what it keeps: run {helper} list"),
                login(registry),
            ],
            Self::Keyring(error) => error.hints(),
            Self::Registry(error) => error.hints(),
        }
    }
}

fn login(registry: &str) -> String {
    format!("Or let Labwright keep the login: lw login {registry}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<CredentialError> {
        let path = || PathBuf::from("/home/ada/.docker/config.json");
        let helper = || "docker-credential-desktop".to_owned();
        let registry = || "ghcr.io".to_owned();
        let json = || serde_json::from_str::<u8>("{").err();
        let missing = KeyringError::Missing { source: None };
        let mut all = vec![
            CredentialError::FileUnreadable {
                path: path(),
                source: io::Error::from(io::ErrorKind::PermissionDenied),
            },
            CredentialError::EntryBroken {
                path: path(),
                key: registry(),
            },
            CredentialError::HelperMissing {
                helper: helper(),
                registry: registry(),
            },
            CredentialError::HelperStart {
                helper: helper(),
                source: io::Error::from(io::ErrorKind::PermissionDenied),
            },
            CredentialError::HelperFailed {
                helper: helper(),
                registry: registry(),
                said: "the vault is sealed".to_owned(),
            },
            CredentialError::HelperSilent {
                helper: helper(),
                registry: registry(),
                seconds: 10,
            },
            CredentialError::Keyring(missing),
            CredentialError::Keyring(KeyringError::Silent { seconds: 10 }),
            CredentialError::Keyring(KeyringError::Locked {
                source: "prompt dismissed".into(),
            }),
            CredentialError::Keyring(KeyringError::Refused {
                action: "list its logins".to_owned(),
                source: "closed".into(),
            }),
            CredentialError::Keyring(KeyringError::NotText {
                registry: registry(),
            }),
        ];
        all.extend(json().map(|source| CredentialError::FileBroken {
            path: path(),
            source,
        }));
        all.extend(json().map(|source| CredentialError::HelperAnswer {
            helper: helper(),
            registry: registry(),
            source,
        }));
        all
    }

    #[test]
    fn every_failure_is_told_with_what_to_do() {
        let told = all().into_iter().map(|error| {
            let lines = [format!("{}: {error}", error.code())];
            let hints = error.hints().into_iter();
            let hints = hints.map(|hint| format!("  > {hint}"));
            lines.into_iter().chain(hints).collect::<Vec<_>>().join(
                "
",
            )
        });
        insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n\n"));
    }
}
