//! What an engine knows of an image.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ImageId;

/// One image, described in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ImageDetail {
    /// Its id.
    pub id: ImageId,
    /// Its names, in the engine's own words: Podman says `localhost/ceos:1`. Compare them with
    /// [`same_reference`](crate::same_reference).
    pub references: Vec<String>,
    /// What it was pulled as, `repository@sha256:…`; empty for an image that never was in a registry.
    pub digests: Vec<String>,
    /// Bytes, as the engine counts them: unpacked in a classic store and Podman, compressed and
    /// unpacked together in a containerd store.
    #[ts(type = "number")]
    pub size: u64,
    /// The architecture it is for, `amd64`.
    pub architecture: String,
    /// The operating system it is for, `linux`.
    pub os: String,
    /// The digests of its unpacked layers, lowest first.
    pub layers: Vec<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// When it was made, RFC 3339; empty where the engine does not say.
    pub created: String,
    /// The program that a container runs, with its arguments.
    pub command: Vec<String>,
    /// What the command is handed to.
    pub entrypoint: Vec<String>,
    /// Variables of the environment, `NAME=value`.
    pub env: Vec<String>,
}

/// One image, as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ImageSummary {
    /// Its id.
    pub id: ImageId,
    /// Its names, in the engine's own words; empty for an image that lost its last name.
    pub references: Vec<String>,
    /// Bytes, as the engine counts them.
    #[ts(type = "number")]
    pub size: u64,
    /// When it was made, in seconds since 1970-01-01 UTC.
    #[ts(type = "number")]
    pub created: i64,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The names of the containers that use it, running or not.
    pub used_by: Vec<String>,
}

/// Leaves out what a classic store says of an image without a name.
pub(super) fn real_names(names: impl IntoIterator<Item = String>) -> Vec<String> {
    names
        .into_iter()
        .filter(|name| !name.contains("<none>"))
        .collect()
}
