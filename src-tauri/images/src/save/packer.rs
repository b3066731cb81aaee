//! The way from an archive to a file: compressed, counted and hashed while it is written.

use super::packing::Packing;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::{self, BufWriter, Write};
use std::num::NonZero;

/// What is handed to the system at once.
const BUFFER: usize = 512 << 10;
/// zstd's own usual level: its window of 2 MiB bounds what each of its threads keeps.
const ZSTD_LEVEL: i32 = 3;

/// Compresses what is written to it.
pub(super) enum Packer<W: Write> {
    Plain(BufWriter<Hashing<W>>),
    Gzip(Box<GzEncoder<BufWriter<Hashing<W>>>>),
    Zstd(Box<zstd::stream::write::Encoder<'static, BufWriter<Hashing<W>>>>),
}

/// What was written in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed {
    /// In bytes.
    pub(super) size: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
}

impl<W: Write> Packer<W> {
    pub(super) fn new(packing: Packing, output: W) -> io::Result<Self> {
        let output = BufWriter::with_capacity(BUFFER, Hashing::new(output));
        Ok(match packing {
            Packing::Plain => Self::Plain(output),
            Packing::Gzip => {
                let level = flate2::Compression::default();
                Self::Gzip(Box::new(GzEncoder::new(output, level)))
            }
            Packing::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(output, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
                encoder.multithread(u32::try_from(threads).unwrap_or(1))?;
                Self::Zstd(Box::new(encoder))
            }
        })
    }

    /// Writes what the compression kept back.
    pub(super) fn finish(self) -> io::Result<Packed> {
        let output = match self {
            Self::Plain(output) => output,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        };
        let mut hashing = output
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        hashing.output.flush()?;
        Ok(Packed {
            size: hashing.size,
            sha256: hex::encode(hashing.hash.finalize()),
        })
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(output) => output.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(output) => output.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}

/// Counts and hashes what is written.
pub(super) struct Hashing<W> {
    output: W,
    hash: Sha256,
    size: u64,
}

impl<W> Hashing<W> {
    fn new(output: W) -> Self {
        Self {
            output,
            hash: Sha256::new(),
            size: 0,
        }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.output.write(bytes)?;
        self.hash.update(&bytes[..count]);
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use labwright_archive::{Compression, Decoding, decoder};
    use std::io::Read;

    #[test]
    fn what_was_packed_is_told_and_comes_back() {
        let content = b"all work and no play ".repeat(40_000);
        for (packing, compression) in [
            (Packing::Plain, Compression::None),
            (Packing::Gzip, Compression::Gzip),
            (Packing::Zstd, Compression::Zstd),
        ] {
            let mut written = Vec::new();
            let mut packer = Packer::new(packing, &mut written).unwrap();
            for piece in content.chunks(70_001) {
                packer.write_all(piece).unwrap();
            }
            let told = packer.finish().unwrap();
            assert_eq!(told.size, written.len() as u64, "{packing}");
            assert_eq!(
                told.sha256,
                hex::encode(Sha256::digest(&written)),
                "{packing}"
            );
            let decoding = Decoding { threads: 1 };
            let mut decoded = decoder(&written[..], compression, decoding).unwrap();
            let mut back = Vec::new();
            decoded.read_to_end(&mut back).unwrap();
            assert!(back == content, "{packing}");
        }
    }
}
