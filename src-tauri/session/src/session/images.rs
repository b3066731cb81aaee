//! The images of the engine in use.

use labwright_engine::{EngineError, ImageDetail};
use labwright_images::{LibraryError, library};
use labwright_jobs::{Change, ErrorReport};

use super::Session;
use crate::keeper::Stale;

impl Session {
    /// One image, by a name or its id.
    pub async fn image(&self, name: &str) -> Result<ImageDetail, ErrorReport> {
        let engine = self.engine()?;
        let missing = || EngineError::ImageMissing {
            engine: engine.title().to_owned(),
            image: name.to_owned(),
        };
        let found = engine
            .inspect(name)
            .await
            .and_then(|image| image.ok_or_else(missing));
        found.map_err(|error| LibraryError::from(error).report())
    }

    /// Removes a name, or an image by its id.
    pub async fn remove_image(&self, name: &str, force: bool) -> Result<(), ErrorReport> {
        let removed = library::remove(&self.engine()?, name, force).await;
        self.list_again();
        removed.map_err(|error| error.report())
    }

    /// Gives an image another name.
    pub async fn rename_image(
        &self,
        from: &str,
        to: &str,
        replace: bool,
    ) -> Result<(), ErrorReport> {
        let renamed = library::rename(&self.engine()?, from, to, replace).await;
        self.list_again();
        renamed.map_err(|error| error.report())
    }

    /// Lists images and labs again: Podman does not report every change.
    pub fn list_again(&self) {
        // Nobody listens only at the very end.
        let _nobody = self.shared.stale.send(Stale::All);
    }

    pub(super) async fn list_after_jobs(self) {
        loop {
            let (_, mut events) = self.shared.monitor.subscribe().await;
            loop {
                match events.next().await {
                    Some(Ok(event)) if matches!(event.change, Change::Finished { .. }) => {
                        self.list_again();
                    }
                    Some(Ok(_)) => {}
                    // What was missed may have been an end.
                    Some(Err(_)) => break self.list_again(),
                    None => return,
                }
            }
        }
    }
}
