//! The keyring of a Linux session: GNOME's, KDE's or another one that speaks the Secret Service's protocol,
//! <https://specifications.freedesktop.org/secret-service/latest/>.

use std::{collections::HashMap, io, time::Duration};

use secret_service::{Collection, EncryptionType, Error, Item, SecretService};
use tokio::time::timeout;
use zbus::connection::Builder;

use super::{KeyringError, Login};
use crate::Credential;

/// How long the keyring may take for one answer. Somebody who is asked for its password may take longer.
const LIMIT: Duration = Duration::from_secs(10);

/// What tells our items from those of other programs.
const APPLICATION: (&str, &str) = ("application", "dev.labwright.registry-login");
const REGISTRY: &str = "registry";
const USERNAME: &str = "username";

/// The keyring of one session, which is connected to whenever something is asked of it.
#[derive(Clone, Debug)]
pub(crate) struct Keyring {
    session: Option<String>,
}

impl Keyring {
    /// The keyring of the session with this D-Bus address, if there is one.
    pub(crate) fn new(session: Option<String>) -> Self {
        Self { session }
    }

    /// Whether there is a keyring.
    pub(crate) async fn check(&self) -> Result<(), KeyringError> {
        self.open().await.map(drop)
    }

    /// The login for a registry. There is none where there is no keyring.
    pub(crate) async fn find(&self, registry: &str) -> Result<Option<Credential>, KeyringError> {
        let service = match self.open().await {
            Ok(service) => service,
            Err(error @ KeyringError::Missing { .. }) => {
                tracing::debug!(?error, "no keyring is asked for the login");
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let failed = |error| refused(format!("give the login for {registry}"), error);
        let items = search(&service, Some(registry)).await.map_err(failed)?;
        match items.first() {
            Some(item) => login_of(item, registry).await.map(Some),
            None => Ok(None),
        }
    }

    /// Keeps a login in the place of those that are there for the registry.
    pub(crate) async fn store(
        &self,
        registry: &str,
        username: &str,
        secret: &str,
    ) -> Result<(), KeyringError> {
        let service = self.open().await?;
        let keep = async {
            let before = search(&service, Some(registry)).await?;
            let collection = default_collection(&service).await?;
            if collection.is_locked().await? {
                collection.unlock().await?;
            }
            let attributes =
                HashMap::from([APPLICATION, (REGISTRY, registry), (USERNAME, username)]);
            let label = format!("Labwright: {username} at {registry}");
            let kept = collection
                .create_item(&label, attributes, secret.as_bytes(), true, "text/plain")
                .await?;
            for item in before
                .iter()
                .filter(|item| item.item_path != kept.item_path)
            {
                item.delete().await?;
            }
            Ok(())
        };
        let kept = keep.await;
        kept.map_err(|error| refused(format!("keep the login for {registry}"), error))
    }

    /// Forgets the logins for a registry. False where there were none.
    pub(crate) async fn remove(&self, registry: &str) -> Result<bool, KeyringError> {
        let service = self.open().await?;
        let forget = async {
            let items = search(&service, Some(registry)).await?;
            for item in &items {
                item.delete().await?;
            }
            Ok(!items.is_empty())
        };
        let forgotten = forget.await;
        forgotten.map_err(|error| refused(format!("forget the login for {registry}"), error))
    }

    /// All logins, in order. Needs no password, even where the keyring is locked.
    pub(crate) async fn logins(&self) -> Result<Vec<Login>, KeyringError> {
        let service = self.open().await?;
        let list = async {
            let mut logins = Vec::new();
            for item in search(&service, None).await? {
                let mut attributes = item.get_attributes().await?;
                let found = attributes.remove(REGISTRY).zip(attributes.remove(USERNAME));
                logins.extend(found.map(|(registry, username)| Login { registry, username }));
            }
            logins.sort();
            Ok(logins)
        };
        let listed = list.await;
        listed.map_err(|error| refused("list its logins".to_owned(), error))
    }

    async fn open(&self) -> Result<SecretService<'static>, KeyringError> {
        let missing = |source: Error| KeyringError::Missing {
            source: Some(source.into()),
        };
        let Some(session) = self.session.as_deref() else {
            return Err(KeyringError::Missing { source: None });
        };
        let connect = async {
            let connection = Builder::address(session)?
                .method_timeout(LIMIT)
                .build()
                .await?;
            SecretService::connect_with_existing(EncryptionType::Dh, connection).await
        };
        match timeout(LIMIT, connect).await {
            Ok(Err(error)) if is_timeout(&error) => Err(silent()),
            Ok(connected) => connected.map_err(missing),
            Err(_) => Err(silent()),
        }
    }
}

/// Our items for a registry, or all of them; those that need no unlocking first.
async fn search<'a>(
    service: &'a SecretService<'_>,
    registry: Option<&str>,
) -> Result<Vec<Item<'a>>, Error> {
    let mut attributes = HashMap::from([APPLICATION]);
    attributes.extend(registry.map(|registry| (REGISTRY, registry)));
    let found = service.search_items(attributes).await?;
    Ok(found.unlocked.into_iter().chain(found.locked).collect())
}

/// The collection that programs keep things in. Where there is none yet, one is made, for which a password is asked.
async fn default_collection<'a>(service: &'a SecretService<'_>) -> Result<Collection<'a>, Error> {
    match service.get_default_collection().await {
        Err(Error::NoResult) => {
            service
                .create_collection("Default keyring", "default")
                .await
        }
        found => found,
    }
}

async fn login_of(item: &Item<'_>, registry: &str) -> Result<Credential, KeyringError> {
    let read = async {
        if item.is_locked().await? {
            item.unlock().await?;
        }
        let username = item.get_attributes().await?.remove(USERNAME);
        Ok((username.unwrap_or_default(), item.get_secret().await?))
    };
    let read = read.await;
    let (username, secret) =
        read.map_err(|error| refused(format!("give the login for {registry}"), error))?;
    let secret = String::from_utf8(secret).map_err(|_| KeyringError::NotText {
        registry: registry.to_owned(),
    })?;
    Ok(Credential::password(username, secret))
}

fn refused(action: String, error: Error) -> KeyringError {
    match error {
        error if is_timeout(&error) => silent(),
        error @ (Error::Locked | Error::Prompt | Error::PromptDisconnected) => {
            KeyringError::Locked {
                source: error.into(),
            }
        }
        error => KeyringError::Refused {
            action,
            source: error.into(),
        },
    }
}

fn silent() -> KeyringError {
    KeyringError::Silent {
        seconds: LIMIT.as_secs(),
    }
}

fn is_timeout(error: &Error) -> bool {
    match error {
        Error::Zbus(zbus::Error::InputOutput(error)) => error.kind() == io::ErrorKind::TimedOut,
        _ => false,
    }
}
