//! Telling a registry who asks.

use reqwest::{RequestBuilder, Response, StatusCode, header::CONTENT_TYPE};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::{challenge::Challenge, visit::Visit};
use crate::{
    Answer, Credential, RegistryError,
    error::{Asked, Failure},
};

/// What servers of tokens are told that we are.
const CLIENT: &str = "labwright";

/// Goes with each request.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Authorization {
    /// Nobody asks.
    None,
    Basic {
        username: String,
        secret: String,
    },
    Bearer(String),
}

/// Why there is no authorization.
pub(super) enum Denied {
    /// The server of tokens does not give one (401, 403).
    Refused(Answer),
    /// It could not be asked, or failed otherwise.
    Failed(RegistryError),
}

/// Servers name it either way.
#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

impl Authorization {
    pub(super) fn apply(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::None => request,
            Self::Basic { username, secret } => request.basic_auth(username, Some(secret)),
            Self::Bearer(token) => request.bearer_auth(token),
        }
    }
}

impl Visit {
    /// Meets a challenge, as far as the login can; without one, as nobody.
    ///
    /// `scope` is what a token shall be for; a registry that says it itself knows better.
    pub(super) async fn authorize(
        &self,
        challenge: &Challenge,
        scope: Option<&str>,
        login: Option<&Credential>,
    ) -> Result<Authorization, Denied> {
        let password = login.and_then(Credential::as_password);
        match (challenge, password) {
            (Challenge::Basic, None) => Ok(Authorization::None),
            (Challenge::Basic, Some((username, secret))) => Ok(Authorization::Basic {
                username: username.to_owned(),
                secret: secret.to_owned(),
            }),
            (
                Challenge::Bearer {
                    realm,
                    service,
                    scope: own,
                },
                _,
            ) => {
                let mut query = vec![("client_id", CLIENT)];
                query.extend(service.as_deref().map(|service| ("service", service)));
                query.extend(own.as_deref().or(scope).map(|scope| ("scope", scope)));
                self.token(realm, query, login).await
            }
        }
    }

    async fn token(
        &self,
        realm: &str,
        mut query: Vec<(&str, &str)>,
        login: Option<&Credential>,
    ) -> Result<Authorization, Denied> {
        self.check_realm(realm, login).map_err(Denied::Failed)?;
        let request = if let Some(token) = login.and_then(Credential::as_token) {
            query.extend([("grant_type", "refresh_token"), ("refresh_token", token)]);
            let form = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(query)
                .finish();
            let request = self.http.post(realm);
            request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form)
        } else {
            let request = self.http.get(realm).query(&query);
            match login.and_then(Credential::as_password) {
                Some((username, secret)) => request
                    .query(&[("account", username)])
                    .basic_auth(username, Some(secret)),
                None => request,
            }
        };
        let answer = self.send(request).await.map_err(Denied::Failed)?;
        self.read_token(answer, login).await
    }

    async fn read_token(
        &self,
        answer: Response,
        login: Option<&Credential>,
    ) -> Result<Authorization, Denied> {
        let status = answer.status();
        if !status.is_success() {
            let failure = Failure::read(answer).await;
            let asked = Asked {
                registry: &self.registry,
                repository: "",
                object: "anything",
                login,
            };
            return Err(match status {
                // A login that is wrong is a bad request to an OAuth 2 server.
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST => {
                    Denied::Refused(failure.answer)
                }
                _ => Denied::Failed(failure.into_error(&asked)),
            });
        }
        let body = answer.bytes().await;
        let body = body.map_err(|error| Denied::Failed(self.transport(error)))?;
        let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| {
            Denied::Failed(RegistryError::Login {
                registry: self.registry.clone(),
                source,
            })
        };
        let token: Token = serde_json::from_slice(&body).map_err(|e| unreadable(e.into()))?;
        let token = token.token.or(token.access_token);
        let token = token.ok_or_else(|| unreadable("there is no token in it".into()))?;
        Ok(Authorization::Bearer(token))
    }

    /// A login that goes out safely to the registry must not go on in the clear.
    fn check_realm(&self, realm: &str, login: Option<&Credential>) -> Result<(), RegistryError> {
        let clear = Url::parse(realm).is_ok_and(|url| url.scheme() != "https");
        if clear && login.is_some() && self.way.tls && self.way.checked {
            return Err(RegistryError::UnsafeRealm {
                registry: self.registry.clone(),
                realm: realm.to_owned(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::{
        RegistryAccess,
        remote::access::{Way, Ways},
    };

    fn visit(way: Way) -> Visit {
        Visit::new("lab.example", way, &RegistryAccess::default()).unwrap()
    }

    #[test]
    fn a_login_that_came_safely_does_not_go_on_in_the_clear() {
        let login = Credential::password("ada", "hunter2");
        let access = RegistryAccess {
            insecure: vec!["old.example".to_owned()],
            ..RegistryAccess::default()
        };
        let safe = visit(access.ways("lab.example").best);
        let error = safe.check_realm("http://lab.example/token", Some(&login));
        assert_eq!(error.unwrap_err().code(), "registry_unsafe_realm");
        safe.check_realm("http://lab.example/token", None).unwrap();
        safe.check_realm("https://lab.example/token", Some(&login))
            .unwrap();
        let Ways { best, otherwise } = access.ways("old.example");
        for way in [best, otherwise.unwrap()] {
            visit(way)
                .check_realm("http://old.example/token", Some(&login))
                .unwrap();
        }
    }
}
