//! What a registry answered instead of what was asked.

use serde::Deserialize;

/// How many characters of an answer that is no registry's are told on.
const SHOWN: usize = 300;

/// An answer of failure: the status and what the registry says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (status {status})")]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The registry's message; the status' usual words where it has none.
    pub message: String,
}

/// The form that registries give their errors:
/// <https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes>. Servers of tokens have others.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    errors: Vec<Entry>,
    #[serde(alias = "details", alias = "error_description", alias = "error")]
    message: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

impl Answer {
    /// What a body of this status says, however it says it.
    pub(crate) fn of(status: u16, body: &str) -> Self {
        let told = match serde_json::from_str::<Body>(body) {
            Ok(body) => body.text(),
            // A page of a proxy between says nothing that could be read in a line.
            Err(_) if body.trim_start().starts_with('<') => None,
            Err(_) => Some(body.trim().chars().take(SHOWN).collect()),
        };
        let message = told.filter(|told: &String| !told.is_empty());
        Self {
            status,
            message: message.unwrap_or_else(|| usual(status)),
        }
    }
}

impl Body {
    fn text(self) -> Option<String> {
        let entries = self.errors.into_iter().map(|entry| {
            if entry.message.is_empty() {
                entry.code.to_lowercase().replace('_', " ")
            } else {
                entry.message
            }
        });
        let all = entries.collect::<Vec<_>>().join("; ");
        if all.is_empty() {
            self.message
        } else {
            Some(all)
        }
    }
}

fn usual(status: u16) -> String {
    let words = reqwest::StatusCode::from_u16(status).ok();
    let words = words.and_then(|status| status.canonical_reason());
    words.unwrap_or("no reason given").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registrys_own_words_are_told() {
        for (body, told) in [
            (
                r#"{"errors":[{"code":"DENIED","message":"requested access is denied"}]}"#,
                "requested access is denied",
            ),
            (
                r#"{"errors":[{"code":"NAME_UNKNOWN"},{"message":"b"}]}"#,
                "name unknown; b",
            ),
            (
                r#"{"details":"incorrect username or password"}"#,
                "incorrect username or password",
            ),
            ("upstream failed\n", "upstream failed"),
            ("<html>nginx</html>", "forbidden"),
            ("", "forbidden"),
            ("{}", "forbidden"),
        ] {
            assert_eq!(Answer::of(403, body).message, told, "{body}");
        }
        assert_eq!(
            Answer::of(599, "").to_string(),
            "no reason given (status 599)"
        );
    }
}
