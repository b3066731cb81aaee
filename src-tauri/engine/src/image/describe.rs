//! Asking for one image.

use bollard::models::ImageInspect;

use super::detail::real_names;
use crate::{Engine, EngineError, EngineKind, ImageDetail, ImageReference, RequestError};

impl Engine {
    /// Describes the image with this name or id; none if there is no such image.
    ///
    /// On Podman a short name means the local image, `localhost/…`, before any other registry's.
    pub async fn inspect(&self, name: &str) -> Result<Option<ImageDetail>, EngineError> {
        for spelling in self.spellings(name) {
            match self.connection().docker().inspect_image(&spelling).await {
                Ok(image) => {
                    let detail = detail(image);
                    return detail
                        .map(Some)
                        .map_err(|source| self.not_described(name, source));
                }
                Err(error) => match RequestError::from(error) {
                    missing if missing.status() == Some(404) => {}
                    source => return Err(self.not_described(name, source)),
                },
            }
        }
        Ok(None)
    }

    /// The names to ask for, best first.
    fn spellings(&self, name: &str) -> Vec<String> {
        let local = match (self.info().kind, name.parse::<ImageReference>()) {
            (EngineKind::Podman, Ok(reference)) => local_spelling(name, &reference),
            _ => None,
        };
        local.into_iter().chain([name.to_owned()]).collect()
    }

    pub(super) fn not_described(&self, name: &str, source: RequestError) -> EngineError {
        let action = || format!("describe image {name}");
        EngineError::of_request(self, action, source, |source| EngineError::InspectImage {
            engine: self.title().to_owned(),
            image: name.to_owned(),
            source,
        })
    }
}

/// `localhost/…` for a name that names no registry, Docker Hub's included.
fn local_spelling(name: &str, reference: &ImageReference) -> Option<String> {
    let short = reference.registry().is_none() && !name.contains("docker.io/");
    short.then(|| format!("localhost/{reference}"))
}

pub(super) fn detail(image: ImageInspect) -> Result<ImageDetail, RequestError> {
    let config = image.config.unwrap_or_default();
    Ok(ImageDetail {
        id: image
            .id
            .unwrap_or_default()
            .parse()
            .map_err(RequestError::unreadable)?,
        references: real_names(image.repo_tags.into_iter().flatten()),
        digests: image.repo_digests.unwrap_or_default(),
        size: image
            .size
            .and_then(|size| u64::try_from(size).ok())
            .unwrap_or_default(),
        architecture: image.architecture.unwrap_or_default(),
        os: image.os.unwrap_or_default(),
        layers: image
            .root_fs
            .and_then(|root| root.layers)
            .unwrap_or_default(),
        labels: config.labels.into_iter().flatten().collect(),
        created: image.created.unwrap_or_default(),
        command: config.cmd.unwrap_or_default(),
        entrypoint: config.entrypoint.unwrap_or_default(),
        env: config.env.unwrap_or_default(),
    })
}
