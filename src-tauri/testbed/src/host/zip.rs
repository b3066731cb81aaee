//! Zip files whose entries are stored, which is all that a wheel needs.

use flate2::Crc;

/// A regular file that everybody may read.
const MODE: u32 = 0o100_644 << 16;
/// 1 January 1980, the oldest day there is.
const DATE: u16 = 0x21;
/// Version 2.0, made on Unix.
const MADE_BY: u16 = 0x0314;
const NEEDED: u16 = 20;

/// One file, less than 4 GiB, of entries with a path and content.
pub(super) fn stored(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = Vec::new();
    let mut directory = Vec::new();
    for (path, content) in entries {
        let offset = number(zip.len());
        let common = common(path, content);
        zip.extend(b"PK\x03\x04");
        zip.extend(NEEDED.to_le_bytes());
        zip.extend(&common);
        zip.extend(path.as_bytes());
        zip.extend(content);
        directory.extend(b"PK\x01\x02");
        directory.extend(MADE_BY.to_le_bytes());
        directory.extend(NEEDED.to_le_bytes());
        directory.extend(&common);
        // No comment, the first disk, no internal attributes.
        directory.extend([0; 6]);
        directory.extend(MODE.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let end = end(entries.len(), directory.len(), zip.len());
    zip.extend(directory);
    zip.extend(end);
    zip
}

/// What both headers of an entry say: flags, method, time, date, checksum, sizes, and the lengths of path and extras.
fn common(path: &str, content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(content);
    let mut header = vec![0; 6];
    header.extend(DATE.to_le_bytes());
    header.extend(crc.sum().to_le_bytes());
    header.extend(number(content.len()).to_le_bytes());
    header.extend(number(content.len()).to_le_bytes());
    header.extend(short(path.len()).to_le_bytes());
    header.extend([0; 2]);
    header
}

fn end(entries: usize, directory: usize, offset: usize) -> Vec<u8> {
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend(short(entries).to_le_bytes());
    end.extend(short(entries).to_le_bytes());
    end.extend(number(directory).to_le_bytes());
    end.extend(number(offset).to_le_bytes());
    end.extend([0; 2]);
    end
}

fn number(value: usize) -> u32 {
    u32::try_from(value).expect("a test's package is small")
}

fn short(value: usize) -> u16 {
    u16::try_from(value).expect("a test's package has short paths and few files")
}
