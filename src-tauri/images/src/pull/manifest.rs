//! Asking the registry what the engine is going to fetch.

use super::error::PullError;
use super::flow::Pull;
use super::request::Wanted;
use labwright_engine::{EngineKind, RegistrySettings};
use labwright_jobs::Step;
use labwright_registry::{
    Credential, Platform, Registry, RegistryAccess, RegistryError, RemoteImage,
};

/// What is known before the engine begins.
pub(super) struct Manifest {
    /// The registry's host and port.
    pub(super) registry: String,
    /// What the registry says; none where it could not be asked from here.
    pub(super) image: Option<RemoteImage>,
    /// Who the user is, as the engine takes it.
    pub(super) credentials: Option<String>,
}

impl Pull {
    /// The engine may reach the registry where we do not: only what the registry itself answers ends the pull here.
    pub(super) async fn manifest(
        &self,
        wanted: &Wanted,
        step: &Step,
    ) -> Result<Manifest, PullError> {
        let registry = wanted
            .reference
            .registry()
            .unwrap_or("docker.io")
            .to_owned();
        step.start();
        step.waiting_for(format!("{registry} to answer"));
        let settings = self.or_cancelled(self.registry_settings(step)).await?;
        let repository = wanted.reference.canonical_repository();
        let credential = self
            .or_cancelled(self.credential(&repository, step))
            .await?;
        let client = self.client(settings);
        let name = wanted.reference.canonical();
        let platform = wanted
            .platform
            .clone()
            .unwrap_or_else(|| self.own_platform());
        let asked = client.describe(&name, &platform, credential.as_ref());
        let image = match self.or_cancelled(asked).await? {
            Ok(image) => {
                step.log(told(&image));
                step.succeed();
                Some(image)
            }
            Err(error) if error.is_final() => return Err(error.into()),
            Err(error) => {
                step.skip(unanswered(&registry, &error));
                None
            }
        };
        let credentials = credential.map(|credential| credential.header(&registry));
        Ok(Manifest {
            registry,
            image,
            credentials,
        })
    }

    async fn registry_settings(&self, step: &Step) -> RegistrySettings {
        let told = self.engine().registries().await;
        told.unwrap_or_else(|error| {
            step.log(format!("{error}"));
            RegistrySettings::default()
        })
    }

    /// Without credentials the registry may still give the image.
    async fn credential(&self, repository: &str, step: &Step) -> Option<Credential> {
        let found = self.job.places.credentials.find(repository).await;
        found.unwrap_or_else(|error| {
            step.log(format!("going on without a login: {}", chain(&error)));
            None
        })
    }

    fn client(&self, settings: RegistrySettings) -> Registry {
        let mirrors = settings.mirrors.iter().filter_map(|mirror| {
            let url = if mirror.contains("://") {
                mirror.clone()
            } else {
                format!("https://{mirror}")
            };
            url.parse().ok()
        });
        Registry::new(RegistryAccess {
            certificate_folders: self.job.places.certificate_folders.clone(),
            insecure: settings.insecure,
            mirrors: mirrors.collect(),
            strict_loopback: self.engine().info().kind == EngineKind::Podman,
            ..RegistryAccess::default()
        })
    }

    pub(super) fn own_platform(&self) -> Platform {
        let info = self.engine().info();
        Platform {
            os: info.os.clone(),
            architecture: info.architecture.clone(),
            variant: None,
        }
    }
}

fn told(image: &RemoteImage) -> String {
    format!(
        "{} for {}: {} layers, {} bytes",
        image.digest,
        image.platform,
        image.layers.len(),
        image.size()
    )
}

fn unanswered(registry: &str, error: &RegistryError) -> String {
    format!(
        "{registry} could not be asked from here ({}): the engine pulls without a total",
        chain(error)
    )
}

/// The error and its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    let causes = causes.map(ToString::to_string);
    std::iter::once(error.to_string())
        .chain(causes)
        .collect::<Vec<_>>()
        .join(": ")
}
