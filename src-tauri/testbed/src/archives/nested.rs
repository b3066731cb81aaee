//! An archive within an archive.

use tar::{Builder, EntryType};

use super::compression::Compression;
use super::docker::DockerArchive;
use super::rootfs::header;

/// A .tgz of a readme, a signature and the image's own .tgz, the way Cisco ships XRd:
/// `xrd-control-plane-container-x64.dockerv1.tgz` lies within, the small files on either side of it.
pub fn nested(inner: &DockerArchive) -> Vec<u8> {
    let image = Compression::Gzip.compress(&inner.tar());
    let name = "xrd-control-plane-container-x64.dockerv1.tgz";
    let files: [(&str, &[u8]); 4] = [
        ("README", b"XRd control plane. Load the inner archive.\n"),
        (name, &image),
        (
            "xrd-control-plane-container-x64.dockerv1.tgz.signature",
            &[0x5a; 256],
        ),
        ("IOS-XR-SW-XRd.crt", b"-----BEGIN CERTIFICATE-----\n"),
    ];
    let mut tar = Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = header(EntryType::Regular, 0o644, content.len() as u64);
        tar.append_data(&mut header, path, content)
            .expect("writing to memory does not fail");
    }
    Compression::Gzip.compress(&tar.into_inner().expect("writing to memory does not fail"))
}
