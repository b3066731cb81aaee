//! Asking an engine to pull.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use futures_util::{StreamExt, stream::BoxStream};
use reqwest::Method;
use tokio::time::{Instant, timeout_at};

use super::PullLine;
use crate::{Engine, EngineError, ImageReference, RequestError};

/// Lines that come within this time belong to one moment.
const MOMENT: Duration = Duration::from_millis(50);

/// What is to be pulled.
#[derive(Clone, Debug)]
pub struct PullOrder {
    /// The image. A short name is Docker Hub's, on every engine.
    pub reference: ImageReference,
    /// The platform, `linux/arm64`; the engine's own if not said. An image for a single platform is
    /// pulled whatever was asked.
    pub platform: Option<String>,
    /// Credentials, as engines take them in `X-Registry-Auth`.
    pub credentials: Option<String>,
}

/// What an engine says while it pulls. Dropping it closes the connection, and the engine stops.
pub struct PullStream {
    engine: Engine,
    order: PullOrder,
    body: BoxStream<'static, Result<Bytes, reqwest::Error>>,
    buffer: BytesMut,
    ended: bool,
}

impl Engine {
    /// Asks the engine to pull. Errors come here, or as a line of the stream: an engine that began to
    /// answer cannot take its success back. There is no time limit.
    pub async fn pull(&self, order: PullOrder) -> Result<PullStream, EngineError> {
        let reference = &order.reference;
        let version = reference.digest().unwrap_or_else(|| reference.tag());
        let mut query = vec![("fromImage", reference.repository()), ("tag", version)];
        if let Some(platform) = order.platform.as_deref() {
            query.push(("platform", platform));
        }
        let headers = order.credentials.iter();
        let headers: Vec<_> = headers
            .map(|credentials| ("X-Registry-Auth", credentials.as_str()))
            .collect();
        let answer = self
            .connection()
            .send_with(Method::POST, "/images/create", &query, &headers)
            .await
            .map_err(|source| self.pull_failed(reference, source))?;
        Ok(PullStream {
            engine: self.clone(),
            body: answer.bytes_stream().boxed(),
            order,
            buffer: BytesMut::new(),
            ended: false,
        })
    }

    fn pull_failed(&self, reference: &ImageReference, source: RequestError) -> EngineError {
        let refused = |source| self.pull_refused(reference, source);
        let action = || format!("pull {reference}");
        EngineError::of_request(self, action, source, refused)
    }

    fn pull_refused(&self, reference: &ImageReference, source: RequestError) -> EngineError {
        EngineError::PullRefused {
            engine: self.title().to_owned(),
            reference: reference.to_string(),
            source,
        }
    }

    /// What a failure that the engine reported in the middle of a pull means.
    pub fn pull_reported(&self, reference: &ImageReference, message: &str) -> EngineError {
        let message = message.to_owned();
        self.pull_failed(reference, RequestError::Reported { message })
    }
}

impl PullStream {
    /// The lines of the next moment; none when the engine has said everything. Nothing is lost if it
    /// is dropped meanwhile.
    pub async fn next(&mut self) -> Result<Option<Vec<PullLine>>, EngineError> {
        while !self.has_line() && !self.ended {
            let chunk = self.body.next().await;
            self.take(chunk)?;
        }
        let end = Instant::now() + MOMENT;
        while !self.ended {
            let Ok(chunk) = timeout_at(end, self.body.next()).await else {
                break;
            };
            self.take(chunk)?;
        }
        let lines = self.lines()?;
        Ok((!lines.is_empty()).then_some(lines))
    }

    fn take(&mut self, chunk: Option<Result<Bytes, reqwest::Error>>) -> Result<(), EngineError> {
        match chunk {
            Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
            Some(Err(error)) => return Err(self.failed(RequestError::from(error))),
            None => self.ended = true,
        }
        Ok(())
    }

    fn has_line(&self) -> bool {
        self.buffer.contains(&b'\n')
    }

    /// Takes the whole lines out of the buffer, and at the end what is left too.
    fn lines(&mut self) -> Result<Vec<PullLine>, EngineError> {
        let mut lines = Vec::new();
        while let Some(end) = self.line_end() {
            let line = self.buffer.split_to(end);
            if self.buffer.first() == Some(&b'\n') {
                self.buffer.advance(1);
            }
            let line = line.trim_ascii();
            if !line.is_empty() {
                lines.push(PullLine::read(line).map_err(|source| self.failed(source))?);
            }
        }
        Ok(lines)
    }

    fn line_end(&self) -> Option<usize> {
        let rest = (self.ended && !self.buffer.is_empty()).then_some(self.buffer.len());
        let found = self.buffer.iter().position(|byte| *byte == b'\n');
        found.or(rest)
    }

    fn failed(&self, source: RequestError) -> EngineError {
        self.engine.pull_failed(&self.order.reference, source)
    }
}

impl std::fmt::Debug for PullStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PullStream")
            .field("reference", &self.order.reference)
            .finish_non_exhaustive()
    }
}
