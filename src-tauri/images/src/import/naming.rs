//! Names for checked images: planned all at once, given one by one, and taken back if one fails.

use super::error::ImportError;
use super::flow::Import;
use labwright_engine::{EngineError, ImageDetail, ImageId, ImageReference};

/// One name that an image shall get.
pub(super) struct Naming {
    pub(super) reference: ImageReference,
    /// The other image that has the name now.
    pub(super) before: Option<ImageId>,
    /// The image that gets it.
    pub(super) image: ImageId,
}

impl Import {
    /// Finds out whether the name may be given.
    pub(super) async fn plan_name(
        &self,
        image: &ImageDetail,
        reference: ImageReference,
    ) -> Result<Naming, ImportError> {
        let before = self
            .inspect_name(&reference.to_string())
            .await?
            .filter(|before| before.id != image.id);
        match before {
            Some(other) if !self.job.request.replace => Err(self.taken(&reference, &other)),
            before => Ok(Naming {
                reference,
                before: before.map(|before| before.id),
                image: image.id.clone(),
            }),
        }
    }

    /// Gives all names, or none. From here on the import is not cancelled any more: it is a matter
    /// of milliseconds, and half of it would be worse than all.
    pub(super) async fn give_names(&self, namings: &[Naming]) -> Result<(), ImportError> {
        for (at, naming) in namings.iter().enumerate() {
            if let Err(error) = self.give_name(naming).await {
                self.take_back(&namings[..=at]).await;
                return Err(error);
            }
        }
        Ok(())
    }

    async fn give_name(&self, naming: &Naming) -> Result<(), ImportError> {
        let name = naming.reference.to_string();
        let failed = |error| self.engine_failed(error);
        self.engine()
            .tag(naming.image.as_str(), &naming.reference)
            .await
            .map_err(failed)?;
        match self.engine().inspect(&name).await.map_err(failed)? {
            Some(now) if now.id == naming.image => Ok(()),
            Some(another) => Err(self.taken(&naming.reference, &another)),
            None => Err(ImportError::Unusable {
                name: self.name().to_owned(),
                engine: self.engine_name(),
                why: format!("{name} does not name it"),
            }),
        }
    }

    /// Undoes in reverse, goes on after a failure, and logs each.
    async fn take_back(&self, namings: &[Naming]) {
        for naming in namings.iter().rev() {
            match self.take_back_one(naming).await {
                Ok(()) | Err(EngineError::ImageMissing { .. }) => {}
                Err(error) => {
                    tracing::warn!(%error, reference = %naming.reference, "could not take a name back");
                }
            }
        }
    }

    /// A name that another program moved meanwhile is that one's.
    async fn take_back_one(&self, naming: &Naming) -> Result<(), EngineError> {
        let now = self.engine().inspect(&naming.reference.to_string()).await?;
        if now.is_none_or(|now| now.id != naming.image) {
            return Ok(());
        }
        match &naming.before {
            Some(before) => self.engine().tag(before.as_str(), &naming.reference).await,
            None => self.engine().untag(&naming.reference).await,
        }
    }
}
