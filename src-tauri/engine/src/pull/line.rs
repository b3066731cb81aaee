//! One line of an engine's answer to a pull.

use serde::Deserialize;

use crate::RequestError;

/// What one line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullLine {
    /// Something happened to a layer.
    Layer {
        /// The first digits of its digest.
        id: String,
        /// What.
        change: LayerChange,
    },
    /// The digest of what the reference names.
    Digest(String),
    /// Said to people.
    Note(String),
    /// It failed. Nothing good follows.
    Failed(String),
}

/// What happened to a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerChange {
    /// It belongs to the image, and its turn will come.
    Announced,
    /// So many bytes came; a total that does not count what an earlier try brought.
    Downloading {
        /// Bytes since the download began or was resumed.
        done: u64,
        /// Bytes that were to come then.
        total: Option<u64>,
    },
    /// The engine tries again in so many seconds.
    Retrying {
        /// Seconds.
        seconds: u64,
    },
    /// All of it came.
    Downloaded,
    /// So many of its compressed bytes were unpacked.
    Unpacking {
        /// Bytes; none where the engine counts seconds.
        done: Option<u64>,
    },
    /// It is unpacked.
    Complete,
    /// The engine had it before.
    Existing,
}

#[derive(Deserialize)]
struct Wire {
    id: Option<String>,
    status: Option<String>,
    stream: Option<String>,
    #[serde(rename = "progressDetail")]
    detail: Option<Detail>,
    #[serde(rename = "errorDetail")]
    error_detail: Option<ErrorDetail>,
    error: Option<String>,
    /// Of an error that is no pull's: it comes alone.
    message: Option<String>,
}

#[derive(Default, Deserialize)]
struct Detail {
    current: Option<i64>,
    total: Option<i64>,
    units: Option<String>,
}

#[derive(Deserialize)]
struct ErrorDetail {
    message: Option<String>,
}

impl PullLine {
    /// Reads a line of JSON.
    pub fn read(line: &[u8]) -> Result<Self, RequestError> {
        let wire: Wire = serde_json::from_slice(line).map_err(RequestError::unreadable)?;
        Ok(wire.meaning())
    }
}

impl Wire {
    fn meaning(self) -> PullLine {
        let detailed = self.error_detail.and_then(|detail| detail.message);
        let message = detailed.or(self.error).or(self.message);
        if let Some(message) = message.filter(|text| !text.is_empty()) {
            return PullLine::Failed(message);
        }
        let said = self.status.or(self.stream).unwrap_or_default();
        let said = said.trim();
        // A containerd store reports a layer that cannot be unpacked as a line for people.
        if said.starts_with("Error unpacking") {
            return PullLine::Failed(said.to_owned());
        }
        if let Some(digest) = said.strip_prefix("Digest: ") {
            return PullLine::Digest(digest.to_owned());
        }
        let detail = self.detail.unwrap_or_default();
        match (self.id, layer_change(said, &detail)) {
            (Some(id), Some(change)) => PullLine::Layer { id, change },
            _ => PullLine::Note(said.to_owned()),
        }
    }
}

fn layer_change(said: &str, detail: &Detail) -> Option<LayerChange> {
    let bytes = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
    let total = bytes(detail.total).filter(|total| *total > 0);
    let counts_bytes = detail.units.as_deref().is_none_or(str::is_empty);
    Some(match said {
        "Pulling fs layer" | "Waiting" => LayerChange::Announced,
        "Downloading" => LayerChange::Downloading {
            done: bytes(detail.current).unwrap_or_default(),
            total,
        },
        "Verifying Checksum" | "Download complete" => LayerChange::Downloaded,
        "Extracting" => LayerChange::Unpacking {
            done: bytes(detail.current).filter(|_| counts_bytes),
        },
        "Pull complete" => LayerChange::Complete,
        "Already exists" => LayerChange::Existing,
        said => LayerChange::Retrying {
            seconds: retry_seconds(said)?,
        },
    })
}

/// `Retrying in 5 seconds`: once a second, in a classic store.
fn retry_seconds(said: &str) -> Option<u64> {
    let rest = said.strip_prefix("Retrying in ")?;
    rest.split(' ').next()?.parse().ok()
}
