//! Whatever an archive does to keep names of its own, what comes out gives temporary ones.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use super::*;
use serde_json::{Value, json};

const TEMPORARY: &str = "labwright/import:0";

struct Archive(Builder<Vec<u8>>);

impl Archive {
    /// A complete image, in both layouts, without the documents that name it.
    fn image() -> Self {
        let manifest = json!({
            "config": { "digest": "sha256:config" },
            "layers": [{ "digest": "sha256:layer" }],
        });
        Self(Builder::new(Vec::new()))
            .file("blobs/sha256/config", b"{}")
            .file("blobs/sha256/layer", b"layer")
            .file("blobs/sha256/manifest", manifest.to_string().as_bytes())
    }

    /// The name goes into the header as it is.
    fn entry(mut self, name: &str, kind: EntryType, link: &str, content: &[u8]) -> Self {
        let mut header = Header::new_gnu();
        let gnu = header.as_gnu_mut().unwrap();
        gnu.name[..name.len()].copy_from_slice(name.as_bytes());
        gnu.linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.0.append(&header, content).unwrap();
        self
    }

    fn file(self, name: &str, content: &[u8]) -> Self {
        self.entry(name, EntryType::Regular, "", content)
    }

    fn rewritten(self) -> Result<Vec<u8>, RewriteError> {
        self.rewritten_for(Layout::Any).map(|(_, output)| output)
    }

    fn rewritten_for(self, layout: Layout) -> Result<(Vec<Vec<String>>, Vec<u8>), RewriteError> {
        let target = RewriteTarget {
            layout,
            architecture: None,
            temporary: &|_| TEMPORARY.to_owned(),
            limit: None,
            zstd_sizes: BTreeMap::new(),
        };
        let mut output = Vec::new();
        let names = rewrite(&self.0.into_inner().unwrap()[..], &mut output, &target)?;
        Ok((names, output))
    }
}

/// The `manifest.json` of one image, with more fields.
fn manifest(more: &Value) -> Vec<u8> {
    let mut image = json!({
        "Config": "blobs/sha256/config",
        "RepoTags": ["victim:1"],
        "Layers": ["blobs/sha256/layer"],
    });
    let more = more.as_object().unwrap().clone();
    image.as_object_mut().unwrap().extend(more);
    json!([image]).to_string().into_bytes()
}

/// The `index.json` of one image, its descriptor with more fields, and another descriptor.
fn index(more: &Value, other: &Value) -> Vec<u8> {
    let mut image = json!({ "digest": "sha256:manifest" });
    let more = more.as_object().unwrap().clone();
    image.as_object_mut().unwrap().extend(more);
    json!({ "manifests": [image, other] })
        .to_string()
        .into_bytes()
}

/// Two images, which the two documents name in two orders, as a containerd store may save them.
fn two_orders() -> Archive {
    let entry = |name: &str| {
        json!({
            "Config": "blobs/sha256/config",
            "RepoTags": [name],
            "Layers": ["blobs/sha256/layer"],
        })
    };
    let descriptor =
        |name: &str| json!({ "digest": "sha256:manifest", "annotations": { NAME: name } });
    let index = json!({ "manifests": [descriptor("one:1"), descriptor("two:2")] });
    let manifest = json!([entry("two:2"), entry("one:1")]);
    Archive::image()
        .file("index.json", index.to_string().as_bytes())
        .file("manifest.json", manifest.to_string().as_bytes())
}

#[test]
fn names_are_in_the_order_of_the_document_that_the_engine_reads() {
    for (layout, names) in [
        (Layout::Any, ["one:1", "two:2"]),
        (Layout::ManifestFirst, ["two:2", "one:1"]),
        (Layout::DockerOnly, ["two:2", "one:1"]),
    ] {
        let (found, _) = two_orders().rewritten_for(layout).unwrap();
        assert_eq!(found, names.map(|name| vec![name.to_owned()]), "{layout:?}");
    }
}

#[test]
fn an_image_that_one_document_names_has_that_name() {
    for layout in [Layout::Any, Layout::ManifestFirst] {
        let archive = Archive::image()
            .file(
                "index.json",
                &json!({ "manifests": [{ "digest": "sha256:manifest" }] })
                    .to_string()
                    .into_bytes(),
            )
            .file("manifest.json", &manifest(&json!({})));
        let (found, _) = archive.rewritten_for(layout).unwrap();
        assert_eq!(found, [["victim:1"]], "{layout:?}");
    }
}

fn assert_renamed(archive: Archive) {
    let output = archive.rewritten().unwrap();
    let output = String::from_utf8_lossy(&output);
    assert!(!output.contains("victim"), "{output}");
    assert!(output.contains(TEMPORARY));
}

#[test]
fn a_manifest_is_known_by_any_name_that_engines_take_for_it() {
    for name in [
        "manifest.json",
        "./manifest.json",
        "/.//manifest.json",
        "manifest.json/.",
        "manifest.json//",
    ] {
        assert_renamed(Archive::image().file(name, &manifest(&json!({}))));
    }
}

#[test]
fn keys_that_engines_read_as_others_are_dropped() {
    for key in ["repotags", "REPOTAGS", "RepoTag\u{17f}"] {
        let manifest = manifest(&json!({ key: ["victim:1"] }));
        assert_renamed(Archive::image().file("manifest.json", &manifest));
    }
    let named = json!({ "Annotations": { NAME: "victim:1" } });
    assert_renamed(Archive::image().file("index.json", &index(&named, &attestation())));
}

const NAME: &str = "io.containerd.image.name";

/// What belongs to an image and is none, with a name all the same.
fn attestation() -> Value {
    json!({
        "digest": "sha256:manifest",
        "annotations": { "vnd.docker.reference.type": "attestation-manifest", NAME: "victim:1" },
    })
}

#[test]
fn an_attestation_gives_no_name() {
    assert_renamed(Archive::image().file("index.json", &index(&json!({}), &attestation())));
}

#[test]
fn a_descriptor_that_cannot_be_renamed_is_refused() {
    let list = json!(["type", "sha256:manifest", null, { NAME: "victim:1" }]);
    let result = Archive::image()
        .file("index.json", &index(&json!({}), &list))
        .rewritten();
    assert!(matches!(
        result.unwrap_err(),
        RewriteError::Manifest(ManifestError::Parse { .. })
    ));
}

#[test]
fn names_are_kept_only_so_far() {
    let mut archive = Archive::image();
    for number in 0..4000 {
        let long = format!("{number}/{}", "n".repeat(9000));
        let mut header = Header::new_gnu();
        header.set_size(0);
        archive
            .0
            .append_data(&mut header, long, io::empty())
            .unwrap();
    }
    let result = archive.rewritten();
    assert!(matches!(result.unwrap_err(), RewriteError::Documents));
}

#[test]
fn damage_is_told_as_such() {
    let mut archive = Archive::image().0.into_inner().unwrap();
    archive[0] ^= 1;
    let result = Archive(Builder::new(archive)).rewritten();
    assert!(matches!(
        result.unwrap_err(),
        RewriteError::Guard(GuardError::Damaged { at: 0, .. })
    ));
}

#[test]
fn counting_a_bomb_can_be_cancelled() {
    use labwright_testbed::archives::Compression;
    let bomb = Compression::Zstd.compress(&vec![0; 200 << 20]);
    let tar = Archive::image().file("bomb", &bomb).0.into_inner().unwrap();
    let asked = std::cell::Cell::new(0);
    let cancelled = || {
        asked.set(asked.get() + 1);
        asked.get() > 6
    };
    assert!(zstd_sizes(&tar[..], &cancelled).is_err());
    assert_eq!(asked.get(), 7, "it ended in the middle of the bomb");
}

#[test]
fn a_layer_that_is_not_passed_on_is_missing() {
    let odd = EntryType::new(0x1e);
    let result = Archive(Builder::new(Vec::new()))
        .file("blobs/sha256/config", b"{}")
        .entry("blobs/sha256/layer", odd, "", b"layer")
        .file("manifest.json", &manifest(&json!({})))
        .rewritten();
    assert!(matches!(
        result.unwrap_err(),
        RewriteError::Manifest(ManifestError::Missing { .. })
    ));
}

#[test]
fn a_sparse_layer_is_passed_on_in_full() {
    let mut header = Header::new_gnu();
    let gnu = header.as_gnu_mut().unwrap();
    let name = b"blobs/sha256/layer";
    gnu.name[..name.len()].copy_from_slice(name);
    // 88 bytes of data behind a hole of 512.
    gnu.sparse[0].offset.copy_from_slice(b"00000001000\0");
    gnu.sparse[0].numbytes.copy_from_slice(b"00000000130\0");
    gnu.realsize.copy_from_slice(b"00000001130\0");
    header.set_entry_type(EntryType::GNUSparse);
    header.set_mode(0o644);
    header.set_size(88);
    header.set_cksum();
    let mut archive = Archive(Builder::new(Vec::new())).file("blobs/sha256/config", b"{}");
    archive.0.append(&header, &[7; 88][..]).unwrap();
    let output = archive
        .file("manifest.json", &manifest(&json!({})))
        .rewritten()
        .unwrap();
    let mut layers = tar::Archive::new(&output[..]);
    let mut layer = layers.entries().unwrap().nth(1).unwrap().unwrap();
    assert!(layer.header().entry_type().is_file());
    let mut content = Vec::new();
    layer.read_to_end(&mut content).unwrap();
    assert_eq!(content, [vec![0; 512], vec![7; 88]].concat());
}

#[test]
fn an_entry_behind_a_link_is_refused() {
    let result = Archive::image()
        .file("manifest.json", &manifest(&json!({})))
        .entry("here", EntryType::Symlink, ".", b"")
        .file("here/manifest.json", &manifest(&json!({})))
        .rewritten();
    assert!(matches!(result.unwrap_err(), RewriteError::BehindLink { link, .. } if link == "here"));
}
