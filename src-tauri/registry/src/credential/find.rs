//! Where logins are looked for, in which order.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{Credential, CredentialError, file::LoginFile, helper, key};
use crate::{Login, Registry, keyring::Keyring};

/// Where logins may be. What follows from variables and from the system is found out by whoever makes this.
#[derive(Clone, Debug, Default)]
pub struct CredentialSources {
    /// Docker's `config.json`. It need not exist, and neither need the other files.
    pub docker_config: Option<PathBuf>,
    /// Podman's `auth.json`, wherever it may be, the first one first.
    pub auth_files: Vec<PathBuf>,
    /// The folders in which `docker-credential-*` is looked up, written as in `PATH`.
    pub helper_path: Option<OsString>,
    /// The D-Bus address of the user's session, in which the keyring is; none leaves the keyring out.
    pub keyring: Option<String>,
}

/// The logins of one user.
#[derive(Clone, Debug)]
pub struct Credentials {
    sources: CredentialSources,
    keyring: Keyring,
}

impl Credentials {
    /// The logins in these places. Nothing is read yet.
    pub fn new(sources: CredentialSources) -> Self {
        let keyring = Keyring::new(sources.keyring.clone());
        Self { sources, keyring }
    }

    /// The login for a registry, `ghcr.io`, or for one of its repositories, `quay.io/team/app`: some files have logins
    /// for a part of a registry.
    ///
    /// In this order: Labwright's own in the keyring; what Docker's helpers keep; what is in Docker's file; Podman's
    /// files. Where there is no keyring there are no logins in it.
    pub async fn find(&self, name: &str) -> Result<Option<Credential>, CredentialError> {
        let registry = key::registry(name);
        if let Some(login) = self.keyring.find(&registry).await? {
            return Ok(Some(login));
        }
        let files = self
            .sources
            .docker_config
            .iter()
            .chain(&self.sources.auth_files);
        for path in files {
            if let Some(login) = self.find_in(path, name, &registry).await? {
                return Ok(Some(login));
            }
        }
        Ok(None)
    }

    /// Keeps a login in the keyring, after the registry has accepted it. It replaces the one that was there.
    pub async fn log_in(
        &self,
        access: &Registry,
        registry: &str,
        username: &str,
        secret: &str,
    ) -> Result<(), CredentialError> {
        let registry = key::registry(registry);
        // First, so that nobody types a secret that cannot be kept.
        self.keyring.check().await?;
        let login = Credential::password(username, secret);
        access.check_login(&registry, &login).await?;
        Ok(self.keyring.store(&registry, username, secret).await?)
    }

    /// Takes the login for a registry out of the keyring. False where there was none. Docker's and Podman's own logins
    /// are theirs, and stay.
    pub async fn log_out(&self, registry: &str) -> Result<bool, CredentialError> {
        Ok(self.keyring.remove(&key::registry(registry)).await?)
    }

    /// The logins in the keyring, by registry.
    pub async fn logins(&self) -> Result<Vec<Login>, CredentialError> {
        Ok(self.keyring.logins().await?)
    }

    async fn find_in(
        &self,
        path: &Path,
        name: &str,
        registry: &str,
    ) -> Result<Option<Credential>, CredentialError> {
        let file = LoginFile::read(path)?;
        if let Some(helper) = file.helper(registry) {
            let search = self.sources.helper_path.as_deref();
            let login = helper::ask(helper, registry, search).await?;
            if login.is_some() {
                return Ok(login);
            }
        }
        file.login(name, path)
    }
}
