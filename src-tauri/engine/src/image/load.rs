//! Loading an archive of whole images.

use super::answer::Answer;
use crate::{Engine, EngineError, EngineKind, RequestError, UploadBody, connection::UploadFailure};

impl Engine {
    /// Sends an archive of images (`docker save`, or OCI where the store reads it) and returns the
    /// names or ids that the engine says it loaded, in its own words.
    ///
    /// The same rules hold as for [`import`](Self::import). A containerd store names an image before
    /// it unpacks it: what it named before it failed is in the error.
    pub async fn load(&self, body: UploadBody) -> Result<Vec<String>, EngineError> {
        let path = match self.info().kind {
            EngineKind::Docker => "/images/load",
            EngineKind::Podman => "/v4.0.0/libpod/images/load",
        };
        let answer = self
            .connection()
            .upload(path, &[("quiet", "1")], body)
            .await;
        let answer = answer.map_err(|failure| self.load_failed(Vec::new(), failure))?;
        let read = Answer::read(&answer);
        match read.error {
            None => Ok(read.loaded),
            Some(error) => Err(self.load_failed(read.loaded, UploadFailure::Request(error))),
        }
    }

    fn load_failed(&self, left_behind: Vec<String>, failure: UploadFailure) -> EngineError {
        let refused = |source: RequestError| EngineError::LoadRefused {
            engine: self.title().to_owned(),
            left_behind,
            source,
        };
        self.upload_failed(failure, || "load an archive".to_owned(), refused)
    }
}
