//! The small JSON documents inside image archives: `manifest.json`, `index.json`, manifests and
//! configurations. Sources: the Docker Image Specification v1.2 and the OCI Image Specification 1.1.

use super::elf::Architecture;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// The annotation by which a containerd store names an image of an OCI archive.
const NAME_ANNOTATION: &str = "io.containerd.image.name";
/// The annotation by which everyone else does.
const REF_ANNOTATION: &str = "org.opencontainers.image.ref.name";
/// How deep an index may hold indexes.
const INDEX_DEPTH: u8 = 3;

/// One image of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImageEntry {
    /// Name of the configuration's entry in the archive.
    pub config: String,
    /// The names that the archive gives to the image.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub repo_tags: Vec<String>,
    /// Names of the layers' entries, the lowest first.
    pub layers: Vec<String>,
    /// Fields that newer versions add.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

fn null_is_empty<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// An image archive's documents do not fit together.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// A document is no valid JSON of its kind.
    #[error("`{name}` in the archive cannot be read")]
    Parse {
        /// The entry.
        name: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A document or layer that another one names is not there.
    #[error("the archive is incomplete: `{name}` is missing")]
    Missing {
        /// The entry.
        name: String,
    },
    /// No image of the archive is for the engine's architecture.
    #[error("the archive has no image for {wanted}; it has {}", .available.join(", "))]
    Platform {
        /// What the engine runs.
        wanted: String,
        /// What there is.
        available: Vec<String>,
    },
    /// There is no image in it.
    #[error("the archive names no image")]
    Empty,
}

/// The references that the JSON document `name` gives to images, if it is one that does.
pub(crate) fn own_references(name: &str, bytes: &[u8]) -> Vec<String> {
    match name {
        "manifest.json" => parse_manifest(bytes).map_or_else(
            |_| Vec::new(),
            |images| {
                images
                    .into_iter()
                    .flat_map(|image| image.repo_tags)
                    .collect()
            },
        ),
        "index.json" => serde_json::from_slice::<Index>(bytes).map_or_else(
            |_| Vec::new(),
            |index| {
                index
                    .manifests
                    .iter()
                    .filter_map(Descriptor::reference)
                    .collect()
            },
        ),
        _ => Vec::new(),
    }
}

/// The architecture that an image configuration states, if `bytes` is one.
pub(crate) fn architecture(bytes: &[u8]) -> Option<Architecture> {
    #[derive(Deserialize)]
    struct Configuration {
        architecture: String,
        #[serde(rename = "rootfs")]
        _rootfs: Value,
    }
    let configuration: Configuration = serde_json::from_slice(bytes).ok()?;
    Architecture::from_name(&configuration.architecture)
}

/// Reads `manifest.json`.
pub(crate) fn parse_manifest(bytes: &[u8]) -> Result<Vec<ImageEntry>, ManifestError> {
    let mut images: Vec<ImageEntry> = parse("manifest.json", bytes)?;
    for image in &mut images {
        drop_doubles(&mut image.other, &["Config", "RepoTags", "Layers"]);
    }
    Ok(images)
}

/// Removes keys that an engine could read as one of `keys`, and that would win over it: Go takes
/// `repotags`, and even `RepoTagſ`, for `RepoTags`. All keys of these formats are ASCII.
fn drop_doubles(object: &mut Map<String, Value>, keys: &[&str]) {
    object.retain(|key, _| {
        let mut others = keys.iter().filter(|wanted| **wanted != key);
        key.is_ascii() && !others.any(|wanted| wanted.eq_ignore_ascii_case(key))
    });
}

#[derive(Debug, Clone, Deserialize)]
struct Index {
    #[serde(default)]
    manifests: Vec<Descriptor>,
}

#[derive(Debug, Clone, Deserialize)]
struct Descriptor {
    #[serde(rename = "mediaType", default)]
    media_type: String,
    digest: String,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Platform {
    #[serde(default)]
    architecture: String,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    config: Descriptor,
    layers: Vec<Descriptor>,
}

impl Descriptor {
    fn reference(&self) -> Option<String> {
        let full = self.annotations.get(NAME_ANNOTATION).cloned();
        full.or_else(|| {
            self.annotations
                .get(REF_ANNOTATION)
                .filter(|name| name.contains([':', '/']))
                .cloned()
        })
    }

    fn blob(&self) -> String {
        format!("blobs/{}", self.digest.replacen(':', "/", 1))
    }

    fn is_attestation(&self) -> bool {
        self.annotations.contains_key("vnd.docker.reference.type")
    }

    fn is_index(&self) -> bool {
        self.media_type.contains("index") || self.media_type.contains("manifest.list")
    }
}

/// Gives the images in `index.json` new names, `name(i)` for the i-th; returns the document and
/// the names that it had.
pub(crate) fn rename_index(
    bytes: &[u8],
    name: &dyn Fn(usize) -> String,
) -> Result<(Vec<u8>, Vec<Vec<String>>), ManifestError> {
    let parse = |source| ManifestError::Parse {
        name: "index.json".to_owned(),
        source,
    };
    let mut index: Map<String, Value> = serde_json::from_slice(bytes).map_err(parse)?;
    let descriptors: Index = serde_json::from_slice(bytes).map_err(parse)?;
    drop_doubles(&mut index, &["manifests"]);
    let mut names = Vec::new();
    let mut renamed: Vec<Map<String, Value>> = index
        .get("manifests")
        .map_or_else(|| Ok(Vec::new()), Deserialize::deserialize)
        .map_err(parse)?;
    for (object, descriptor) in renamed.iter_mut().zip(&descriptors.manifests) {
        drop_doubles(object, &["annotations"]);
        let mut annotations = descriptor.annotations.clone();
        annotations.remove(NAME_ANNOTATION);
        annotations.remove(REF_ANNOTATION);
        if !descriptor.is_attestation() {
            let new = name(names.len());
            annotations.insert(NAME_ANNOTATION.to_owned(), new.clone());
            annotations.insert(REF_ANNOTATION.to_owned(), new);
            names.push(descriptor.reference().into_iter().collect());
        }
        object.insert("annotations".to_owned(), json!(annotations));
    }
    index.insert("manifests".to_owned(), json!(renamed));
    if names.is_empty() {
        return Err(ManifestError::Empty);
    }
    Ok((serde_json::to_vec(&index).map_err(parse)?, names))
}

/// Makes a `manifest.json` for an OCI layout: what a classic Docker store needs to load it.
///
/// `documents` holds the small JSON blobs by entry name; `seen` all entry names.
pub(crate) fn manifest_of_index(
    index: &[u8],
    documents: &BTreeMap<String, Vec<u8>>,
    seen: &BTreeSet<String>,
    architecture: Option<Architecture>,
) -> Result<Vec<ImageEntry>, ManifestError> {
    let index: Index = parse("index.json", index)?;
    let mut images = Vec::new();
    for descriptor in index
        .manifests
        .iter()
        .filter(|descriptor| !descriptor.is_attestation())
    {
        let chosen = choose(descriptor, documents, architecture, INDEX_DEPTH)?;
        let manifest: Manifest = document(&chosen, documents)?;
        let image = ImageEntry {
            config: manifest.config.blob(),
            repo_tags: descriptor.reference().into_iter().collect(),
            layers: manifest.layers.iter().map(Descriptor::blob).collect(),
            other: Map::new(),
        };
        check_complete(&image, seen)?;
        images.push(image);
    }
    if images.is_empty() {
        Err(ManifestError::Empty)
    } else {
        Ok(images)
    }
}

/// Every entry that the image names must have been in the archive.
pub(crate) fn check_complete(
    image: &ImageEntry,
    seen: &BTreeSet<String>,
) -> Result<(), ManifestError> {
    let missing = std::iter::once(&image.config)
        .chain(&image.layers)
        .find(|name| !seen.contains(*name));
    missing.map_or(Ok(()), |name| {
        Err(ManifestError::Missing { name: name.clone() })
    })
}

/// Follows indexes down to the image manifest for `architecture`.
fn choose(
    descriptor: &Descriptor,
    documents: &BTreeMap<String, Vec<u8>>,
    architecture: Option<Architecture>,
    depth: u8,
) -> Result<Descriptor, ManifestError> {
    if !descriptor.is_index() || depth == 0 {
        return Ok(descriptor.clone());
    }
    let index: Index = document(descriptor, documents)?;
    let images: Vec<_> = index
        .manifests
        .iter()
        .filter(|image| !image.is_attestation())
        .collect();
    let named = |image: &Descriptor| {
        image
            .platform
            .as_ref()
            .map(|platform| platform.architecture.clone())
            .unwrap_or_default()
    };
    let fits = |image: &Descriptor| {
        architecture.is_none_or(|wanted| Architecture::from_name(&named(image)) == Some(wanted))
    };
    let chosen = images
        .iter()
        .find(|image| fits(image))
        .or(if images.len() == 1 {
            images.first()
        } else {
            None
        });
    match chosen {
        Some(image) => choose(image, documents, architecture, depth - 1),
        None => Err(ManifestError::Platform {
            wanted: architecture
                .map_or_else(|| "this engine".to_owned(), |wanted| wanted.to_string()),
            available: images.iter().map(|image| named(image)).collect(),
        }),
    }
}

fn document<T: serde::de::DeserializeOwned>(
    descriptor: &Descriptor,
    documents: &BTreeMap<String, Vec<u8>>,
) -> Result<T, ManifestError> {
    let name = descriptor.blob();
    let bytes = documents
        .get(&name)
        .ok_or_else(|| ManifestError::Missing { name: name.clone() })?;
    parse(&name, bytes)
}

fn parse<T: serde::de::DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, ManifestError> {
    serde_json::from_slice(bytes).map_err(|source| ManifestError::Parse {
        name: name.to_owned(),
        source,
    })
}
