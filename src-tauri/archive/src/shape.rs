//! What a tar holds: a root file system, an image in one of two formats, or another archive.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What is inside the decoded archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Shape {
    /// The files of one root file system: it is imported as a single layer.
    RootFileSystem,
    /// A `docker save` archive: it is loaded.
    DockerArchive,
    /// An OCI image layout: it is loaded, converted where the engine cannot.
    OciArchive,
    /// An archive inside the archive: the inner one is imported.
    Nested {
        /// The entry's name in the outer archive.
        entry: String,
        /// What the inner one holds; never `Nested`.
        inner: Box<Shape>,
    },
}

impl Shape {
    /// The shape that is sent: the inner one of a nested archive.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Nested { inner, .. } => inner.innermost(),
            other => other,
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RootFileSystem => f.write_str("root file system"),
            Self::DockerArchive => f.write_str("docker archive"),
            Self::OciArchive => f.write_str("OCI archive"),
            Self::Nested { inner, .. } => write!(f, "{inner} inside an archive"),
        }
    }
}

/// Folders at the top of every Linux root file system (Filesystem Hierarchy Standard, and EOS's
/// own `mnt/flash`).
const ROOT_FOLDERS: [&str; 18] = [
    "bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "media", "mnt", "opt", "proc",
    "root", "run", "sbin", "sys", "usr", "var",
];

/// Collects names until the shape is clear.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent observation, not a state"
)]
pub(crate) struct ShapeEvidence {
    root_folder: bool,
    docker_manifest: bool,
    docker_layer: bool,
    oci: bool,
}

impl ShapeEvidence {
    /// Takes the name of one more entry.
    pub(crate) fn see(&mut self, name: &str) {
        let name = clean_name(name);
        let (first, rest) = name.split_once('/').unwrap_or((&name, ""));
        match name.as_str() {
            "manifest.json" => self.docker_manifest = true,
            "oci-layout" | "index.json" => self.oci = true,
            _ if first == "blobs"
                && (rest.is_empty() || rest == "sha256" || rest.starts_with("sha256/")) =>
            {
                self.oci = true;
            }
            _ if is_layer_file(first, rest) => self.docker_layer = true,
            _ if ROOT_FOLDERS.contains(&first) => self.root_folder = true,
            _ => {}
        }
    }

    /// Whether blobs as in an OCI layout were seen: their layers may be compressed in any way.
    pub(crate) fn has_blobs(&self) -> bool {
        self.oci
    }

    /// What the names seen so far amount to.
    pub(crate) fn shape(&self) -> Option<Shape> {
        if self.docker_manifest && (self.docker_layer || self.oci || !self.root_folder)
            || self.docker_layer
        {
            Some(Shape::DockerArchive)
        } else if self.root_folder {
            Some(Shape::RootFileSystem)
        } else {
            self.oci.then_some(Shape::OciArchive)
        }
    }
}

/// `docker save` before version 25 writes a folder per layer, named by 64 hexadecimal digits, and
/// a configuration `<64 digits>.json`.
fn is_layer_file(first: &str, rest: &str) -> bool {
    let stem = first
        .strip_suffix(".json")
        .or_else(|| first.strip_suffix(".tar"))
        .unwrap_or(first);
    stem.len() == 64
        && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (rest.is_empty() || matches!(rest, "layer.tar" | "VERSION" | "json"))
}

/// A name as engines read it: up to a NUL, and without empty parts and dots, so that `./a`, `/a`
/// and `a/.` are all `a`.
pub fn clean_name(name: &str) -> String {
    let name = name.split('\0').next().unwrap_or_default();
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(names: &[&str]) -> Option<Shape> {
        let mut evidence = ShapeEvidence::default();
        for name in names {
            evidence.see(name);
        }
        evidence.shape()
    }

    #[test]
    fn shapes_are_told_apart() {
        let layer = format!("{}/layer.tar", "a1".repeat(32));
        assert_eq!(
            shape(&["./etc/", "./etc/passwd"]),
            Some(Shape::RootFileSystem)
        );
        assert_eq!(shape(&["/bin/sh"]), Some(Shape::RootFileSystem));
        assert_eq!(
            shape(&[&layer, "manifest.json", "repositories"]),
            Some(Shape::DockerArchive)
        );
        assert_eq!(
            shape(&[
                "blobs/sha256/ab",
                "index.json",
                "manifest.json",
                "oci-layout"
            ]),
            Some(Shape::DockerArchive)
        );
        assert_eq!(
            shape(&["blobs/sha256/ab", "index.json", "oci-layout"]),
            Some(Shape::OciArchive)
        );
        assert_eq!(
            shape(&["manifest.json", "etc/passwd", "usr/bin/env"]),
            Some(Shape::RootFileSystem)
        );
        assert_eq!(shape(&["README", "report.txt"]), None);
    }

    #[test]
    fn a_name_is_what_engines_make_of_it() {
        let same = ["a/b", "./a/b", "/a//b/", ".//./a/./b/.", "a/b\0/../c"];
        for name in same {
            assert_eq!(clean_name(name), "a/b", "{name:?}");
        }
        assert_eq!(clean_name("./"), "");
        assert_eq!(clean_name("..a/.b"), "..a/.b");
    }

    proptest! {
        #[test]
        fn the_order_of_entries_does_not_matter(mut names in proptest::collection::vec("[a-z]{1,4}(/[a-z]{1,3})?|manifest.json|index.json|blobs/sha256/[0-9a-f]{4}", 0..12)) {
            let forwards = shape(&names.iter().map(String::as_str).collect::<Vec<_>>());
            names.reverse();
            prop_assert_eq!(forwards, shape(&names.iter().map(String::as_str).collect::<Vec<_>>()));
        }
    }
}
