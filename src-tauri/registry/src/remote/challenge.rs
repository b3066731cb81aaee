//! How a registry wants to be told who asks: the header `WWW-Authenticate`.

use http_auth::{ChallengeRef, parser::ChallengeParser};
use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

/// What a registry wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// User and password with each request.
    Basic,
    /// A token from elsewhere: <https://distribution.github.io/distribution/spec/auth/token/>.
    Bearer {
        realm: String,
        service: Option<String>,
        scope: Option<String>,
    },
}

impl Challenge {
    /// What the headers want; a token where there is a choice.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(WWW_AUTHENTICATE).iter();
        let found: Vec<_> = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| ChallengeParser::new(value).map_while(Result::ok))
            .filter_map(|challenge| Self::read(&challenge))
            .collect();
        let token = found.iter().find(|challenge| **challenge != Self::Basic);
        token.or(found.first()).cloned()
    }

    fn read(challenge: &ChallengeRef<'_>) -> Option<Self> {
        if challenge.scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !challenge.scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let parameter = |name: &str| {
            let found = challenge.params.iter();
            let mut found = found.filter(|(other, _)| other.eq_ignore_ascii_case(name));
            found.next().map(|(_, value)| value.to_unescaped())
        };
        Some(Self::Bearer {
            realm: parameter("realm")?,
            service: parameter("service"),
            scope: parameter("scope"),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn challenge(values: &[&str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
        }
        Challenge::of(&headers)
    }

    #[test]
    fn a_token_is_taken_where_there_is_a_choice() {
        let bearer = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull""#;
        let token = Some(Challenge::Bearer {
            realm: "https://auth.docker.io/token".to_owned(),
            service: Some("registry.docker.io".to_owned()),
            scope: Some("repository:a/b:pull".to_owned()),
        });
        assert_eq!(challenge(&[bearer]), token);
        assert_eq!(challenge(&["Basic realm=\"x\"", bearer]), token);
        assert_eq!(challenge(&["basic realm=\"x\""]), Some(Challenge::Basic));
        assert_eq!(challenge(&["Negotiate"]), None);
        assert_eq!(challenge(&["Bearer service=\"x\""]), None);
        assert_eq!(challenge(&[]), None);
    }
}
