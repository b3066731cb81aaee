//! A status of failure, turned into the error that says what it means.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{Response, header::RETRY_AFTER};

use super::{Answer, RegistryError};
use crate::Credential;

/// What was asked for, and by whom.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) registry: &'a str,
    pub(crate) repository: &'a str,
    /// The image's name, as the user knows it.
    pub(crate) object: &'a str,
    pub(crate) login: Option<&'a Credential>,
}

/// What a registry answers when it does not do what was asked.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) answer: Answer,
    pub(crate) retry_after: Option<Duration>,
    /// Whether it is the repository that is not there, and not only the image.
    pub(crate) repository_unknown: bool,
}

impl Failure {
    /// A failure of which only the answer is known.
    pub(crate) fn new(answer: Answer) -> Self {
        Self {
            answer,
            retry_after: None,
            repository_unknown: false,
        }
    }

    /// All that the answer tells. A body that does not come is none.
    pub(crate) async fn read(answer: Response) -> Self {
        let status = answer.status().as_u16();
        let retry_after = retry_after(&answer);
        let body = answer.text().await.unwrap_or_default();
        Self {
            retry_after,
            ..Self::new(Answer::of(status, &body))
        }
    }

    /// What that means for what was asked.
    pub(crate) fn into_error(self, asked: &Asked<'_>) -> RegistryError {
        let registry = asked.registry.to_owned();
        let object = asked.object.to_owned();
        let username = asked.login.map(|login| login.shown().to_owned());
        let source = self.answer;
        match source.status {
            401 => RegistryError::Unauthorized {
                registry,
                object,
                username,
                source,
            },
            403 => RegistryError::Forbidden {
                registry,
                object,
                username,
                source,
            },
            404 if self.repository_unknown => RegistryError::RepositoryUnknown {
                registry,
                repository: asked.repository.to_owned(),
                source,
            },
            404 => RegistryError::ImageUnknown {
                registry,
                object,
                source,
            },
            429 => RegistryError::RateLimited {
                registry,
                retry_after: self.retry_after,
                logged_in: asked.login.is_some(),
                source,
            },
            500.. => RegistryError::Server { registry, source },
            _ => RegistryError::Rejected {
                registry,
                object,
                source,
            },
        }
    }
}

/// How long a server wants to be left alone.
pub(crate) fn retry_after(answer: &Response) -> Option<Duration> {
    let value = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    wait(value, Timestamp::now())
}

/// RFC 9110, 10.2.3: seconds, or a date.
fn wait(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = rfc2822::parse(value.trim()).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_waiting_time_are_read() {
        let now = Timestamp::from_second(1_445_412_400).unwrap_or_default();
        for (value, seconds) in [
            ("30", Some(30)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(80)),
            ("Wed, 21 Oct 2015 07:00:00 GMT", Some(0)),
            ("soon", None),
        ] {
            assert_eq!(
                wait(value, now),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }
}
