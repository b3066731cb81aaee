//! What can fail between us and a registry: one variant per kind, with the object and the cause.

mod answer;
mod failure;
mod hints;
mod transport;
mod verdict;

use std::{error::Error, io, path::PathBuf, time::Duration};

pub use answer::Answer;
pub(crate) use failure::{Asked, Failure, retry_after};

use crate::Platform;

/// What another package said.
type Source = Box<dyn Error + Send + Sync>;

/// A registry could not be asked, or did not say what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// What was given names no registry.
    #[error("{reference:?} is not an image's name with its registry")]
    Reference {
        /// What was given.
        reference: String,
    },
    /// The registry wants to know who asks, or does not let that one see it (401).
    #[error("registry {registry} does not show {object} {}", to_whom(username.as_deref()))]
    Unauthorized {
        /// The registry.
        registry: String,
        /// What was asked for: an image's name.
        object: String,
        /// Who asked; nobody without a login.
        username: Option<String>,
        /// What it answered.
        #[source]
        source: Answer,
    },
    /// The registry did not accept a login when it was checked.
    #[error("registry {registry} refused the login of {username}")]
    LoginRefused {
        /// The registry.
        registry: String,
        /// Whose login.
        username: String,
        /// What it answered.
        #[source]
        source: Answer,
    },
    /// The registry knows who asks, and does not allow it (403).
    #[error("registry {registry} forbids {object} {}", to_whom(username.as_deref()))]
    Forbidden {
        /// The registry.
        registry: String,
        /// What was asked for.
        object: String,
        /// Who asked.
        username: Option<String>,
        /// What it answered.
        #[source]
        source: Answer,
    },
    /// There is no such repository (404).
    #[error("registry {registry} has no repository {repository}")]
    RepositoryUnknown {
        /// The registry.
        registry: String,
        /// The repository, without the registry.
        repository: String,
        /// What it answered.
        #[source]
        source: Answer,
    },
    /// The repository has no such tag or digest (404).
    #[error("registry {registry} has no image {object}")]
    ImageUnknown {
        /// The registry.
        registry: String,
        /// The image's name.
        object: String,
        /// What it answered.
        #[source]
        source: Answer,
    },
    /// Too much was asked of the registry (429).
    #[error("registry {registry} takes no more requests{}", again(*retry_after))]
    RateLimited {
        /// The registry.
        registry: String,
        /// When it wants to be asked again, if it says so.
        retry_after: Option<Duration>,
        /// Whether it knows who asked: limits are higher then.
        logged_in: bool,
        /// What it answered.
        #[source]
        source: Answer,
    },
    /// The image is not there for the platform.
    #[error("{object} is not there for {wanted}{}", instead(available))]
    WrongPlatform {
        /// The image's name.
        object: String,
        /// What was asked for.
        wanted: Platform,
        /// What there is.
        available: Vec<Platform>,
    },
    /// Who the registry is could not be checked, or it does not speak TLS as we do.
    #[error("no safe connection to registry {registry} can be made")]
    Tls {
        /// The registry.
        registry: String,
        /// Whether its certificate is of an authority that nobody here knows.
        unknown_authority: bool,
        /// What the connection said.
        #[source]
        source: Source,
    },
    /// This system knows no certificate authorities, so that nothing can be checked.
    #[error(
        "this system knows no certificate authority, which registry {registry} is checked with"
    )]
    NoAuthorities {
        /// The registry.
        registry: String,
        /// What the client said.
        #[source]
        source: Source,
    },
    /// A certificate for the registry is there and cannot be used.
    #[error("cannot read the certificate {} for registry {registry}", path.display())]
    Certificate {
        /// The registry.
        registry: String,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is no such host, or nobody can be asked.
    #[error("the name of registry {registry} cannot be resolved")]
    Dns {
        /// The registry.
        registry: String,
        /// What the system said.
        #[source]
        source: Source,
    },
    /// The host is there, and no registry.
    #[error("registry {registry} refuses connections")]
    Refused {
        /// The registry.
        registry: String,
        /// What the system said.
        #[source]
        source: Source,
    },
    /// The connection could not be made, or broke.
    #[error("registry {registry} cannot be reached")]
    Unreachable {
        /// The registry.
        registry: String,
        /// What the connection said.
        #[source]
        source: Source,
    },
    /// Nothing came in time.
    #[error("registry {registry} does not answer (waited {seconds} s)")]
    TimedOut {
        /// The registry.
        registry: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The registry has a problem of its own (500 and above).
    #[error("registry {registry} failed to answer")]
    Server {
        /// The registry.
        registry: String,
        /// What it answered.
        #[source]
        source: Answer,
    },
    /// The registry refused for a reason that has no variant of its own.
    #[error("registry {registry} refused to show {object}")]
    Rejected {
        /// The registry.
        registry: String,
        /// What was asked for.
        object: String,
        /// What it answered.
        #[source]
        source: Answer,
    },
    /// What the registry sent is no description of an image.
    #[error("what registry {registry} says of {object} cannot be understood")]
    Unreadable {
        /// The registry.
        registry: String,
        /// The image's name.
        object: String,
        /// Where it stops making sense.
        #[source]
        source: Source,
    },
    /// The registry sends logins to a place where they cannot be checked.
    #[error("registry {registry} wants logins to be sent to {realm}, which is not safe")]
    UnsafeRealm {
        /// The registry.
        registry: String,
        /// Where logins should be sent.
        realm: String,
    },
    /// The registry's answer to a login makes no sense.
    #[error("registry {registry} did not answer a login as registries do")]
    Login {
        /// The registry.
        registry: String,
        /// Where it stops making sense.
        #[source]
        source: Source,
    },
}

fn to_whom(username: Option<&str>) -> String {
    username.map_or_else(
        || "without a login".to_owned(),
        |username| format!("to {username}"),
    )
}

fn again(after: Option<Duration>) -> String {
    match after.map(|after| after.as_secs()) {
        None => String::new(),
        Some(seconds) if seconds < 120 => format!(" for {seconds} s"),
        Some(seconds) => format!(" for {} min", seconds.div_ceil(60)),
    }
}

fn instead(available: &[Platform]) -> String {
    let shown: Vec<_> = available.iter().map(ToString::to_string).collect();
    match shown.as_slice() {
        [] => ", nor for any other platform".to_owned(),
        shown => format!(", only for {}", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests;
