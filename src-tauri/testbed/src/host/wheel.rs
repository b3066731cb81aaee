//! Wheels: PEP 427's format, for every Python and machine.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::Package;
use super::zip;
use crate::archives::noise;

const WHEEL: &str =
    "Wheel-Version: 1.0\nGenerator: testbed\nRoot-Is-Purelib: true\nTag: py3-none-any\n";

pub(super) fn file_name(package: &Package) -> String {
    format!("{}-{}-py3-none-any.whl", package.module(), package.version)
}

pub(super) fn bytes(package: &Package) -> Vec<u8> {
    let module = package.module();
    let information = format!("{module}-{}.dist-info", package.version);
    let code = format!("__version__ = {:?}\n", package.version);
    let mut files = vec![(format!("{module}/__init__.py"), code.into_bytes())];
    if package.padding > 0 {
        files.push((format!("{module}/padding.bin"), noise(package.padding)));
    }
    files.push((
        format!("{information}/METADATA"),
        metadata(package).into_bytes(),
    ));
    files.push((format!("{information}/WHEEL"), WHEEL.into()));
    let record = record(&files, &format!("{information}/RECORD"));
    files.push(record);
    zip::stored(&files)
}

/// What a package says of itself, in wheels and in source.
pub(super) fn metadata(package: &Package) -> String {
    let (name, version) = (&package.name, &package.version);
    let mut text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
    for requirement in &package.requires {
        let _infallible = writeln!(text, "Requires-Dist: {requirement}");
    }
    text
}

/// The list of all files with their digests, itself without one.
fn record(files: &[(String, Vec<u8>)], path: &str) -> (String, Vec<u8>) {
    let mut text = String::new();
    for (path, content) in files {
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(content));
        let _infallible = writeln!(text, "{path},sha256={digest},{}", content.len());
    }
    let _infallible = writeln!(text, "{path},,");
    (path.to_owned(), text.into_bytes())
}
