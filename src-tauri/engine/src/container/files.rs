//! Files in containers, as tar archives. They need not run.

use futures_util::{StreamExt, TryStreamExt};
use reqwest::Method;

use crate::{Action, Engine, EngineError, RequestError, UploadBody};

impl Engine {
    /// Unpacks a tar archive into a folder of a container, which must be there.
    pub async fn put_files(
        &self,
        container: &str,
        folder: &str,
        archive: Vec<u8>,
    ) -> Result<(), EngineError> {
        let path = format!("/containers/{container}/archive");
        let sent = self
            .connection()
            .put_archive(&path, &[("path", folder)], archive)
            .await;
        sent.map_err(|source| self.refused(Action::PutFiles, container, source))
    }

    /// A file or folder of a container, as a tar archive; none where it is not there.
    pub async fn get_files(
        &self,
        container: &str,
        path: &str,
    ) -> Result<Option<UploadBody>, EngineError> {
        let question = format!("/containers/{container}/archive");
        let query = [("path", path)];
        let answer = self.connection().send(Method::GET, &question, &query).await;
        match answer {
            Ok(answer) => {
                let body = answer.bytes_stream().map_err(std::io::Error::other);
                Ok(Some(body.boxed()))
            }
            Err(source) if no_such_file(&source) => Ok(None),
            Err(source) => Err(self.refused(Action::GetFiles, container, source)),
        }
    }
}

/// A container that is not there is answered with 404, too.
fn no_such_file(source: &RequestError) -> bool {
    let message = source.message().unwrap_or_default().to_lowercase();
    source.status() == Some(404) && !message.contains("no such container")
}
