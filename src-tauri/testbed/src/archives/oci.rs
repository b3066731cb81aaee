//! OCI image layouts as tars, as `skopeo`, `buildx` and Podman make them.

use serde_json::{Value, json};

use super::compression::Compression;
use super::rootfs::RootFs;
use super::store::{Store, configuration};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// An OCI archive of one image, for one or several platforms.
#[derive(Clone, Debug)]
pub struct OciArchive {
    platforms: Vec<(String, Vec<RootFs>)>,
    names: Vec<(&'static str, String)>,
    compression: Compression,
    index_of_index: bool,
    index_last: bool,
}

impl OciArchive {
    /// An amd64 image of these layers, lowest first, without a name, its layers uncompressed.
    pub fn new(layers: &[RootFs]) -> Self {
        Self {
            platforms: vec![("amd64".to_owned(), layers.to_vec())],
            names: Vec::new(),
            compression: Compression::None,
            index_of_index: false,
            index_last: false,
        }
    }

    /// Names the image as `org.opencontainers.image.ref.name`: a whole reference, or only a tag, as tools differ.
    #[must_use]
    pub fn ref_name(mut self, name: &str) -> Self {
        self.names
            .push(("org.opencontainers.image.ref.name", name.to_owned()));
        self
    }

    /// Names the image as `io.containerd.image.name`: a whole reference with its registry.
    #[must_use]
    pub fn containerd_name(mut self, name: &str) -> Self {
        self.names
            .push(("io.containerd.image.name", name.to_owned()));
        self
    }

    /// Compresses the layers; only none, gzip and zstd have a media type.
    #[must_use]
    pub fn layer_compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Adds another platform (`arm64` …), which makes `index.json` list several manifests.
    #[must_use]
    pub fn platform(mut self, architecture: &str, layers: &[RootFs]) -> Self {
        self.platforms
            .push((architecture.to_owned(), layers.to_vec()));
        self
    }

    /// Lists the platforms in an index of their own, which `index.json` points to, as `buildx` does.
    #[must_use]
    pub fn index_of_index(mut self) -> Self {
        self.index_of_index = true;
        self
    }

    /// Puts `oci-layout` and `index.json` behind the blobs instead of before.
    #[must_use]
    pub fn index_last(mut self) -> Self {
        self.index_last = true;
        self
    }

    /// The archive.
    pub fn tar(&self) -> Vec<u8> {
        let mut blobs = Store::default();
        let manifests: Vec<_> = self
            .platforms
            .iter()
            .map(|platform| self.manifest(&mut blobs, platform))
            .collect();
        let mut listed = if self.index_of_index {
            vec![blobs.json_blob(INDEX, &index(&manifests))]
        } else {
            manifests
        };
        for descriptor in &mut listed {
            for (key, name) in &self.names {
                descriptor["annotations"][key] = json!(name);
            }
        }
        let mut layout = Store::default();
        layout.add("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#);
        layout.add("index.json", index(&listed).to_string());
        let (mut first, second) = if self.index_last {
            (blobs, layout)
        } else {
            (layout, blobs)
        };
        first.append(second);
        first.tar()
    }

    /// Adds one platform's blobs and returns the descriptor of its manifest.
    fn manifest(&self, blobs: &mut Store, (architecture, layers): &(String, Vec<RootFs>)) -> Value {
        let media_type = self.layer_media_type();
        let descriptors: Vec<_> = layers
            .iter()
            .map(|layer| blobs.blob(media_type, self.compression.compress(&layer.tar())))
            .collect();
        let config = blobs.json_blob(CONFIG, &configuration(architecture, layers));
        let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": descriptors });
        let mut descriptor = blobs.json_blob(MANIFEST, &manifest);
        if self.platforms.len() > 1 || self.index_of_index {
            descriptor["platform"] = json!({ "architecture": architecture, "os": "linux" });
        }
        descriptor
    }

    fn layer_media_type(&self) -> &'static str {
        match self.compression {
            Compression::Gzip | Compression::GzipMultiMember => {
                "application/vnd.oci.image.layer.v1.tar+gzip"
            }
            Compression::Zstd | Compression::ZstdMultiFrame => {
                "application/vnd.oci.image.layer.v1.tar+zstd"
            }
            Compression::None => "application/vnd.oci.image.layer.v1.tar",
            other => panic!("{other:?} has no OCI media type"),
        }
    }
}

fn index(manifests: &[Value]) -> Value {
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests })
}
