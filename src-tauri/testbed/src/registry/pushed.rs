//! What a registry has after an image was pushed.

use serde_json::{Value, json};

use crate::archives::sha256;

/// What a registry has under a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its media type.
    pub media_type: String,
    /// `sha256:…`.
    pub digest: String,
    /// In bytes.
    pub size: u64,
}

/// An image as it is in the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedImage {
    /// With the registry's own address: `127.0.0.1:<port>/repository:tag`.
    pub reference: String,
    /// What the tag points at: the index, or the only manifest.
    pub target: Blob,
    /// In the order in which they were added.
    pub platforms: Vec<PushedPlatform>,
}

/// One platform's part of a pushed image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedPlatform {
    /// `linux/arm64/v8`.
    pub platform: String,
    /// Its manifest.
    pub manifest: Blob,
    /// Its configuration, whose digest a classic store uses as the image's id.
    pub config: Blob,
    /// Lowest first; foreign ones and repeated ones too.
    pub layers: Vec<Blob>,
}

impl PushedImage {
    /// The platform that was added first.
    pub fn first(&self) -> &PushedPlatform {
        &self.platforms[0]
    }
}

impl Blob {
    pub(super) fn of(media_type: &str, content: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: format!("sha256:{}", sha256(content)),
            size: content.len() as u64,
        }
    }

    pub(super) fn descriptor(&self) -> Value {
        json!({ "mediaType": self.media_type, "digest": self.digest, "size": self.size })
    }
}
