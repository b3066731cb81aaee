//! Systems whose keyring is not used: there, Docker's own helpers keep logins, and are read.

use super::{KeyringError, Login};
use crate::Credential;

/// No keyring.
#[derive(Clone, Debug)]
pub(crate) struct Keyring;

#[expect(
    clippy::unused_async,
    reason = "the same interface as where there is a keyring"
)]
impl Keyring {
    pub(crate) fn new(_session: Option<String>) -> Self {
        Self
    }

    pub(crate) async fn check(&self) -> Result<(), KeyringError> {
        Err(KeyringError::Missing { source: None })
    }

    pub(crate) async fn find(&self, _: &str) -> Result<Option<Credential>, KeyringError> {
        Ok(None)
    }

    pub(crate) async fn store(&self, _: &str, _: &str, _: &str) -> Result<(), KeyringError> {
        self.check().await
    }

    pub(crate) async fn remove(&self, _: &str) -> Result<bool, KeyringError> {
        self.check().await.map(|()| false)
    }

    pub(crate) async fn logins(&self) -> Result<Vec<Login>, KeyringError> {
        self.check().await.map(|()| Vec::new())
    }
}
