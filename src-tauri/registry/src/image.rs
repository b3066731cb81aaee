//! An image as its registry describes it.

use std::collections::HashMap;

use crate::Platform;

/// What a registry says of an image for one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteImage {
    /// What the reference points at: an index's digest, or that of the only manifest.
    pub digest: String,
    /// The digest of the manifest for the platform.
    pub manifest_digest: String,
    /// The digest of the image's configuration.
    pub config_digest: String,
    /// The platform of the manifest.
    pub platform: Platform,
    /// Every platform that there is, in the index's order.
    pub platforms: Vec<Platform>,
    /// Lowest first. A digest may come more than once.
    pub layers: Vec<RemoteLayer>,
}

/// A layer as the manifest describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteLayer {
    /// Of the layer as it is sent, which is compressed as a rule.
    pub digest: String,
    /// In bytes, as it is sent.
    pub size: u64,
    /// What it is, and how it is compressed.
    pub media_type: String,
}

impl RemoteImage {
    /// Bytes that an engine without any of the layers downloads: each digest counts once.
    ///
    /// Layers that the manifest says are elsewhere count as well.
    pub fn size(&self) -> u64 {
        let distinct: HashMap<_, _> = self
            .layers
            .iter()
            .map(|layer| (layer.digest.as_str(), layer.size))
            .collect();
        distinct.into_values().fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_that_is_repeated_is_downloaded_once() {
        let layer = |digest: &str, size| RemoteLayer {
            digest: digest.to_owned(),
            size,
            media_type: String::new(),
        };
        let platform = Platform::new("linux", "amd64", None);
        let mut image = RemoteImage {
            digest: String::new(),
            manifest_digest: String::new(),
            config_digest: String::new(),
            platforms: vec![platform.clone()],
            platform,
            layers: vec![layer("a", 5), layer("b", 7), layer("a", 5)],
        };
        assert_eq!(image.size(), 12);
        image.layers.push(layer("c", u64::MAX));
        assert_eq!(image.size(), u64::MAX);
    }
}
