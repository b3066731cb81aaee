//! Compression formats, recognised by their first bytes and never by a file's name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How an archive is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// A plain tar.
    None,
    /// RFC 1952, one or more members.
    Gzip,
    /// The .xz container, one or more streams of one or more blocks.
    Xz,
    /// The older .lzma ("LZMA alone") format.
    Lzma,
    /// RFC 8878, one or more frames.
    Zstd,
    /// bzip2, one or more streams.
    Bzip2,
    /// The LZ4 frame format, one or more frames.
    Lz4,
}

/// First bytes and the compression they announce. Sources: the formats' own specifications.
const MAGICS: [(&[u8], Compression); 6] = [
    (&[0x1f, 0x8b, 0x08], Compression::Gzip),
    (&[0xfd, b'7', b'z', b'X', b'Z', 0x00], Compression::Xz),
    (&[0x28, 0xb5, 0x2f, 0xfd], Compression::Zstd),
    (b"BZh", Compression::Bzip2),
    (&[0x04, 0x22, 0x4d, 0x18], Compression::Lz4),
    (&[0x50, 0x2a, 0x4d, 0x18], Compression::Zstd),
];

impl Compression {
    /// Recognises the compression of data that begins with `head`; 600 bytes are enough.
    ///
    /// `None` means that `head` is neither compressed in a known way nor the start of a tar.
    pub fn of(head: &[u8]) -> Option<Self> {
        if is_tar_header(head) {
            return Some(Self::None);
        }
        MAGICS
            .iter()
            .find(|(magic, _)| head.starts_with(magic))
            .map(|(_, compression)| *compression)
            .or_else(|| is_lzma_alone(head).then_some(Self::Lzma))
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "not compressed",
            Self::Gzip => "gzip",
            Self::Xz => "xz",
            Self::Lzma => "lzma",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Lz4 => "lz4",
        })
    }
}

/// Whether `head` starts with a tar header whose checksum is right, or with a tar of no entries.
pub(crate) fn is_tar_header(head: &[u8]) -> bool {
    let Some(block) = head.get(..512) else {
        return false;
    };
    if block.iter().all(|byte| *byte == 0) {
        return true;
    }
    let header = tar::Header::from_byte_slice(block);
    header.cksum().is_ok_and(|sum| sum == checksum(block))
}

/// The sum over a header block with its checksum field read as spaces (POSIX.1-1988 ustar).
pub(crate) fn checksum(block: &[u8]) -> u32 {
    block
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            if (148..156).contains(&at) {
                32
            } else {
                u32::from(*byte)
            }
        })
        .sum()
}

/// The .lzma format has no magic: a property byte, a dictionary size and a length, all plausible.
///
/// The bounds are those that xz itself uses to tell .lzma from random data: lc/lp/pb in range,
/// a dictionary of 2^n or 2^n + 2^(n-1) bytes, and a length that is unknown or under 256 GiB.
fn is_lzma_alone(head: &[u8]) -> bool {
    let Some(fields) = head.get(..14) else {
        return false;
    };
    let dictionary = u32::from_le_bytes([fields[1], fields[2], fields[3], fields[4]]);
    let mut length = [0; 8];
    length.copy_from_slice(&fields[5..13]);
    let length = u64::from_le_bytes(length);
    fields[0] <= (4 * 5 + 4) * 9 + 8
        && is_dictionary_size(dictionary)
        && (length == u64::MAX || length < 1 << 38)
        && fields[13] == 0
}

fn is_dictionary_size(size: u32) -> bool {
    size == u32::MAX
        || (size >= 4096
            && (size.is_power_of_two() || (size / 3 * 3 == size && (size / 3).is_power_of_two())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn magics_are_recognised() {
        for (magic, compression) in MAGICS {
            let mut head = magic.to_vec();
            head.resize(600, 7);
            assert_eq!(Compression::of(&head), Some(compression));
        }
    }

    #[test]
    fn a_tar_is_recognised_by_its_checksum_and_not_by_its_magic() {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        header.set_cksum();
        assert_eq!(Compression::of(header.as_bytes()), Some(Compression::None));
        let mut broken = *header.as_bytes();
        broken[0] ^= 1;
        assert_eq!(Compression::of(&broken), None);
    }

    #[test]
    fn lzma_needs_a_plausible_header() {
        let mut head = vec![0x5d, 0, 0, 0x80, 0];
        head.extend([0xff; 8]);
        head.extend([0, 1, 2, 3]);
        assert_eq!(Compression::of(&head), Some(Compression::Lzma));
        head[0] = 0xff;
        assert_eq!(Compression::of(&head), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_sniffed_without_panic(head in proptest::collection::vec(any::<u8>(), 0..700)) {
            let _ = Compression::of(&head);
        }

        #[test]
        fn a_magic_decides_whatever_follows(index in 0..MAGICS.len(), tail in proptest::collection::vec(any::<u8>(), 0..700)) {
            let (magic, compression) = MAGICS[index];
            let head = [magic, &tail[..]].concat();
            prop_assume!(!is_tar_header(&head));
            prop_assert_eq!(Compression::of(&head), Some(compression));
        }
    }
}
