//! A server's file, read as a stream that survives cuts.

use super::pieces::Pieces;
use bytes::Bytes;
use futures_util::StreamExt;
use labwright_jobs::CancelToken;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_RANGE, ETAG, HeaderMap, IF_RANGE, LAST_MODIFIED,
    RANGE,
};
use reqwest::{Client, Response, StatusCode};
use std::io::{self, Read};
use std::time::Duration;
use thiserror::Error;
use tokio::sync::mpsc;
use url::Url;

/// How often a download may fail in a row without a single new byte.
const TRIES: u32 = 6;
/// The wait before the first new try; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Pieces that wait between the network and the decoder; a piece is at most some 100 KiB.
const BUFFERED: usize = 16;

/// A download failed.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// The client could not be set up.
    #[error("cannot set up the download of {url}")]
    Client {
        /// What was wanted.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The server could not be reached.
    #[error("cannot reach {url}")]
    Connect {
        /// What was wanted.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The server refused.
    #[error("the server answered {status} for {url}")]
    Status {
        /// What was wanted.
        url: String,
        /// Its answer.
        status: StatusCode,
    },
    /// The connection broke again and again.
    #[error("the download of {url} broke at {done} bytes, {TRIES} times in a row")]
    Broken {
        /// What was wanted.
        url: String,
        /// How far it came, in bytes.
        done: u64,
        /// The last failure.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// After a cut the server offered something else.
    #[error("{url} changed on the server during the download")]
    Changed {
        /// What was wanted.
        url: String,
    },
    /// The server sent more or less than it said.
    #[error("the server announced {announced} bytes of {url} and sent {sent}")]
    Length {
        /// What was wanted.
        url: String,
        /// Content-Length.
        announced: u64,
        /// What came.
        sent: u64,
    },
}

/// A running download. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Download {
    /// The file's name, as the server or the URL tells it.
    pub(crate) name: String,
    /// Its length, where the server tells it.
    pub(crate) length: Option<u64>,
    pieces: Pieces<DownloadError>,
}

impl Download {
    /// Asks for `url`, and reads on in the background until `cancel`.
    pub(crate) async fn start(url: &Url, cancel: CancelToken) -> Result<Self, DownloadError> {
        // Another part of the program may have set the provider already; either will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(20))
            .user_agent(concat!("labwright/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| DownloadError::Client {
                url: shown(url),
                source,
            })?;
        let mut transfer = Transfer {
            client,
            url: url.clone(),
            done: 0,
            length: None,
            validator: None,
        };
        let response = transfer.first().await?;
        let name = name_of(response.headers(), response.url());
        let length = transfer.length;
        let (sender, pieces) = mpsc::channel(BUFFERED);
        tokio::spawn(async move {
            tokio::select! {
                () = transfer.run(response, sender) => {}
                _ = cancel.cancelled() => {}
            }
        });
        Ok(Self {
            name,
            length,
            pieces: Pieces::new(pieces),
        })
    }
}

impl Read for Download {
    /// Blocks: only for threads that may.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.pieces.read(buffer)
    }
}

struct Transfer {
    client: Client,
    url: Url,
    done: u64,
    length: Option<u64>,
    /// The entity tag or date by which the server knows this very content again.
    validator: Option<String>,
}

/// Why one connection ended before the content did.
type Cut = Box<dyn std::error::Error + Send + Sync>;

impl Transfer {
    async fn first(&mut self) -> Result<Response, DownloadError> {
        let request = self
            .client
            .get(self.url.clone())
            .header(ACCEPT_ENCODING, "identity");
        let response = request
            .send()
            .await
            .map_err(|source| DownloadError::Connect {
                url: shown(&self.url),
                source,
            })?;
        if !response.status().is_success() {
            return Err(DownloadError::Status {
                url: shown(&self.url),
                status: response.status(),
            });
        }
        self.length = response.content_length();
        self.validator = validator(response.headers());
        Ok(response)
    }

    async fn run(mut self, first: Response, sender: mpsc::Sender<Result<Bytes, DownloadError>>) {
        let result = self.transfer(first, &sender).await;
        if let Err(failure) = result {
            // Nobody listens any more if the import has ended.
            let _ = sender.send(Err(failure)).await;
        }
    }

    async fn transfer(
        &mut self,
        first: Response,
        sender: &mpsc::Sender<Result<Bytes, DownloadError>>,
    ) -> Result<(), DownloadError> {
        let mut response = Some((first, 0));
        let mut tries = 0;
        loop {
            let before = self.done;
            let cut = match response.take() {
                Some((response, skip)) => self.read(response, skip, sender).await,
                None => Err("the server did not answer".into()),
            };
            let Err(cut) = cut else {
                return self.check_length();
            };
            if sender.is_closed() {
                return Ok(());
            }
            tries = if self.done > before { 1 } else { tries + 1 };
            if tries > TRIES {
                return Err(DownloadError::Broken {
                    url: shown(&self.url),
                    done: self.done,
                    source: cut,
                });
            }
            tracing::info!(url = %shown(&self.url), done = self.done, error = %cut, "the download was cut; trying again");
            tokio::time::sleep(FIRST_WAIT * 2_u32.pow(tries - 1)).await;
            response = self.resume().await?;
        }
    }

    /// Passes the content on; `skip` bytes were there before.
    async fn read(
        &mut self,
        response: Response,
        mut skip: u64,
        sender: &mpsc::Sender<Result<Bytes, DownloadError>>,
    ) -> Result<(), Cut> {
        let mut content = response.bytes_stream();
        while let Some(piece) = content.next().await {
            let mut piece = piece?;
            let skipped = usize::try_from(skip).map_or(piece.len(), |skip| skip.min(piece.len()));
            skip -= skipped as u64;
            let fresh = piece.split_off(skipped);
            if fresh.is_empty() {
                continue;
            }
            self.done += fresh.len() as u64;
            sender
                .send(Ok(fresh))
                .await
                .map_err(|_| "the import ended")?;
        }
        match self.length {
            Some(length) if self.done < length => {
                Err("the server closed the connection early".into())
            }
            _ => Ok(()),
        }
    }

    /// Asks for the rest; a server that cannot send a part is asked for all, and the part that is
    /// here already is skipped.
    async fn resume(&self) -> Result<Option<(Response, u64)>, DownloadError> {
        let mut request = self
            .client
            .get(self.url.clone())
            .header(ACCEPT_ENCODING, "identity")
            .header(RANGE, format!("bytes={}-", self.done));
        if let Some(validator) = &self.validator {
            request = request.header(IF_RANGE, validator);
        }
        let Ok(response) = request.send().await else {
            return Ok(None);
        };
        let changed = || DownloadError::Changed {
            url: shown(&self.url),
        };
        match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                let total = total_of_range(response.headers());
                if total.is_some() && self.length.is_some() && total != self.length {
                    return Err(changed());
                }
                Ok(Some((response, 0)))
            }
            StatusCode::OK => {
                let same_length = response.content_length() == self.length;
                if !same_length || validator(response.headers()) != self.validator {
                    return Err(changed());
                }
                Ok(Some((response, self.done)))
            }
            status if status.is_server_error() => Ok(None),
            status => Err(DownloadError::Status {
                url: shown(&self.url),
                status,
            }),
        }
    }

    fn check_length(&self) -> Result<(), DownloadError> {
        match self.length {
            Some(announced) if announced != self.done => Err(DownloadError::Length {
                url: shown(&self.url),
                announced,
                sent: self.done,
            }),
            _ => Ok(()),
        }
    }
}

/// The URL without a user's name, password or query, which may hold a token.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // These fail for URLs that cannot have a user, and then there is none to hide.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

fn validator(headers: &HeaderMap) -> Option<String> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    text(ETAG)
        .filter(|tag| !tag.starts_with("W/"))
        .or_else(|| text(LAST_MODIFIED))
}

/// `Content-Range: bytes 5-9/10` tells 10.
fn total_of_range(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(CONTENT_RANGE)?
        .to_str()
        .ok()?
        .rsplit_once('/')?
        .1
        .parse()
        .ok()
}

fn name_of(headers: &HeaderMap, url: &Url) -> String {
    let disposition = headers
        .get(CONTENT_DISPOSITION)
        .and_then(|value| value.to_str().ok());
    let given = disposition.and_then(|text| {
        let (_, name) = text.split_once("filename=")?;
        let name = name.split(';').next()?.trim().trim_matches('"');
        name.rsplit(['/', '\\'])
            .next()
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
    });
    let last = || {
        url.path_segments()
            .and_then(|mut parts| parts.next_back().map(str::to_owned))
            .filter(|name| !name.is_empty())
    };
    given.or_else(last).unwrap_or_else(|| "download".to_owned())
}
