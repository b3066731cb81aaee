//! Rewriting: whatever goes in, what comes out is a sound archive that gives temporary names only.

use labwright_archive::{
    Architecture, Layout, RewriteError, RewriteTarget, TarGuard, rewrite, zstd_sizes,
};
use serde_json::Value;
use std::io::Read;

/// Bytes that may come out: a layer may be a bomb.
const OUTPUT_LIMIT: u64 = 1 << 20;
/// What every temporary name begins with.
const TEMPORARY: &str = "labwright/import";
/// The annotations that name images in an OCI layout.
const NAMES: [&str; 2] = [
    "io.containerd.image.name",
    "org.opencontainers.image.ref.name",
];

/// Rewrites `tar` for both kinds of engine.
pub(crate) fn check(tar: &[u8]) {
    for layout in [Layout::Any, Layout::DockerOnly] {
        if let Ok(output) = rewritten(tar, layout) {
            check_output(&output, layout);
            if let Err(error) = rewritten(&output, layout) {
                panic!("what was rewritten cannot be rewritten: {error:?}");
            }
        }
    }
}

/// What comes out, if the archive is an image.
fn rewritten(tar: &[u8], layout: Layout) -> Result<Vec<u8>, RewriteError> {
    let target = RewriteTarget {
        layout,
        architecture: Some(Architecture::Amd64),
        temporary: &|at| format!("{TEMPORARY}:{at}"),
        limit: Some(OUTPUT_LIMIT),
        zstd_sizes: zstd_sizes(tar, &|| false).unwrap_or_default(),
    };
    let mut output = Vec::new();
    rewrite(tar, &mut output, &target).map(|_| output)
}

fn check_output(output: &[u8], layout: Layout) {
    let mut guard = TarGuard::new(None);
    guard
        .check(output)
        .and_then(|()| guard.finish())
        .unwrap_or_else(|error| panic!("what was rewritten is no sound tar: {error}"));
    let mut named = false;
    let mut archive = tar::Archive::new(output);
    for entry in archive.entries().expect("a tar in memory has entries") {
        let mut entry = entry.expect("the guard has found it sound");
        let mut content = Vec::new();
        let name = normal(&String::from_utf8_lossy(&entry.path_bytes()));
        match name.as_str() {
            "manifest.json" => {
                entry.read_to_end(&mut content).expect("it is in memory");
                check_manifest(&content);
                named = true;
            }
            "index.json" => {
                entry.read_to_end(&mut content).expect("it is in memory");
                check_index(&content);
                named |= layout == Layout::Any;
            }
            "repositories" => panic!("the old list of names was passed on"),
            _ => {}
        }
    }
    assert!(named, "nothing names the images");
}

/// A name as engines read it: up to a NUL, and without empty parts and dots.
fn normal(name: &str) -> String {
    let name = name.split('\0').next().unwrap_or_default();
    let parts: Vec<_> = name
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    parts.join("/")
}

fn check_manifest(content: &[u8]) {
    let manifest: Value = serde_json::from_slice(content).expect("manifest.json is JSON");
    let images = manifest.as_array().expect("manifest.json is a list");
    for image in images {
        check_keys(image, "RepoTags");
        let tags = image["RepoTags"].as_array().expect("an image has tags");
        assert!(
            !tags.is_empty() && tags.iter().all(is_temporary),
            "manifest.json gives the names {tags:?}"
        );
    }
}

fn check_index(content: &[u8]) {
    let index: Value = serde_json::from_slice(content).expect("index.json is JSON");
    let images = index["manifests"]
        .as_array()
        .expect("an index lists manifests");
    check_keys(&index, "manifests");
    for image in images {
        check_keys(image, "annotations");
        let given = NAMES
            .iter()
            .filter_map(|name| image["annotations"].get(name));
        for name in given {
            assert!(is_temporary(name), "index.json gives the name {name}");
        }
    }
}

/// No other key may be read as `key`: Go takes one that differs in case, and some that are not ASCII, for the same.
fn check_keys(object: &Value, key: &str) {
    let object = object.as_object().expect("images are objects");
    let mut doubles = object
        .keys()
        .filter(|other| !other.is_ascii() || other.eq_ignore_ascii_case(key));
    assert!(doubles.all(|other| other == key), "doubles of {key}");
}

fn is_temporary(name: &Value) -> bool {
    name.as_str()
        .is_some_and(|name| name.starts_with(TEMPORARY))
}
