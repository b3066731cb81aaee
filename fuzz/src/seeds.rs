//! Small archives of every shape, to begin with.

use labwright_testbed::archives::{Compression, DockerArchive, OciArchive, RootFs, nested};
use std::fs;
use std::path::Path;
use tar::{Builder, EntryType, Header};

/// What a bomb becomes, in bytes: more than the checks look at, and quickly made.
const BOMB: usize = 2 << 20;

/// Writes the seeds to `folder`.
///
/// # Panics
///
/// If the folder cannot be written: then there is nothing to fuzz with.
pub(crate) fn write(folder: &Path) {
    let plain = [vec![system().tar()], images(), bombs(), foreign()].concat();
    let packed = [system().tar(), docker().tar(), oci().tar()]
        .into_iter()
        .flat_map(|tar| Compression::ALL.map(|compression| compression.compress(&tar)));
    for (number, seed) in plain.into_iter().chain(packed).enumerate() {
        let path = folder.join(format!("seed-{number:03}"));
        fs::write(&path, seed)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }
}

/// A root file system with what recognition looks for: the start of a program, and small texts.
fn system() -> RootFs {
    let mut program = b"\x7fELF\x02\x01\x01".to_vec();
    program.resize(18, 0);
    program.extend([62, 0]);
    RootFs::empty()
        .folder("etc")
        .file("etc/os-release", "ID=alpine\n")
        .program("bin/sh", program)
        .symlink("bin/true", "sh")
}

fn layer() -> RootFs {
    RootFs::empty().file("etc/marker", "second layer\n")
}

fn docker() -> DockerArchive {
    DockerArchive::new().image(&["lab/router:1"], &[system()])
}

fn oci() -> OciArchive {
    OciArchive::new(&[layer()]).ref_name("lab/router:1")
}

/// Image archives in every order and kind, and archives within archives.
fn images() -> Vec<Vec<u8>> {
    let two = docker().image(&["lab/switch:2", "lab/switch:latest"], &[layer()]);
    let platforms = oci().platform("arm64", &[layer()]);
    vec![
        docker().tar(),
        docker().manifest_last().tar(),
        docker().modern().tar(),
        two.tar(),
        two.modern().tar(),
        DockerArchive::new().image(&[], &[layer()]).tar(),
        oci().tar(),
        oci().index_last().tar(),
        oci().containerd_name("registry.lab/router:1").tar(),
        oci().layer_compression(Compression::Gzip).tar(),
        oci().layer_compression(Compression::Zstd).tar(),
        platforms.tar(),
        platforms.index_of_index().tar(),
        nested(&docker()),
        RootFs::empty().file("image.tar", docker().tar()).tar(),
        RootFs::empty()
            .file(
                "rootfs.tar.xz",
                Compression::Xz {
                    block_size: 4096,
                    threads: 1,
                }
                .compress(&system().tar()),
            )
            .tar(),
        extended(),
    ]
}

/// A tar with both kinds of extended header: GNU's long name, and PAX.
fn extended() -> Vec<u8> {
    let mut tar = Builder::new(Vec::new());
    let mut header = Header::new_gnu();
    header.set_size(4);
    let long = format!("etc/{}", "long/".repeat(40));
    let result = tar
        .append_data(&mut header, &long, &b"long"[..])
        .and_then(|()| tar.append_pax_extensions([("path", long.as_bytes()), ("size", b"4")]))
        .and_then(|()| tar.append_data(&mut header, "etc/short", &b"four"[..]))
        .and_then(|()| tar.into_inner());
    result.expect("writing to memory does not fail")
}

/// Small files that claim to be, or become, much more than memory holds.
fn bombs() -> Vec<Vec<u8>> {
    let mut claim = Header::new_gnu();
    claim.set_entry_type(EntryType::GNULongName);
    claim.set_size(8 << 30);
    claim.set_cksum();
    let long_name = [claim.as_bytes(), &vec![b'a'; BOMB][..]].concat();
    let zeros = RootFs::empty().file("zeros", vec![0; BOMB]).tar();
    let inner = Compression::Zstd.compress(&long_name);
    let mut nest = docker().tar();
    for _ in 0..8 {
        nest = RootFs::empty().file("inner.tar", nest).tar();
    }
    vec![
        long_name[..2048].to_vec(),
        Compression::Zstd.compress(&zeros),
        RootFs::empty().file("image.tar.zst", inner).tar(),
        nest,
    ]
}

/// Files that people drop by mistake.
fn foreign() -> Vec<Vec<u8>> {
    use labwright_testbed::archives::hostile;
    vec![
        Vec::new(),
        hostile::html_login_page(),
        hostile::qcow2(),
        hostile::vmdk(),
        hostile::zip(),
        b"{\"error\":\"not found\"}".to_vec(),
    ]
}
