//! Asking the registry what the engine is going to fetch.

use super::error::PullError;
use super::flow::Pull;
use super::request::Wanted;
use labwright_engine::{EngineKind, PullOrder, PullStream, RegistrySettings};
use labwright_jobs::Step;
use labwright_registry::{
    Credential, Platform, Registry, RegistryAccess, RegistryError, RemoteImage,
};
use std::time::Duration;
use tokio::time::timeout;

/// How long an engine that has begun is kept waiting for what the registry tells us.
const PATIENCE: Duration = Duration::from_secs(5);

/// An engine that begins to pull, and what the registry says meanwhile.
pub(super) struct Begun {
    /// What the engine says.
    pub(super) stream: PullStream,
    /// What the registry says; none where it could not be asked from here.
    pub(super) image: Option<RemoteImage>,
}

impl Pull {
    /// Lets the engine begin, and asks the registry at the same time: what only we are told would come too late if the
    /// engine waited for it. Where a platform was asked for it does wait, because an engine pulls an image for a single
    /// platform whatever was asked.
    ///
    /// What the registry itself refuses ends the pull, in our words: engines have none of their own.
    pub(super) async fn begin(
        &self,
        wanted: &Wanted,
        credential: Option<&Credential>,
        step: &Step,
    ) -> Result<Begun, PullError> {
        let asked = self.manifest(wanted, credential, step);
        let pulling = self.engine().pull(order(wanted, credential));
        tokio::pin!(asked, pulling);
        if wanted.platform.is_some() {
            let image = asked.await?;
            let stream = pulling.await?;
            return Ok(Begun { stream, image });
        }
        tokio::select! {
            image = &mut asked => {
                let image = image?;
                Ok(Begun { stream: pulling.await?, image })
            }
            stream = &mut pulling => {
                let image = if let Ok(image) = timeout(PATIENCE, asked).await {
                    image?
                } else {
                    step.skip("the registry was slow to tell: the engine pulls without a total");
                    None
                };
                Ok(Begun { stream: stream?, image })
            }
        }
    }

    /// The engine may reach the registry where we do not: only what the registry itself answers is an error.
    async fn manifest(
        &self,
        wanted: &Wanted,
        credential: Option<&Credential>,
        step: &Step,
    ) -> Result<Option<RemoteImage>, PullError> {
        let asked = match self
            .ask(RegistrySettings::default(), wanted, credential)
            .await
        {
            // It may be the engine's settings that lead to it, or a mirror that has it.
            Err(error) if !error.is_final() || is_rate_limit(&error) => {
                let settings = self.registry_settings(step).await;
                self.ask(settings, wanted, credential).await
            }
            asked => asked,
        };
        match asked {
            Ok(image) => {
                step.log(told(&image));
                step.succeed();
                Ok(Some(image))
            }
            Err(error) if is_final(&error, wanted) => Err(error.into()),
            Err(error) => {
                step.skip(unanswered(wanted.registry(), &error));
                Ok(None)
            }
        }
    }

    async fn ask(
        &self,
        settings: RegistrySettings,
        wanted: &Wanted,
        credential: Option<&Credential>,
    ) -> Result<RemoteImage, RegistryError> {
        let client = self.client(settings, credential.is_some());
        let own = self.own_platform();
        let platform = wanted.platform.as_ref().unwrap_or(&own);
        let name = wanted.reference.canonical();
        Box::pin(client.describe(&name, platform, credential)).await
    }

    async fn registry_settings(&self, step: &Step) -> RegistrySettings {
        let told = self.engine().registries().await;
        told.unwrap_or_else(|error| {
            step.log(format!("{error}"));
            RegistrySettings::default()
        })
    }

    /// Without credentials the registry may still give the image.
    pub(super) async fn credential(&self, wanted: &Wanted, step: &Step) -> Option<Credential> {
        let repository = wanted.reference.canonical_repository();
        let found = self.job.places.credentials.find(&repository).await;
        found.unwrap_or_else(|error| {
            step.log(format!("going on without a login: {}", chain(&error)));
            None
        })
    }

    /// Podman wants to be told before it goes to this machine without a checked certificate. What is asked here without a
    /// login may go there all the same: Podman's own settings take it longer to tell than many an image to fetch.
    fn client(&self, settings: RegistrySettings, login: bool) -> Registry {
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
            strict_loopback: login && self.engine().info().kind == EngineKind::Podman,
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

fn is_rate_limit(error: &RegistryError) -> bool {
    matches!(error, RegistryError::RateLimited { .. })
}

fn order(wanted: &Wanted, credential: Option<&Credential>) -> PullOrder {
    PullOrder {
        reference: wanted.reference.clone(),
        platform: wanted.platform.as_ref().map(ToString::to_string),
        credentials: credential.map(|credential| credential.header(wanted.registry())),
    }
}

/// An image for another platform than the engine's own is pulled if nobody asked for one, as any engine does.
fn is_final(error: &RegistryError, wanted: &Wanted) -> bool {
    let other_platform = matches!(error, RegistryError::WrongPlatform { .. });
    error.is_final() && (wanted.platform.is_some() || !other_platform)
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
