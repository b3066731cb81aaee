//! Archives that mean harm, are broken, or are no archives at all.
//!
//! The tars hold [`RootFs::tiny`] first, so that whatever is left when the bad entry is refused or tamed still runs.

use tar::{EntryType, GnuHeader, Header};

use super::rootfs::{RootFs, header};

const BLOCK: usize = 512;

/// A tar with a file named `/etc/absolute` besides a good system.
pub fn absolute_names() -> Vec<u8> {
    with_entries(&[(raw(b"/etc/absolute", EntryType::Regular, 4), b"abs\n")])
}

/// A tar with a file named `../../../../tmp/labwright-escaped`.
pub fn parent_names() -> Vec<u8> {
    with_entries(&[(
        raw(b"../../../../tmp/labwright-escaped", EntryType::Regular, 4),
        b"esc\n",
    )])
}

/// A tar with a hard link and a symlink to `../../../../etc/passwd`, and a file written through the symlink's name.
pub fn links_outside() -> Vec<u8> {
    let target = b"../../../../etc/passwd";
    with_entries(&[
        (linked(raw(b"etc/hard", EntryType::Link, 0), target), b""),
        (linked(raw(b"etc/soft", EntryType::Symlink, 0), target), b""),
        (linked(raw(b"outside", EntryType::Symlink, 0), b"/tmp"), b""),
        (
            raw(b"outside/labwright-escaped", EntryType::Regular, 4),
            b"esc\n",
        ),
    ])
}

/// A tar with a character and a block device.
pub fn device_nodes() -> Vec<u8> {
    with_entries(&[
        (device(b"dev/null-of-ours", EntryType::Char, 1, 3), b""),
        (device(b"dev/disk-of-ours", EntryType::Block, 7, 0), b""),
    ])
}

/// A tar with a named pipe.
pub fn fifo() -> Vec<u8> {
    with_entries(&[(raw(b"run/pipe-of-ours", EntryType::Fifo, 0), b"")])
}

/// A tar with a GNU sparse file that claims `bytes` bytes (10 GB, say) and stores 512 of them.
pub fn sparse(bytes: u64) -> Vec<u8> {
    let mut header = raw(b"opt/sparse", EntryType::GNUSparse, BLOCK as u64);
    let gnu = header.as_gnu_mut().expect("the header is a GNU one");
    set_map(gnu, bytes);
    header.set_cksum();
    with_entries(&[(header, &[0x5a; BLOCK])])
}

/// A tar with `etc/marker` twice, which Docker's classic store and Podman 4.3 refuse (measured).
pub fn duplicate_names() -> Vec<u8> {
    with_entries(&[(raw(b"etc/marker", EntryType::Regular, 4), b"two\n")])
}

/// A tar whose last entry's header has a wrong checksum.
pub fn wrong_checksum() -> Vec<u8> {
    let mut header = raw(b"etc/bad", EntryType::Regular, 4);
    header.as_old_mut().cksum = *b"000001\0 ";
    with_entries(&[(header, b"bad\n")])
}

/// A tar whose last entry claims to be `bytes` bytes long, of which nothing follows.
pub fn claimed_size(bytes: u64) -> Vec<u8> {
    let mut tar = without_end(&RootFs::tiny().tar());
    tar.extend_from_slice(raw(b"opt/claimed", EntryType::Regular, bytes).as_bytes());
    tar
}

/// The first part of `bytes`, cut after the given percentage.
pub fn truncated(bytes: &[u8], percent: usize) -> Vec<u8> {
    bytes[..bytes.len() * percent / 100].to_vec()
}

/// `bytes` with one byte inverted at the given percentage.
pub fn corrupted(bytes: &[u8], percent: usize) -> Vec<u8> {
    let mut corrupted = bytes.to_vec();
    let position = (bytes.len() * percent / 100).min(bytes.len() - 1);
    corrupted[position] ^= 0xff;
    corrupted
}

/// A login page, as a portal sends it in the place of a download.
pub fn html_login_page() -> Vec<u8> {
    let page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Sign in</title></head>\n<body>\n\
                <form action=\"/login\" method=\"post\"><input name=\"user\"><input name=\"password\"></form>\n\
                </body>\n</html>\n";
    page.as_bytes().to_vec()
}

/// The beginning of a qcow2 disk image, version 3.
pub fn qcow2() -> Vec<u8> {
    beginning(0, b"QFI\xfb\x00\x00\x00\x03")
}

/// The beginning of a sparse VMDK disk image.
pub fn vmdk() -> Vec<u8> {
    beginning(0, b"KDMV\x01\x00\x00\x00")
}

/// The beginning of an ISO 9660 image: its first descriptor stands at 32 KiB.
pub fn iso() -> Vec<u8> {
    beginning(0x8000, b"\x01CD001\x01\x00")
}

/// A complete, empty zip archive, preceded by a file's header.
pub fn zip() -> Vec<u8> {
    let mut zip = beginning(0, b"PK\x03\x04\x14\x00\x00\x00\x08\x00");
    zip.extend_from_slice(b"PK\x05\x06");
    zip.extend_from_slice(&[0; 18]);
    zip
}

/// 64 KiB of zeros with a magic number in them.
fn beginning(offset: usize, magic: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 64 << 10];
    bytes[offset..offset + magic.len()].copy_from_slice(magic);
    bytes
}

/// The tiny system with these entries behind it. The headers are written as they are.
fn with_entries(entries: &[(Header, &[u8])]) -> Vec<u8> {
    let mut tar = without_end(&RootFs::tiny().tar());
    for (header, content) in entries {
        tar.extend_from_slice(header.as_bytes());
        tar.extend_from_slice(content);
        tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    tar
}

fn without_end(tar: &[u8]) -> Vec<u8> {
    tar[..tar.len() - 2 * BLOCK].to_vec()
}

/// A header whose name is not cleaned: the tar crate would refuse it.
fn raw(name: &[u8], kind: EntryType, size: u64) -> Header {
    let mut header = header(kind, 0o644, size);
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_cksum();
    header
}

fn linked(mut header: Header, target: &[u8]) -> Header {
    header.as_old_mut().linkname[..target.len()].copy_from_slice(target);
    header.set_cksum();
    header
}

fn device(name: &[u8], kind: EntryType, major: u32, minor: u32) -> Header {
    let mut header = raw(name, kind, 0);
    header
        .set_device_major(major)
        .expect("a GNU header has device numbers");
    header
        .set_device_minor(minor)
        .expect("a GNU header has device numbers");
    header.set_cksum();
    header
}

/// One stored block at the beginning, then a hole to the end.
fn set_map(gnu: &mut GnuHeader, bytes: u64) {
    let mut number = |offset: u64, length: u64, at: usize| {
        gnu.sparse[at]
            .offset
            .copy_from_slice(format!("{offset:011o}\0").as_bytes());
        gnu.sparse[at]
            .numbytes
            .copy_from_slice(format!("{length:011o}\0").as_bytes());
    };
    number(0, BLOCK as u64, 0);
    if bytes < 1 << 33 {
        number(bytes, 0, 1);
    } else {
        gnu.sparse[1].offset = base_256(bytes);
        gnu.sparse[1].numbytes.copy_from_slice(b"00000000000\0");
    }
    gnu.realsize = base_256(bytes);
}

/// The GNU form of numbers that do not fit eleven octal digits (8 GiB and more).
fn base_256(value: u64) -> [u8; 12] {
    let mut field = [0; 12];
    field[0] = 0x80;
    field[4..].copy_from_slice(&value.to_be_bytes());
    field
}
