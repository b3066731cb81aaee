//! Images for a registry: what they are made of.

use super::push;
use super::pushed::PushedImage;
use super::server::Registry;
use crate::archives::{Compression, RootFs};

/// An image to push: of one platform, or of several under an index.
///
/// Without further calls it is an OCI image for `linux/amd64` without layers, which are compressed with gzip.
#[derive(Clone, Debug)]
pub struct RegistryImage {
    pub(super) repository: String,
    pub(super) tag: String,
    pub(super) platforms: Vec<PlatformImage>,
    pub(super) compression: Compression,
    pub(super) docker: bool,
    pub(super) index: bool,
    pub(super) attestation: bool,
}

/// One platform's part of an image.
#[derive(Clone, Debug, Default)]
pub(super) struct PlatformImage {
    pub(super) os: String,
    pub(super) architecture: String,
    pub(super) variant: Option<String>,
    pub(super) layers: Vec<Layer>,
}

#[derive(Clone, Debug)]
pub(super) enum Layer {
    /// Its bytes are pushed.
    Own(RootFs),
    /// Its bytes are at an address, and the registry has only its descriptor.
    Foreign { url: String, content: RootFs },
}

impl RegistryImage {
    /// An image `repository:tag`; the repository is without the registry's address.
    pub fn new(repository: &str, tag: &str) -> Self {
        Self {
            repository: repository.to_owned(),
            tag: tag.to_owned(),
            platforms: vec![PlatformImage::of("linux/amd64")],
            compression: Compression::Gzip,
            docker: false,
            index: false,
            attestation: false,
        }
    }

    /// The architecture (`arm64` …) of the platform whose layers are being added.
    #[must_use]
    pub fn architecture(mut self, architecture: &str) -> Self {
        architecture.clone_into(&mut self.current().architecture);
        self
    }

    /// Begins a platform, `linux/arm64/v8`, which the layers after it belong to. A first platform without layers is
    /// replaced; with two or more there is an index.
    #[must_use]
    pub fn platform(mut self, platform: &str) -> Self {
        let platform = PlatformImage::of(platform);
        if self.current().layers.is_empty() {
            *self.current() = platform;
        } else {
            self.platforms.push(platform);
        }
        self
    }

    /// Adds a layer on top. The same one twice is one blob, named twice.
    #[must_use]
    pub fn layer(mut self, layer: &RootFs) -> Self {
        self.current().layers.push(Layer::Own(layer.clone()));
        self
    }

    /// Adds a layer that the registry does not have: its descriptor says where it is.
    #[must_use]
    pub fn foreign_layer(mut self, url: &str, content: &RootFs) -> Self {
        let (url, content) = (url.to_owned(), content.clone());
        self.current().layers.push(Layer::Foreign { url, content });
        self
    }

    /// How the layers are compressed: with gzip, with zstd, or not.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Uses Docker's media types (schema 2) instead of the OCI's.
    #[must_use]
    pub fn docker(mut self) -> Self {
        self.docker = true;
        self
    }

    /// Makes an index for a single platform too.
    #[must_use]
    pub fn index(mut self) -> Self {
        self.index = true;
        self
    }

    /// Adds a manifest for the platform `unknown/unknown` that tells how the image was built, as `buildx` does. Makes
    /// an index.
    #[must_use]
    pub fn attestation(mut self) -> Self {
        self.attestation = true;
        self
    }

    /// Pushes everything that the registry does not have.
    pub fn push(&self, registry: &Registry) -> PushedImage {
        push::push(self, registry)
    }

    fn current(&mut self) -> &mut PlatformImage {
        self.platforms
            .last_mut()
            .expect("an image has a platform from the beginning")
    }
}

impl PlatformImage {
    fn of(platform: &str) -> Self {
        let mut parts = platform.split('/').map(str::to_owned);
        Self {
            os: parts.next().unwrap_or_default(),
            architecture: parts.next().expect("a platform is os/architecture"),
            variant: parts.next(),
            layers: Vec::new(),
        }
    }

    /// `linux/arm64/v8`.
    pub(super) fn name(&self) -> String {
        let parts = [&self.os, &self.architecture].into_iter();
        parts
            .chain(&self.variant)
            .cloned()
            .collect::<Vec<_>>()
            .join("/")
    }
}
