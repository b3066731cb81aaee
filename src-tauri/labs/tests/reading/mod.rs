//! Reading for tests: a fixed place, the kinds that come with the program, and a few variables.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use labwright_labs::kinds::Kinds;
use labwright_labs::topology::{GitHead, Origin, Topology, TopologyError};
use std::path::Path;
use std::sync::LazyLock;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| Kinds::built_in().unwrap());

/// Reads a text as `/labs/dc1/dc1.clab.yml`.
pub(crate) fn read(text: &str) -> Result<Topology, TopologyError> {
    read_as("/labs/dc1/dc1.clab.yml", text)
}

/// Reads a text as a file.
pub(crate) fn read_as(file: &str, text: &str) -> Result<Topology, TopologyError> {
    let git = GitHead {
        branch: "feature/evpn",
        hash: "0123456789abcdef",
    };
    let origin = Origin {
        file: Path::new(file),
        kinds: &KINDS,
        git: Some(git),
        home: Some(Path::new("/home/ada")),
    };
    Topology::parse(text, &origin, &variable)
}

/// What must be readable.
pub(crate) fn good(text: &str) -> Topology {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

fn variable(name: &str) -> Option<String> {
    match name {
        "VERSION" => Some("4.35.1F".to_owned()),
        "NODES" => Some("r1: {kind: linux, image: a}\n    r2: {kind: linux, image: a}".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}
