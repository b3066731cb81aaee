//! Labwright's own logins, in the keyring of the user's session and nowhere else.

#[cfg(not(target_os = "linux"))]
mod absent;
mod error;
#[cfg(target_os = "linux")]
mod secret_service;

#[cfg(not(target_os = "linux"))]
pub(crate) use absent::Keyring;
pub use error::KeyringError;
#[cfg(target_os = "linux")]
pub(crate) use secret_service::Keyring;

/// A login in the keyring. Its secret stays there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Login {
    /// The registry's host and port; `docker.io` for Docker Hub.
    pub registry: String,
    /// The user's name.
    pub username: String,
}
