//! Requests outside bollard's types: small ones, and uploads.

use reqwest::{Method, Response, header};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::sync::oneshot;

use super::Connection;
use crate::{RequestError, UploadBody};

/// Pairs of a request's query; a name may come more than once.
pub(crate) type Query<'a> = [(&'a str, &'a str)];

/// How an upload failed.
#[derive(Debug)]
pub(crate) enum UploadFailure {
    /// The stream that was to be sent failed.
    Source(std::io::Error),
    /// The engine refused, or the connection broke.
    Request(RequestError),
}

/// The errors of both APIs have this in common.
#[derive(Deserialize)]
struct ErrorBody {
    message: String,
}

impl Connection {
    /// Sends a request without a body and returns the answer if it is a success.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        query: &Query<'_>,
    ) -> Result<Response, RequestError> {
        self.send_with(method, path, query, &[]).await
    }

    /// The same, with headers, which are not logged.
    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &str,
        query: &Query<'_>,
        headers: &[(&'static str, &str)],
    ) -> Result<Response, RequestError> {
        let url = format!("{}{path}", self.base);
        let request = self.http.request(method, url).query(query);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        checked(request.send().await?).await
    }

    /// Reads a small JSON answer.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &Query<'_>,
    ) -> Result<T, RequestError> {
        let answer = self.send(Method::GET, path, query).await?.bytes().await?;
        serde_json::from_slice(&answer).map_err(RequestError::unreadable)
    }

    /// Sends JSON, and is told only whether it is a success.
    pub(crate) async fn post(&self, path: &str, body: String) -> Result<(), RequestError> {
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        checked(request.send().await?).await.map(drop)
    }

    /// Sends a small archive.
    pub(crate) async fn put_archive(
        &self,
        path: &str,
        query: &Query<'_>,
        archive: Vec<u8>,
    ) -> Result<(), RequestError> {
        let request = self
            .http
            .put(format!("{}{path}", self.base))
            .query(query)
            .header(header::CONTENT_TYPE, "application/x-tar")
            .body(archive);
        checked(request.send().await?).await.map(drop)
    }

    /// Sends a request after which the connection is a stream of bytes both ways.
    pub(crate) async fn upgrade(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<reqwest::Upgraded, RequestError> {
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "tcp")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        let answer = request.send().await?;
        if answer.status() != reqwest::StatusCode::SWITCHING_PROTOCOLS {
            let answer = checked(answer).await?;
            return Err(RequestError::Answered {
                status: answer.status().as_u16(),
                message: "the connection stayed as it was".to_owned(),
            });
        }
        Ok(answer.upgrade().await?)
    }

    /// Sends a stream and returns the engine's whole answer.
    ///
    /// The request has no length, so that a stream that fails leaves it visibly unfinished. There is
    /// no time limit. Dropping the future closes the connection.
    pub(crate) async fn upload(
        &self,
        path: &str,
        query: &Query<'_>,
        body: UploadBody,
    ) -> Result<Vec<u8>, UploadFailure> {
        let (body, mut failed) = observed(body);
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .query(query)
            .header(header::CONTENT_TYPE, "application/x-tar")
            .body(reqwest::Body::wrap_stream(body));
        let answer = async {
            let answer = checked(request.send().await?).await?;
            Ok::<_, RequestError>(answer.bytes().await?.to_vec())
        };
        answer.await.map_err(|error| match failed.try_recv() {
            Ok(source) => UploadFailure::Source(source),
            Err(_) => UploadFailure::Request(error),
        })
    }
}

/// The same stream; its first error is also sent to the receiver, whole.
fn observed(body: UploadBody) -> (UploadBody, oneshot::Receiver<std::io::Error>) {
    use futures_util::StreamExt;

    let (tell, told) = oneshot::channel();
    let mut tell = Some(tell);
    let body = body.map(move |chunk| {
        chunk.map_err(|error| {
            let copy = std::io::Error::new(error.kind(), error.to_string());
            if let Some(tell) = tell.take() {
                // Nobody listens any more: the upload was given up.
                let _ = tell.send(error);
            }
            copy
        })
    });
    (body.boxed(), told)
}

async fn checked(answer: Response) -> Result<Response, RequestError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = answer.bytes().await?;
    let message = match serde_json::from_slice::<ErrorBody>(&body) {
        Ok(body) => body.message,
        Err(_) => String::from_utf8_lossy(&body).trim().to_owned(),
    };
    Err(RequestError::Answered {
        status: status.as_u16(),
        message,
    })
}
