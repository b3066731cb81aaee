//! The blobs and manifests that an image is in a registry.

use serde_json::{Value, json};

use super::image::{Layer, PlatformImage, RegistryImage};
use super::pushed::{Blob, PushedPlatform};
use crate::archives::configuration;

/// All that has to be pushed, in order: what a document names goes before it.
#[derive(Debug)]
pub(super) struct Documents {
    pub(super) blobs: Vec<Content>,
    /// Those that an index names.
    pub(super) manifests: Vec<Content>,
    /// What gets the tag.
    pub(super) target: Content,
    pub(super) platforms: Vec<PushedPlatform>,
}

/// A blob with its bytes.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) blob: Blob,
    pub(super) bytes: Vec<u8>,
}

impl Content {
    fn new(media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let blob = Blob::of(media_type, &bytes);
        Self { blob, bytes }
    }

    fn json(media_type: &str, value: &Value) -> Self {
        Self::new(media_type, value.to_string())
    }
}

impl Documents {
    pub(super) fn of(image: &RegistryImage) -> Self {
        let mut blobs = Vec::new();
        let (mut entries, mut manifests, mut platforms) = (Vec::new(), Vec::new(), Vec::new());
        for platform in &image.platforms {
            let (manifest, pushed) = manifest_of(image, platform, &mut blobs);
            entries.push(entry(&manifest.blob, platform));
            manifests.push(manifest);
            platforms.push(pushed);
        }
        if image.attestation {
            let (manifest, entry) = attestation(image, &platforms[0], &mut blobs);
            entries.push(entry);
            manifests.push(manifest);
        }
        let target = if manifests.len() == 1 && !image.index {
            manifests.remove(0)
        } else {
            let media_type = image.index_type();
            let index =
                json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": entries });
            Content::json(media_type, &index)
        };
        Self {
            blobs,
            manifests,
            target,
            platforms,
        }
    }
}

fn manifest_of(
    image: &RegistryImage,
    platform: &PlatformImage,
    blobs: &mut Vec<Content>,
) -> (Content, PushedPlatform) {
    let (mut layers, mut descriptors) = (Vec::new(), Vec::new());
    for layer in &platform.layers {
        let (Layer::Own(tar) | Layer::Foreign { content: tar, .. }) = layer;
        let bytes = image.compression.compress(&tar.tar());
        let content = Content::new(&image.layer_type(layer), bytes);
        let mut descriptor = content.blob.descriptor();
        layers.push(content.blob.clone());
        match layer {
            Layer::Own(_) => blobs.push(content),
            Layer::Foreign { url, .. } => descriptor["urls"] = json!([url]),
        }
        descriptors.push(descriptor);
    }
    let config = Content::json(image.config_type(), &config(platform));
    let manifest = manifest(image, &config.blob, &descriptors);
    let pushed = PushedPlatform {
        platform: platform.name(),
        manifest: manifest.blob.clone(),
        config: config.blob.clone(),
        layers,
    };
    blobs.push(config);
    (manifest, pushed)
}

fn manifest(image: &RegistryImage, config: &Blob, layers: &[Value]) -> Content {
    let media_type = image.manifest_type();
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": config.descriptor(),
        "layers": layers,
    });
    Content::json(media_type, &manifest)
}

fn entry(manifest: &Blob, platform: &PlatformImage) -> Value {
    let mut entry = manifest.descriptor();
    entry["platform"] = json!({ "os": platform.os, "architecture": platform.architecture });
    if let Some(variant) = &platform.variant {
        entry["platform"]["variant"] = json!(variant);
    }
    entry
}

/// A statement about how a platform's image was built, and its entry in the index:
/// <https://docs.docker.com/build/metadata/attestations/attestation-storage/>.
fn attestation(
    image: &RegistryImage,
    about: &PushedPlatform,
    blobs: &mut Vec<Content>,
) -> (Content, Value) {
    let unknown = json!({ "os": "unknown", "architecture": "unknown" });
    let statement = Content::new("application/vnd.in-toto+json", "{}");
    let config = Content::json(image.config_type(), &unknown);
    let manifest = manifest(image, &config.blob, &[statement.blob.descriptor()]);
    let mut entry = manifest.blob.descriptor();
    entry["platform"] = unknown;
    entry["annotations"] = json!({
        "vnd.docker.reference.digest": about.manifest.digest,
        "vnd.docker.reference.type": "attestation-manifest",
    });
    blobs.extend([statement, config]);
    (manifest, entry)
}

fn config(platform: &PlatformImage) -> Value {
    let layers: Vec<_> = platform
        .layers
        .iter()
        .map(|(Layer::Own(content) | Layer::Foreign { content, .. })| content.clone())
        .collect();
    let mut config = configuration(&platform.architecture, &layers);
    config["os"] = json!(platform.os);
    if let Some(variant) = &platform.variant {
        config["variant"] = json!(variant);
    }
    config
}
