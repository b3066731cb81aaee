//! Compression bombs: a few megabytes that unpack to whatever size is asked for, made in about a second.

use std::io::{self, Write};

use tar::EntryType;

use super::compression::Compression;
use super::index::{Block, stream_end, stream_header};
use super::rootfs::header;

/// Zeros in each repeated part: the block size of `xz -T0 -6`.
const PART: usize = 24 << 20;
const TAR_BLOCK: u64 = 512;

/// Writes a multi-block .xz of a tar with one file of at least `unpacked` zero bytes.
pub fn xz_bomb(mut writer: impl Write, unpacked: u64) -> io::Result<()> {
    let times = unpacked.div_ceil(PART as u64);
    let first = Block::new(&entry_header(times));
    let zeros = Block::new(&vec![0; PART]);
    let end = Block::new(&tar_end());
    writer.write_all(&stream_header())?;
    writer.write_all(&first.bytes)?;
    for _ in 0..times {
        writer.write_all(&zeros.bytes)?;
    }
    writer.write_all(&end.bytes)?;
    writer.write_all(&stream_end(&[(&first, 1), (&zeros, times), (&end, 1)]))?;
    writer.flush()
}

/// Writes a gzip of many members of a tar with one file of at least `unpacked` zero bytes.
pub fn gzip_bomb(mut writer: impl Write, unpacked: u64) -> io::Result<()> {
    let times = unpacked.div_ceil(PART as u64);
    let zeros = Compression::Gzip.compress(&vec![0; PART]);
    writer.write_all(&Compression::Gzip.compress(&entry_header(times)))?;
    for _ in 0..times {
        writer.write_all(&zeros)?;
    }
    writer.write_all(&Compression::Gzip.compress(&tar_end()))?;
    writer.flush()
}

fn entry_header(times: u64) -> Vec<u8> {
    let mut header = header(EntryType::Regular, 0o644, times * PART as u64);
    header.set_path("opt/zeros").expect("a short name fits");
    header.set_cksum();
    header.as_bytes().to_vec()
}

fn tar_end() -> Vec<u8> {
    vec![0; 2 * usize::try_from(TAR_BLOCK).unwrap_or_default()]
}
