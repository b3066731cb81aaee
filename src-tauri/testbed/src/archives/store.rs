//! Blobs, image configurations and the tar that holds them: what the Docker and the OCI shapes share.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType};

use super::rootfs::{RootFs, header};

/// The files of an image archive, in order.
#[derive(Debug, Default)]
pub(super) struct Store {
    files: Vec<(String, Vec<u8>)>,
}

impl Store {
    /// Adds a file, unless one of this name is there: layers are shared.
    pub(super) fn add(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        let path = path.into();
        if !self.files.iter().any(|(other, _)| *other == path) {
            self.files.push((path, content.into()));
        }
    }

    /// Adds a blob under its digest and returns its descriptor.
    pub(super) fn blob(&mut self, media_type: &str, content: Vec<u8>) -> Value {
        let digest = sha256(&content);
        let descriptor = json!({
            "mediaType": media_type,
            "digest": format!("sha256:{digest}"),
            "size": content.len(),
        });
        self.add(format!("blobs/sha256/{digest}"), content);
        descriptor
    }

    pub(super) fn json_blob(&mut self, media_type: &str, content: &Value) -> Value {
        self.blob(media_type, content.to_string().into_bytes())
    }

    /// Adds all of `other`'s files behind these.
    pub(super) fn append(&mut self, other: Self) {
        self.files.extend(other.files);
    }

    pub(super) fn tar(&self) -> Vec<u8> {
        let mut tar = Builder::new(Vec::new());
        for (path, content) in &self.files {
            let mut header = header(EntryType::Regular, 0o644, content.len() as u64);
            tar.append_data(&mut header, path, content.as_slice())
                .expect("writing to memory does not fail");
        }
        tar.into_inner().expect("writing to memory does not fail")
    }
}

pub(crate) fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// An image's configuration, with the diff ids of its layers.
pub(crate) fn configuration(architecture: &str, layers: &[RootFs]) -> Value {
    let diff_ids: Vec<_> = layers
        .iter()
        .map(|layer| format!("sha256:{}", layer.digest()))
        .collect();
    json!({
        "architecture": architecture,
        "os": "linux",
        "created": "2025-01-01T00:00:00Z",
        "config": { "Cmd": ["/bin/sh"], "Env": ["PATH=/bin"] },
        "rootfs": { "type": "layers", "diff_ids": diff_ids },
        "history": layers.iter().map(|_| json!({ "created_by": "testbed" })).collect::<Vec<_>>(),
    })
}
