//! What containers have printed, and print.

use std::{collections::VecDeque, pin::Pin};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use reqwest::Method;

use super::output::{Output, Splitter};
use crate::{Action, Engine, EngineError, RequestError};

/// Which lines are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// Whether to wait for more, until the container ends.
    pub follow: bool,
    /// How many of the last lines; all if not given.
    pub last: Option<u32>,
    /// Only what was printed since, in seconds since 1970-01-01 UTC.
    pub since: Option<i64>,
    /// Whether each line begins with its time.
    pub timestamps: bool,
}

/// Pieces of output. They end where a line does not.
pub type OutputStream = Pin<Box<dyn Stream<Item = Result<Output, EngineError>> + Send>>;

impl Engine {
    /// What a container has printed.
    pub async fn logs(
        &self,
        container: &str,
        settings: LogSettings,
    ) -> Result<OutputStream, EngineError> {
        let detail = self.container(container).await?;
        let terminal = detail.is_some_and(|detail| detail.terminal);
        let last = settings
            .last
            .map_or("all".to_owned(), |last| last.to_string());
        let since = settings.since.unwrap_or_default().to_string();
        let query = [
            ("stdout", "1"),
            ("stderr", "1"),
            ("follow", flag(settings.follow)),
            ("timestamps", flag(settings.timestamps)),
            ("tail", &last),
            ("since", &since),
        ];
        let path = format!("/containers/{container}/logs");
        let answer = self.connection().send(Method::GET, &path, &query).await;
        let answer = answer.map_err(|source| self.refused(Action::ReadLogs, container, source))?;
        let arriving = answer.bytes_stream();
        let arriving = arriving.map(|bytes| bytes.map_err(RequestError::from));
        Ok(self.output(Action::ReadLogs, container, terminal, arriving))
    }

    /// Pieces of what arrives.
    pub(super) fn output(
        &self,
        action: Action,
        container: &str,
        terminal: bool,
        arriving: impl Stream<Item = Result<Bytes, RequestError>> + Send + 'static,
    ) -> OutputStream {
        let (engine, container) = (self.clone(), container.to_owned());
        let state = (Box::pin(arriving), Splitter::new(terminal), VecDeque::new());
        let pieces = stream::try_unfold(state, |(mut arriving, mut splitter, mut ready)| async {
            loop {
                if let Some(piece) = ready.pop_front() {
                    return Ok(Some((piece, (arriving, splitter, ready))));
                }
                match arriving.next().await {
                    Some(bytes) => {
                        let split = splitter.split(bytes?);
                        ready = split.map_err(RequestError::unreadable)?;
                    }
                    None => return Ok(None),
                }
            }
        });
        let named = move |piece: Result<Output, RequestError>| {
            piece.map_err(|source| engine.refused(action, &container, source))
        };
        pieces.map(named).boxed()
    }
}

fn flag(on: bool) -> &'static str {
    if on { "1" } else { "0" }
}
