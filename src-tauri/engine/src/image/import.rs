//! Making an image from a root file system.

use super::{answer::Answer, changes::changes};
use crate::{
    Engine, EngineError, EngineKind, ImageId, ImageReference, ImportSettings, RequestError,
    UploadBody, connection::UploadFailure,
};

impl Engine {
    /// Sends a root file system (a tar, in a compression that the engine reads) and makes an image
    /// of it under the reference; a digest in the reference is not used.
    ///
    /// Nothing is reported until the engine has everything, and for a while after the last byte.
    /// There is no time limit. If the stream fails, or the future is dropped, the connection breaks
    /// and the engine keeps no image; a containerd store can keep the *name* on a broken image, if
    /// it fails by itself. An engine that refuses may do so before the stream was read to its end.
    ///
    /// A reference that exists moves to the new image.
    pub async fn import(
        &self,
        reference: &ImageReference,
        settings: &ImportSettings,
        body: UploadBody,
    ) -> Result<ImageId, EngineError> {
        let changes = changes(self.info().kind, settings);
        let named = format!("{}:{}", reference.repository(), reference.tag());
        let platform = settings
            .architecture
            .as_ref()
            .map(|arch| format!("{}/{arch}", self.os()));
        let (path, mut query) = match self.info().kind {
            EngineKind::Docker => {
                let mut query = vec![
                    ("fromSrc", "-"),
                    ("repo", reference.repository()),
                    ("tag", reference.tag()),
                ];
                query.extend(platform.as_deref().map(|platform| ("platform", platform)));
                ("/images/create", query)
            }
            // The compatible endpoint leaves its whole spool file behind after every import.
            EngineKind::Podman => {
                let mut query = vec![("reference", named.as_str())];
                query.extend(
                    settings
                        .architecture
                        .as_deref()
                        .map(|arch| ("Architecture", arch)),
                );
                ("/v4.0.0/libpod/images/import", query)
            }
        };
        query.extend(changes.iter().map(|change| ("changes", change.as_str())));
        let answer = self.connection().upload(path, &query, body).await;
        let answer = answer.map_err(|failure| self.import_failed(reference, failure))?;
        let read = Answer::read(&answer);
        match (read.error, read.id) {
            (Some(error), _) => Err(self.import_failed(reference, UploadFailure::Request(error))),
            (None, Some(id)) => Ok(id),
            (None, None) => Err(EngineError::NoImageId {
                engine: self.title().to_owned(),
                reference: reference.to_string(),
                answer: String::from_utf8_lossy(&answer).into_owned(),
            }),
        }
    }

    fn os(&self) -> &str {
        Some(self.info().os.as_str())
            .filter(|os| !os.is_empty())
            .unwrap_or("linux")
    }

    fn import_failed(&self, reference: &ImageReference, failure: UploadFailure) -> EngineError {
        let refused = |source: RequestError| EngineError::ImportRefused {
            engine: self.title().to_owned(),
            reference: reference.to_string(),
            source,
        };
        self.upload_failed(failure, || format!("import {reference}"), refused)
    }

    /// What a failed upload means.
    pub(super) fn upload_failed(
        &self,
        failure: UploadFailure,
        action: impl FnOnce() -> String,
        refused: impl FnOnce(RequestError) -> EngineError,
    ) -> EngineError {
        match failure {
            UploadFailure::Source(source) => EngineError::UploadSource {
                engine: self.title().to_owned(),
                source,
            },
            UploadFailure::Request(source) => {
                EngineError::of_request(self, action, source, refused)
            }
        }
    }
}
