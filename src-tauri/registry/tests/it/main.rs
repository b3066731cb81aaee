//! The crate as its users see it, on a real registry and a real keyring.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod describe;
mod failures;
mod helpers;
mod keyring;
mod logins;
mod mirrors;
mod tls;
mod tokens;

use std::time::Duration;

use labwright_registry::{
    Credential, Limits, Platform, Registry, RegistryAccess, RegistryError, RemoteImage,
};

/// Registries as Docker reaches them, with less patience.
fn docker() -> RegistryAccess {
    RegistryAccess {
        limits: Limits {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(10),
        },
        ..RegistryAccess::default()
    }
}

fn platform(text: &str) -> Platform {
    text.parse().unwrap()
}

/// What is said to nobody of an image for linux/amd64.
async fn described_with(
    access: &RegistryAccess,
    reference: &str,
) -> Result<RemoteImage, RegistryError> {
    let registry = Registry::new(access.clone());
    registry
        .describe(reference, &platform("linux/amd64"), None)
        .await
}

/// What is said of an image for linux/amd64 as Docker reaches registries.
async fn described(
    reference: &str,
    login: Option<&Credential>,
) -> Result<RemoteImage, RegistryError> {
    let registry = Registry::new(docker());
    registry
        .describe(reference, &platform("linux/amd64"), login)
        .await
}
