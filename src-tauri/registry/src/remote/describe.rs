//! Describing an image: its index, the manifest for a platform, and what is in it.

use oci_client::{
    Reference,
    manifest::{ImageIndexEntry, OciDescriptor, OciImageIndex, OciImageManifest, OciManifest},
};
use reqwest::{Response, StatusCode};

use super::{
    authorization::{Authorization, Denied},
    challenge::Challenge,
    manifests::unreadable,
    reader::Reader,
    visit::{Visit, aside},
};
use crate::{
    Answer, Platform, RegistryError, RemoteImage, RemoteLayer,
    error::{Asked, Failure},
    reference::name_of,
};

/// A visit for one image.
pub(super) struct Description<'a> {
    reader: Reader,
    /// As the registry is reached, which need not be as it is called.
    reference: Reference,
    asked: Asked<'a>,
    authorization: Authorization,
}

impl<'a> Description<'a> {
    /// Goes on from the answer to the question whether there is such a manifest: tells who asks, if that is wanted.
    pub(super) async fn begin(
        visit: Visit,
        head: Response,
        reference: &Reference,
        asked: Asked<'a>,
    ) -> Result<Self, RegistryError> {
        let challenge = Challenge::of(head.headers());
        let challenge = challenge.filter(|_| head.status() == StatusCode::UNAUTHORIZED);
        let authorization = match challenge {
            Some(challenge) => {
                let scope = format!("repository:{}:pull", reference.repository());
                let authorized = visit.authorize(&challenge, Some(&scope), asked.login);
                authorized
                    .await
                    .map_err(|denied| denied.for_image(&asked))?
            }
            None => Authorization::None,
        };
        Ok(Self {
            reference: reached(reference, &visit.way.host),
            reader: aside(|| Reader::new(visit)).await?,
            asked,
            authorization,
        })
    }

    /// Describes the image for a platform.
    pub(super) async fn finish(self, wanted: &Platform) -> Result<RemoteImage, RegistryError> {
        let (manifest, digest) = self.read(&self.reference).await?;
        match manifest {
            OciManifest::Image(manifest) => {
                let platform = self.platform_of(&manifest).await?;
                self.check(wanted, std::slice::from_ref(&platform))?;
                let platforms = vec![platform.clone()];
                self.image(digest.clone(), digest, &manifest, platform, platforms)
            }
            OciManifest::ImageIndex(index) => self.of_index(wanted, digest, &index).await,
        }
    }

    async fn of_index(
        &self,
        wanted: &Platform,
        digest: String,
        index: &OciImageIndex,
    ) -> Result<RemoteImage, RegistryError> {
        let offered: Vec<_> = index.manifests.iter().filter_map(offered).collect();
        let platforms: Vec<_> = offered
            .iter()
            .map(|(platform, _)| platform.clone())
            .collect();
        let place = self.check(wanted, &platforms)?;
        let (platform, entry) = &offered[place];
        let chosen = self.reference.clone_with_digest(entry.digest.clone());
        let (manifest, manifest_digest) = self.read(&chosen).await?;
        let OciManifest::Image(manifest) = manifest else {
            return Err(unreadable(&self.asked, "its index names an index"));
        };
        self.image(
            digest,
            manifest_digest,
            &manifest,
            platform.clone(),
            platforms,
        )
    }

    /// The place of the one that an engine takes.
    fn check(&self, wanted: &Platform, available: &[Platform]) -> Result<usize, RegistryError> {
        let place = wanted.choose(available.iter());
        place.ok_or_else(|| RegistryError::WrongPlatform {
            object: self.asked.object.to_owned(),
            wanted: wanted.clone(),
            available: available.to_vec(),
        })
    }

    async fn read(&self, reference: &Reference) -> Result<(OciManifest, String), RegistryError> {
        self.reader
            .manifest(reference, &self.asked, &self.authorization)
            .await
    }

    async fn platform_of(&self, manifest: &OciImageManifest) -> Result<Platform, RegistryError> {
        self.reader
            .platform(
                &self.reference,
                &manifest.config,
                &self.asked,
                &self.authorization,
            )
            .await
    }

    fn image(
        &self,
        digest: String,
        manifest_digest: String,
        manifest: &OciImageManifest,
        platform: Platform,
        platforms: Vec<Platform>,
    ) -> Result<RemoteImage, RegistryError> {
        let layers: Option<Vec<_>> = manifest.layers.iter().map(layer).collect();
        let layers =
            layers.ok_or_else(|| unreadable(&self.asked, "a layer has a size below zero"))?;
        Ok(RemoteImage {
            digest,
            manifest_digest,
            config_digest: manifest.config.digest.clone(),
            platform,
            platforms,
            layers,
        })
    }
}

impl Denied {
    /// Who gets no token for an image is not let in to it, whatever the status of that was.
    fn for_image(self, asked: &Asked<'_>) -> RegistryError {
        match self {
            Self::Failed(error) => error,
            Self::Refused(answer) => Failure::new(Answer {
                status: 401,
                ..answer
            })
            .into_error(asked),
        }
    }
}

/// The same image by the name of the host that is connected to.
fn reached(reference: &Reference, host: &str) -> Reference {
    let (host, repository) = (host.to_owned(), reference.repository().to_owned());
    match reference.digest() {
        Some(digest) => Reference::with_digest(host, repository, digest.to_owned()),
        None => Reference::with_tag(host, repository, name_of(reference).to_owned()),
    }
}

/// What an index offers with an entry; nothing where it is no image, but tells something of one.
fn offered(entry: &ImageIndexEntry) -> Option<(Platform, &ImageIndexEntry)> {
    let told = entry.platform.as_ref()?;
    let (os, architecture) = (told.os.to_string(), told.architecture.to_string());
    let platform = Platform::new(&os, &architecture, told.variant.as_deref());
    (!platform.is_unknown()).then_some((platform, entry))
}

fn layer(layer: &OciDescriptor) -> Option<RemoteLayer> {
    Some(RemoteLayer {
        digest: layer.digest.clone(),
        size: layer.size.try_into().ok()?,
        media_type: layer.media_type.clone(),
    })
}
