//! Why the keyring could not be used, and what to do then.

use std::error::Error;

/// The keyring of the user's session could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// There is no session that has one, or nothing in it keeps secrets.
    #[error("there is no keyring to keep logins in")]
    Missing {
        /// What the session said; nothing where there is no session.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// It did not answer.
    #[error("the keyring does not answer (waited {seconds} s)")]
    Silent {
        /// How long was waited.
        seconds: u64,
    },
    /// It is locked, and was not unlocked.
    #[error("the keyring is locked")]
    Locked {
        /// What it said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// It refused something.
    #[error("the keyring did not {action}")]
    Refused {
        /// What was asked, `keep the login for ghcr.io`.
        action: String,
        /// What it said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// What it keeps is no login.
    #[error("the login for {registry} in the keyring is not text")]
    NotText {
        /// The registry.
        registry: String,
    },
}

impl KeyringError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "keyring_missing",
            Self::Silent { .. } => "keyring_silent",
            Self::Locked { .. } => "keyring_locked",
            Self::Refused { .. } => "keyring_refused",
            Self::NotText { .. } => "keyring_not_text",
        }
    }

    /// What the user can do next, best first.
    pub fn hints(&self) -> Vec<String> {
        let hints: &[&str] = match self {
            Self::Missing { .. } => &[
                "Install and start a keyring: gnome-keyring, KWallet or KeePassXC.",
                "Or use docker login or podman login: their logins are read as well.",
            ],
            Self::Silent { .. } => &[
                "It may wait for its password: look for its window.",
                "Or use docker login or podman login: their logins are read as well.",
            ],
            Self::Locked { .. } => &["Unlock it, in Passwords and Keys or KWallet, and try again."],
            Self::Refused { .. } => {
                &["Look at the keyring itself: Passwords and Keys, or KWallet."]
            }
            Self::NotText { .. } => &["Log in again: lw login"],
        };
        hints.iter().map(|hint| (*hint).to_owned()).collect()
    }
}
