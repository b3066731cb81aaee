//! Removing images.

use crate::{Engine, EngineError, RequestError};

impl Engine {
    /// Removes an image with all its names if an id is given, or one name as
    /// [`untag`](Self::untag) does.
    ///
    /// With `force` an id goes even if it has several names. No image is taken from under a
    /// container, running or not, with `force` or without: Podman would remove the container too.
    pub async fn remove(&self, image: &str, force: bool) -> Result<(), EngineError> {
        let users = self.users(image).await?;
        if !users.is_empty() {
            return Err(EngineError::ImageInUse {
                image: image.to_owned(),
                containers: users,
            });
        }
        match self.delete(image, force).await {
            Ok(()) => Ok(()),
            Err(source) if source.status() == Some(404) => Err(self.missing(image)),
            Err(source) => Err(self.not_removed(image, source)),
        }
    }

    /// The error for an image that the engine says is in use.
    pub(super) async fn in_use(&self, image: &str) -> EngineError {
        // The names are a courtesy: that they cannot be had is not the failure.
        let containers = self.users(image).await.unwrap_or_default();
        EngineError::ImageInUse {
            image: image.to_owned(),
            containers,
        }
    }

    async fn users(&self, image: &str) -> Result<Vec<String>, EngineError> {
        let detail = self
            .inspect(image)
            .await?
            .ok_or_else(|| self.missing(image))?;
        let mut used_by = self.containers_by_image().await?;
        Ok(used_by.remove(&detail.id).unwrap_or_default())
    }

    fn not_removed(&self, image: &str, source: RequestError) -> EngineError {
        let action = || format!("remove image {image}");
        EngineError::of_request(self, action, source, |source| EngineError::RemoveImage {
            engine: self.title().to_owned(),
            image: image.to_owned(),
            source,
        })
    }
}
