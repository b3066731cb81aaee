//! The first meeting with a host: its key, and what it has.

use labwright_jobs::ErrorReport;
use labwright_remote::host::HostKey;
use labwright_remote::ssh::SshError;
use labwright_remote::{Access, Tested};
use thiserror::Error;

use super::Context;
use super::ask::{can_ask, confirms};
use crate::exit::CommandError;

/// Where a host itself has its key, for whoever compares it.
const OWN_KEY: &str = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub";

/// Why a host's key is not accepted.
#[derive(Debug, Error)]
enum KeyError {
    /// Nobody said that it is the right one.
    #[error("the key of {host} is not known")]
    Unconfirmed {
        host: String,
        key: HostKey,
        command: String,
    },
    /// Somebody said that another one is.
    #[error("the key of {host} is not known, and not the one that was given: {given}")]
    Different {
        host: String,
        key: HostKey,
        given: String,
    },
}

impl KeyError {
    fn report(&self) -> ErrorReport {
        let report = ErrorReport::of("host_key_unknown", self);
        match self {
            Self::Unconfirmed { host, key, command } => report
                .with_cause(shows(host, key))
                .with_hint(format!("Compare it with what the host itself says: {OWN_KEY}"))
                .with_hint(format!("If it is the same: {command}")),
            Self::Different { host, key, .. } => {
                report.with_cause(shows(host, key)).with_hint(format!(
                    "Ask who runs the host for its fingerprint: {OWN_KEY}. If it is the one that was given, \
                     somebody may stand between you and the host."
                ))
            }
        }
    }
}

/// Logs in to a host and looks at what it has. The user is asked about a key that ssh does not know, unless `fingerprint`
/// says which one is right.
pub(super) async fn greet(
    context: &Context,
    access: &Access,
    fingerprint: Option<&str>,
) -> Result<Tested, CommandError> {
    match context.unless_stopped(access.test()).await? {
        Err(SshError::KeyUnknown { .. }) => {
            meet(context, access, fingerprint).await?;
            let tested = context.unless_stopped(access.test()).await?;
            tested.map_err(|error| error.report().into())
        }
        tested => tested.map_err(|error| error.report().into()),
    }
}

/// Accepts the key that the host shows, or says why not.
async fn meet(
    context: &Context,
    access: &Access,
    fingerprint: Option<&str>,
) -> Result<(), CommandError> {
    let key = context.unless_stopped(access.unknown_key()).await?;
    let key = key.map_err(|error| error.report())?;
    let host = access.host.clone();
    let right = match fingerprint {
        Some(given) if given == key.fingerprint => true,
        Some(given) => {
            let given = given.to_owned();
            let error = KeyError::Different { host, key, given };
            return Err(error.report().into());
        }
        None => can_ask(context) && is_right(context, &host, &key).await?,
    };
    if !right {
        let command = command(context, &host, &key);
        let error = KeyError::Unconfirmed { host, key, command };
        return Err(error.report().into());
    }
    let accepted = context.unless_stopped(access.accept_key(&key.fingerprint));
    accepted.await?.map_err(|error| error.report().into())
}

async fn is_right(context: &Context, host: &str, key: &HostKey) -> Result<bool, CommandError> {
    context.note(&format!(
        "The key of {host} is not known to ssh: {}\nCompare it with what the host itself says: {OWN_KEY}",
        shows(host, key)
    ));
    confirms(
        context,
        "Is it the same, and shall ssh know it from now on?",
    )
    .await
}

fn shows(host: &str, key: &HostKey) -> String {
    format!("{host} shows {} {}", key.algorithm, key.fingerprint)
}

/// What to type to accept this key and no other.
fn command(context: &Context, host: &str, key: &HostKey) -> String {
    let mut words = vec![
        "lw",
        "host",
        "test",
        host,
        "--fingerprint",
        &key.fingerprint,
    ];
    let config = context.options.ssh_config.as_ref();
    let config = config.map(|file| file.display().to_string());
    if let Some(config) = &config {
        words.extend(["--ssh-config", config]);
    }
    // Only a NUL cannot be quoted, and none of these has one.
    shlex::try_join(words.iter().copied()).unwrap_or_else(|_| words.join(" "))
}
