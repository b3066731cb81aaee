//! Images as an archive: the engine packs them and sends them as one stream.

use bytes::Bytes;
use futures_util::{StreamExt, stream, stream::BoxStream};
use reqwest::{Method, Response};
use serde::Deserialize;

use crate::{Engine, EngineError, RequestError};

/// What an engine sends of an archive. After an error nothing more comes, and only a stream without
/// an error was sent whole as far as the connection tells; what is in it must be checked.
pub type ImageArchive = BoxStream<'static, Result<Bytes, EngineError>>;

/// As much of the stream's end is kept as an engine's words in it can take.
const TAIL: usize = 8 << 10;

impl Engine {
    /// Asks for these images as one archive, as `docker save` writes it: with a `manifest.json`,
    /// in which the images have the names that are given here and no others.
    ///
    /// Docker's classic store and Podman pack the whole archive on their own disk before they send
    /// its first byte: this returns only then. How long the archive is, no engine tells. There is no
    /// time limit; dropping the future or the stream closes the connection.
    pub async fn save(&self, names: &[String]) -> Result<ImageArchive, EngineError> {
        let query: Vec<_> = names.iter().map(|name| ("names", name.as_str())).collect();
        let asked = self.connection().send(Method::GET, "/images/get", &query);
        let saving = Saving {
            engine: self.clone(),
            images: names.join(", "),
        };
        match asked.await {
            Ok(answer) => Ok(archive(answer, saving)),
            Err(source) => Err(saving.failed(source)),
        }
    }
}

/// What is being saved, for errors.
struct Saving {
    engine: Engine,
    images: String,
}

impl Saving {
    fn failed(&self, source: RequestError) -> EngineError {
        let action = || format!("save {}", self.images);
        EngineError::of_request(&self.engine, action, source, |source| {
            EngineError::SaveRefused {
                engine: self.engine.title().to_owned(),
                images: self.images.clone(),
                source,
            }
        })
    }
}

fn archive(answer: Response, saving: Saving) -> ImageArchive {
    let pieces = answer.bytes_stream().boxed();
    let begin = Some((pieces, Tail::default(), saving));
    stream::unfold(begin, async |state| {
        let (mut pieces, mut tail, saving) = state?;
        match pieces.next().await {
            Some(Ok(piece)) => {
                tail.see(&piece);
                Some((Ok(piece), Some((pieces, tail, saving))))
            }
            Some(Err(error)) => Some((Err(saving.failed(error.into())), None)),
            None => {
                let error = tail.error()?;
                Some((Err(saving.failed(error)), None))
            }
        }
    })
    .boxed()
}

/// The end of what was sent. Docker has sent a success when it fails in the middle of an archive:
/// it writes its error behind what it has sent, and ends the answer as if all was well.
#[derive(Default)]
struct Tail(Vec<u8>);

#[derive(Deserialize)]
struct Failure {
    #[serde(rename = "errorDetail")]
    detail: Detail,
}

#[derive(Deserialize)]
struct Detail {
    message: String,
}

impl Tail {
    fn see(&mut self, piece: &[u8]) {
        let piece = &piece[piece.len().saturating_sub(TAIL)..];
        let surplus = (self.0.len() + piece.len()).saturating_sub(TAIL);
        self.0.drain(..surplus);
        self.0.extend_from_slice(piece);
    }

    /// The error at the end, if there is one: an archive ends in zeros.
    fn error(&self) -> Option<RequestError> {
        const BEGIN: &[u8] = b"{\"errorDetail\"";
        let at = self.0.windows(BEGIN.len()).rposition(|it| it == BEGIN)?;
        let failure: Failure = serde_json::from_slice(&self.0[at..]).ok()?;
        let message = failure.detail.message;
        Some(RequestError::Reported { message })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(pieces: &[&[u8]]) -> Option<String> {
        let mut tail = Tail::default();
        for piece in pieces {
            tail.see(piece);
        }
        Some(tail.error()?.message()?.to_owned())
    }

    #[test]
    fn an_error_behind_the_content_is_found() {
        let zeros = vec![0; 3 * TAIL];
        let said: &[u8] =
            b"{\"errorDetail\":{\"message\":\"no layer\"},\"error\":\"no layer\"}\r\n";
        for at in [0, 1, 14, said.len()] {
            let (first, second) = said.split_at(at);
            let found = error_of(&[&zeros, b"layer", first, second]);
            assert_eq!(found.as_deref(), Some("no layer"), "cut at {at}");
        }
    }

    #[test]
    fn an_archive_that_only_holds_such_words_is_whole() {
        let said: &[u8] = b"{\"errorDetail\":{\"message\":\"in a layer\"}}";
        assert_eq!(error_of(&[said, &[0; 1024]]), None);
        assert_eq!(error_of(&[&[0; 1024]]), None);
        assert_eq!(error_of(&[]), None);
    }
}
