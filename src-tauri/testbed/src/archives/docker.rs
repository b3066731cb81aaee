//! Archives as `docker save` makes them, before and since Docker 25.

use serde_json::{Value, json};

use super::rootfs::RootFs;
use super::store::{Store, configuration, sha256};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// A `docker save` archive of one or several images.
#[derive(Clone, Debug, Default)]
pub struct DockerArchive {
    images: Vec<Image>,
    manifest_last: bool,
    modern: bool,
}

#[derive(Clone, Debug)]
struct Image {
    tags: Vec<String>,
    layers: Vec<RootFs>,
    architecture: String,
}

impl DockerArchive {
    /// No image yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an amd64 image of these layers, lowest first. No tag makes an image without a name.
    #[must_use]
    pub fn image(self, tags: &[&str], layers: &[RootFs]) -> Self {
        self.image_for("amd64", tags, layers)
    }

    /// Adds an image for the given architecture (`amd64`, `arm64` …).
    #[must_use]
    pub fn image_for(mut self, architecture: &str, tags: &[&str], layers: &[RootFs]) -> Self {
        self.images.push(Image {
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            layers: layers.to_vec(),
            architecture: architecture.to_owned(),
        });
        self
    }

    /// Puts `manifest.json` behind everything else instead of before.
    #[must_use]
    pub fn manifest_last(mut self) -> Self {
        self.manifest_last = true;
        self
    }

    /// The shape since Docker 25: an OCI layout that has a `manifest.json` too.
    #[must_use]
    pub fn modern(mut self) -> Self {
        self.modern = true;
        self
    }

    /// The archive.
    pub fn tar(&self) -> Vec<u8> {
        let mut body = Store::default();
        let build = if self.modern { modern } else { legacy };
        let manifest: Vec<_> = self
            .images
            .iter()
            .map(|image| build(&mut body, image))
            .collect();
        let manifest = Value::from(manifest).to_string();
        if self.modern {
            self.add_layout(&mut body);
        }
        if self.manifest_last {
            body.add("manifest.json", manifest);
            return body.tar();
        }
        let mut first = Store::default();
        first.add("manifest.json", manifest);
        first.append(body);
        first.tar()
    }

    fn add_layout(&self, store: &mut Store) {
        let mut manifests = Vec::new();
        for image in &self.images {
            let layers: Vec<_> = image
                .layers
                .iter()
                .map(|layer| store.blob(LAYER, layer.tar()))
                .collect();
            let config =
                store.json_blob(CONFIG, &configuration(&image.architecture, &image.layers));
            let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
            let descriptor = store.json_blob(MANIFEST, &manifest);
            manifests.extend(named(&descriptor, &image.tags));
        }
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
        store.add("index.json", index.to_string());
        store.add("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#);
    }
}

/// The descriptor once per tag, with the annotations that name it.
fn named(descriptor: &Value, tags: &[String]) -> Vec<Value> {
    if tags.is_empty() {
        return vec![descriptor.clone()];
    }
    let name = |tag: &String| {
        let mut named = descriptor.clone();
        named["annotations"] = json!({
            "io.containerd.image.name": format!("docker.io/library/{tag}"),
            "org.opencontainers.image.ref.name": tag.rsplit(':').next(),
        });
        named
    };
    tags.iter().map(name).collect()
}

/// Adds one image as before Docker 25 and returns its entry in the manifest.
fn legacy(store: &mut Store, image: &Image) -> Value {
    let config = configuration(&image.architecture, &image.layers).to_string();
    let mut layers = Vec::new();
    for layer in &image.layers {
        let id = layer.digest();
        store.add(format!("{id}/VERSION"), "1.0");
        store.add(
            format!("{id}/json"),
            json!({ "id": id, "os": "linux" }).to_string(),
        );
        store.add(format!("{id}/layer.tar"), layer.tar());
        layers.push(format!("{id}/layer.tar"));
    }
    let name = format!("{}.json", sha256(config.as_bytes()));
    store.add(name.clone(), config);
    json!({ "Config": name, "RepoTags": image.tags, "Layers": layers })
}

/// Adds one image's blobs and returns its entry in the manifest.
fn modern(store: &mut Store, image: &Image) -> Value {
    let path = |descriptor: &Value| {
        let digest = descriptor["digest"].as_str().unwrap_or_default();
        format!("blobs/{}", digest.replace(':', "/"))
    };
    let layers: Vec<_> = image
        .layers
        .iter()
        .map(|layer| path(&store.blob(LAYER, layer.tar())))
        .collect();
    let config = path(&store.json_blob(CONFIG, &configuration(&image.architecture, &image.layers)));
    json!({ "Config": config, "RepoTags": image.tags, "Layers": layers })
}
