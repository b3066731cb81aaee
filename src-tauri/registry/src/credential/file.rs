//! The files in which Docker and Podman keep logins, or say which helper keeps them.
//!
//! Docker's `config.json`: <https://docs.docker.com/reference/cli/docker/login/>. Podman's `auth.json`:
//! <https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md>.

use std::{collections::HashMap, fs, io, path::Path};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::{Credential, CredentialError, key};

/// What such a file says of logins.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LoginFile {
    auths: HashMap<String, Entry>,
    cred_helpers: HashMap<String, String>,
    creds_store: Option<String>,
}

/// One login. An empty one says that a helper has it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entry")
    }
}

impl LoginFile {
    /// Reads the file; one that is not there has no logins.
    pub(super) fn read(path: &Path) -> Result<Self, CredentialError> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => {
                return Err(CredentialError::FileUnreadable {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        // Podman makes an empty file where it is asked to log in and then does not.
        if text.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(&text).map_err(|source| CredentialError::FileBroken {
            path: path.to_owned(),
            source,
        })
    }

    /// The name of the helper that keeps the logins of this registry.
    pub(super) fn helper(&self, registry: &str) -> Option<&str> {
        let own = self
            .cred_helpers
            .iter()
            .find(|(name, _)| key::normal(name) == registry)
            .map(|(_, helper)| helper);
        own.or(self.creds_store.as_ref())
            .map(String::as_str)
            .filter(|helper| !helper.is_empty())
    }

    /// The login that the file itself has for `name`, under the closest key.
    pub(super) fn login(
        &self,
        name: &str,
        path: &Path,
    ) -> Result<Option<Credential>, CredentialError> {
        for candidate in key::candidates(name) {
            let matching = self
                .auths
                .iter()
                .filter(|(key, _)| key::normal(key) == candidate);
            for (key, entry) in matching {
                let login = entry
                    .login()
                    .map_err(|Unreadable| CredentialError::EntryBroken {
                        path: path.to_owned(),
                        key: key.clone(),
                    })?;
                if login.is_some() {
                    return Ok(login);
                }
            }
        }
        Ok(None)
    }
}

impl Entry {
    /// The login, if it is not empty; an error where it cannot be read.
    fn login(&self) -> Result<Option<Credential>, Unreadable> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(token) = filled(&self.identitytoken) {
            return Ok(Some(Credential::identity_token(token)));
        }
        if let Some(auth) = filled(&self.auth) {
            return decoded(&auth).map(Some).ok_or(Unreadable);
        }
        let pair = filled(&self.username).zip(filled(&self.password));
        Ok(pair.map(|(username, secret)| Credential::password(username, secret)))
    }
}

/// An entry that is no login. Why is not told: that would show a part of it.
struct Unreadable;

/// `user:secret` in base64.
fn decoded(auth: &str) -> Option<Credential> {
    let pair = String::from_utf8(STANDARD.decode(auth.trim()).ok()?).ok()?;
    let (username, secret) = pair.split_once(':')?;
    // Docker itself once padded the secret with zeros.
    let secret = secret.trim_end_matches('\0');
    Some(Credential::password(username, secret))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn file(text: &str) -> LoginFile {
        serde_json::from_str(text).unwrap()
    }

    fn login(file: &LoginFile, name: &str) -> Option<Credential> {
        file.login(name, Path::new("auth.json")).unwrap()
    }

    #[test]
    fn the_closest_key_wins_and_empty_entries_are_none() {
        // ada:one and ada:two, in base64.
        let file = file(
            r#"{ "auths": {
                "quay.io": { "auth": "YWRhOm9uZQ==" },
                "quay.io/team": { "auth": "YWRhOnR3bw==" },
                "https://index.docker.io/v1/": {},
                "http://127.0.0.1:5000": { "identitytoken": "t", "auth": "eDp5" },
                "ghcr.io": { "username": "ada", "password": "three" }
            } }"#,
        );
        let ada = |secret| Some(Credential::password("ada", secret));
        assert_eq!(login(&file, "quay.io/team/app"), ada("two"));
        assert_eq!(login(&file, "quay.io/teams/app"), ada("one"));
        assert_eq!(login(&file, "ghcr.io/x"), ada("three"));
        assert_eq!(login(&file, "docker.io/library/alpine"), None);
        assert_eq!(
            login(&file, "127.0.0.1:5000/x"),
            Some(Credential::identity_token("t"))
        );
        assert_eq!(login(&file, "127.0.0.1"), None);
    }

    #[test]
    fn a_helper_of_one_registry_goes_before_that_of_all() {
        let file = file(
            r#"{ "credsStore": "desktop", "credHelpers": { "https://gcr.io": "gcloud", "ghcr.io": "" } }"#,
        );
        assert_eq!(file.helper("gcr.io"), Some("gcloud"));
        assert_eq!(file.helper("quay.io"), Some("desktop"));
        assert_eq!(file.helper("ghcr.io"), None);
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_named_and_not_shown() {
        let file = file(r#"{ "auths": { "quay.io": { "auth": "aHVudGVyMg==" } } }"#);
        let error = file.login("quay.io", Path::new("auth.json")).unwrap_err();
        assert_eq!(error.code(), "credential_entry_broken");
        assert!(!format!("{error} {error:?} {file:?}").contains("hunter2"));
    }
}
