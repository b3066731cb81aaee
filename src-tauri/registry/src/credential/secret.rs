//! A login, which is never shown.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::json;

use crate::reference::{DOCKER_HUB, DOCKER_HUB_KEY, registry_name};

/// Who says so: the user name of a login that is a token.
const TOKEN_USER: &str = "<token>";

/// A login for a registry. What is secret in it is left out of its debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Password { username: String, secret: String },
    IdentityToken(String),
}

impl Credential {
    /// A user with a password or an access token.
    pub fn password(username: impl Into<String>, secret: impl Into<String>) -> Self {
        let (username, secret) = (username.into(), secret.into());
        let kind = match username.as_str() {
            TOKEN_USER => Kind::IdentityToken(secret),
            _ => Kind::Password { username, secret },
        };
        Self { kind }
    }

    /// A token that stands for a user, as an OAuth 2 login leaves it (a refresh token).
    pub fn identity_token(token: impl Into<String>) -> Self {
        Self {
            kind: Kind::IdentityToken(token.into()),
        }
    }

    /// The user's name, where there is one.
    pub fn username(&self) -> Option<&str> {
        match &self.kind {
            Kind::Password { username, .. } => Some(username),
            Kind::IdentityToken(_) => None,
        }
    }

    /// The value of `X-Registry-Auth`, by which an engine gets a login with a request:
    /// <https://docs.docker.com/reference/api/engine/#section/Authentication>.
    pub fn header(&self, registry: &str) -> String {
        let registry = match registry_name(registry) {
            DOCKER_HUB => DOCKER_HUB_KEY,
            other => other,
        };
        let value = match &self.kind {
            Kind::Password { username, secret } => json!({
                "username": username, "password": secret, "serveraddress": registry,
            }),
            Kind::IdentityToken(token) => json!({
                "identitytoken": token, "serveraddress": registry,
            }),
        };
        URL_SAFE.encode(value.to_string())
    }

    /// User and secret, where it is not a token.
    pub(crate) fn as_password(&self) -> Option<(&str, &str)> {
        match &self.kind {
            Kind::Password { username, secret } => Some((username, secret)),
            Kind::IdentityToken(_) => None,
        }
    }

    /// The token, where it is one.
    pub(crate) fn as_token(&self) -> Option<&str> {
        match &self.kind {
            Kind::Password { .. } => None,
            Kind::IdentityToken(token) => Some(token),
        }
    }

    /// How messages call the one who logs in.
    pub(crate) fn shown(&self) -> &str {
        self.username().unwrap_or("the owner of the token")
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Password { username, .. } => f
                .debug_struct("Password")
                .field("username", username)
                .finish_non_exhaustive(),
            Kind::IdentityToken(_) => f.debug_struct("IdentityToken").finish_non_exhaustive(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::Value;

    use super::*;

    fn decoded(header: &str) -> Value {
        serde_json::from_slice(&URL_SAFE.decode(header).unwrap()).unwrap()
    }

    #[test]
    fn engines_get_what_they_expect() {
        // Its base64 has characters that differ between the two alphabets.
        let login = Credential::password("ada", "secret?>~~~ü");
        let header = login.header("127.0.0.1:5000");
        assert!(
            !header.contains(['+', '/']) && header.len().is_multiple_of(4),
            "{header}"
        );
        assert_eq!(
            decoded(&header),
            json!({ "username": "ada", "password": "secret?>~~~ü", "serveraddress": "127.0.0.1:5000" })
        );
        let token = Credential::password("<token>", "t");
        assert_eq!(token, Credential::identity_token("t"));
        assert_eq!(
            decoded(&token.header("docker.io")),
            json!({ "identitytoken": "t", "serveraddress": "https://index.docker.io/v1/" })
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!(
            "{:?} {:?}",
            Credential::password("ada", "hunter2"),
            Credential::identity_token("hunter2")
        );
        assert!(
            shown.contains("ada") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
