//! Packages that come as source, with a build of their own that needs nothing from elsewhere.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tar::{Builder, Header};

use super::package::Build;
use super::{Package, wheel};

const BACKEND: &str = include_str!("build_backend.py");
const PROJECT: &str =
    "[build-system]\nrequires = []\nbuild-backend = \"build_backend\"\nbackend-path = [\".\"]\n";

pub(super) fn file_name(package: &Package) -> String {
    format!("{}-{}.tar.gz", package.module(), package.version)
}

pub(super) fn bytes(package: &Package, build: &Build) -> Vec<u8> {
    let wheel = wheel::file_name(package);
    let order = json!({ "wheel": wheel, "seconds": build.seconds, "failure": build.failure });
    let files = [
        ("PKG-INFO", wheel::metadata(package).into_bytes()),
        ("pyproject.toml", PROJECT.into()),
        ("build_backend.py", BACKEND.into()),
        ("order.json", order.to_string().into_bytes()),
        (wheel.as_str(), wheel::bytes(package)),
    ];
    let mut archive = Builder::new(Vec::new());
    for (name, content) in files {
        let path = format!("{}-{}/{name}", package.module(), package.version);
        let mut header = Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        let added = archive.append_data(&mut header, path, content.as_slice());
        added.expect("an archive in memory takes everything");
    }
    compress(&archive.into_inner().expect("memory takes everything"))
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("memory takes everything")
}
