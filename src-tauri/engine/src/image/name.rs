//! Giving names to images and taking them away.

use bollard::query_parameters::{RemoveImageOptions, TagImageOptions};
use reqwest::Method;

use crate::{Engine, EngineError, EngineKind, ImageReference, RequestError};

impl Engine {
    /// Gives an image, by its id or another name, a name more. A name that exists moves.
    ///
    /// On Podman a name without a registry is stored as `localhost/…`.
    pub async fn tag(
        &self,
        image: impl AsRef<str>,
        reference: &ImageReference,
    ) -> Result<(), EngineError> {
        let image = image.as_ref();
        let (repository, tag) = (reference.repository(), reference.tag());
        let done = match self.info().kind {
            EngineKind::Docker => {
                let options = TagImageOptions {
                    repo: Some(repository.to_owned()),
                    tag: Some(tag.to_owned()),
                };
                self.connection()
                    .docker()
                    .tag_image(image, Some(options))
                    .await
                    .map_err(Into::into)
            }
            EngineKind::Podman => {
                let path = format!("/v4.0.0/libpod/images/{image}/tag");
                let query = [("repo", repository), ("tag", tag)];
                self.connection()
                    .send(Method::POST, &path, &query)
                    .await
                    .map(drop)
            }
        };
        done.map_err(|source| {
            if source.status() == Some(404) {
                return self.missing(image);
            }
            let action = || format!("tag {image} as {reference}");
            EngineError::of_request(self, action, source, |source| EngineError::TagImage {
                engine: self.title().to_owned(),
                image: image.to_owned(),
                reference: reference.to_string(),
                source,
            })
        })
    }

    /// Takes one name away, and touches no other name.
    ///
    /// An image whose last name goes, goes too: Docker offers nothing else, and Podman is asked for
    /// the same. It is refused while a container uses the image. To keep the image, tag it first.
    pub async fn untag(&self, reference: &ImageReference) -> Result<(), EngineError> {
        let shown = reference.to_string();
        match self.delete(&shown, false).await {
            Ok(()) => Ok(()),
            Err(source) if source.status() == Some(404) => Err(self.missing(&shown)),
            Err(source) if source.status() == Some(409) => Err(self.in_use(&shown).await),
            Err(source) => {
                let action = || format!("remove the name {reference}");
                Err(EngineError::of_request(self, action, source, |source| {
                    EngineError::UntagImage {
                        engine: self.title().to_owned(),
                        reference: shown.clone(),
                        source,
                    }
                }))
            }
        }
    }

    /// The engine's own request to delete a name or an image.
    pub(super) async fn delete(&self, image: &str, force: bool) -> Result<(), RequestError> {
        match self.info().kind {
            EngineKind::Docker => {
                let options = RemoveImageOptions {
                    force,
                    ..RemoveImageOptions::default()
                };
                let docker = self.connection().docker();
                docker
                    .remove_image(image, Some(options), None)
                    .await
                    .map(drop)
                    .map_err(Into::into)
            }
            EngineKind::Podman => {
                let path = format!("/v4.0.0/libpod/images/{image}");
                let force = if force { "true" } else { "false" };
                self.connection()
                    .send(Method::DELETE, &path, &[("force", force)])
                    .await
                    .map(drop)
            }
        }
    }

    pub(super) fn missing(&self, image: &str) -> EngineError {
        EngineError::ImageMissing {
            engine: self.title().to_owned(),
            image: image.to_owned(),
        }
    }
}
