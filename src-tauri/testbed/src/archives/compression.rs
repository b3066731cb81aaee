//! Every compression an image file comes in, with the shapes that trip decoders.

use std::io::{self, BufRead, BufReader, Cursor, Read, Write};

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use lz4_flex::frame::FrameEncoder;
use xz2::stream::{Check, LzmaOptions, MtStreamBuilder, Stream};
use xz2::write::XzEncoder;

/// Bytes of the source in each member, stream or frame of the shapes that have several.
const PART: u64 = 1 << 20;

/// A compression and its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// As it is.
    None,
    /// One gzip member.
    Gzip,
    /// A gzip member per MiB, as `pigz -i` or `cat a.gz b.gz` make.
    GzipMultiMember,
    /// One .xz stream of blocks with their sizes in the headers, as `xz -T0` makes.
    Xz {
        /// Bytes of the source in each block.
        block_size: u64,
        /// Encoding threads.
        threads: u32,
    },
    /// One .xz stream per MiB.
    XzMultiStream,
    /// As [`XzMultiStream`](Self::XzMultiStream), with zero bytes (a multiple of four) after every stream.
    XzPadded,
    /// One .xz stream of one block without sizes, as plain `xz` before 5.6 makes.
    XzSingleBlock,
    /// The old .lzma format, which has no magic number.
    Lzma,
    /// One zstd frame.
    Zstd,
    /// A zstd frame per MiB, as `pzstd` makes.
    ZstdMultiFrame,
    /// One bzip2 stream.
    Bzip2,
    /// A bzip2 stream per MiB, as `pbzip2` makes.
    Bzip2MultiMember,
    /// One lz4 frame.
    Lz4,
}

impl Compression {
    /// One of each, for a matrix. The multi-block .xz has blocks of 256 KiB, so that a small file has several.
    pub const ALL: [Self; 13] = [
        Self::None,
        Self::Gzip,
        Self::GzipMultiMember,
        Self::Xz {
            block_size: 256 << 10,
            threads: 2,
        },
        Self::XzMultiStream,
        Self::XzPadded,
        Self::XzSingleBlock,
        Self::Lzma,
        Self::Zstd,
        Self::ZstdMultiFrame,
        Self::Bzip2,
        Self::Bzip2MultiMember,
        Self::Lz4,
    ];

    /// What a file name ends in: `tar`, `tar.gz` …
    pub const fn extension(self) -> &'static str {
        match self {
            Self::None => "tar",
            Self::Gzip | Self::GzipMultiMember => "tar.gz",
            Self::Xz { .. } | Self::XzMultiStream | Self::XzPadded | Self::XzSingleBlock => {
                "tar.xz"
            }
            Self::Lzma => "tar.lzma",
            Self::Zstd | Self::ZstdMultiFrame => "tar.zst",
            Self::Bzip2 | Self::Bzip2MultiMember => "tar.bz2",
            Self::Lz4 => "tar.lz4",
        }
    }

    /// `bytes`, compressed.
    pub fn compress(self, bytes: &[u8]) -> Vec<u8> {
        let mut compressed = Vec::new();
        self.compress_stream(Cursor::new(bytes), &mut compressed)
            .expect("compressing in memory does not fail");
        compressed
    }

    /// Compresses all of `reader` into `writer`, in bounded memory.
    pub fn compress_stream<R: Read, W: Write>(self, reader: R, mut writer: W) -> io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        match self.gap() {
            None => self.one(&mut reader, &mut writer)?,
            Some(gap) => loop {
                self.one(&mut reader.by_ref().take(PART), &mut writer)?;
                writer.write_all(gap)?;
                if reader.fill_buf()?.is_empty() {
                    break;
                }
            },
        }
        writer.flush()
    }

    /// What stands after each part of the shapes that have several.
    const fn gap(self) -> Option<&'static [u8]> {
        match self {
            Self::GzipMultiMember
            | Self::XzMultiStream
            | Self::ZstdMultiFrame
            | Self::Bzip2MultiMember => Some(&[]),
            Self::XzPadded => Some(&[0; 12]),
            _ => None,
        }
    }

    /// One complete member, stream or frame of all that `reader` has.
    fn one<R: Read, W: Write>(self, reader: &mut R, writer: &mut W) -> io::Result<()> {
        match self {
            Self::None => io::copy(reader, writer).map(drop),
            Self::Gzip | Self::GzipMultiMember => {
                let mut encoder = GzEncoder::new(writer, flate2::Compression::new(6));
                io::copy(reader, &mut encoder)?;
                encoder.finish().map(drop)
            }
            Self::Xz { .. }
            | Self::XzMultiStream
            | Self::XzPadded
            | Self::XzSingleBlock
            | Self::Lzma => {
                let mut encoder = XzEncoder::new_stream(writer, self.lzma_stream()?);
                io::copy(reader, &mut encoder)?;
                encoder.finish().map(drop)
            }
            Self::Zstd | Self::ZstdMultiFrame => {
                let mut encoder = zstd::Encoder::new(writer, 3)?;
                io::copy(reader, &mut encoder)?;
                encoder.finish().map(drop)
            }
            Self::Bzip2 | Self::Bzip2MultiMember => {
                let mut encoder = BzEncoder::new(writer, bzip2::Compression::new(6));
                io::copy(reader, &mut encoder)?;
                encoder.finish().map(drop)
            }
            Self::Lz4 => {
                let mut encoder = FrameEncoder::new(writer);
                io::copy(reader, &mut encoder)?;
                encoder.finish().map(drop).map_err(io::Error::other)
            }
        }
    }

    /// An encoder of the xz family. Presets are low: the shape matters here, not the size.
    fn lzma_stream(self) -> io::Result<Stream> {
        let stream = match self {
            Self::Xz {
                block_size,
                threads,
            } => MtStreamBuilder::new()
                .preset(1)
                .check(Check::Crc64)
                .threads(threads)
                .block_size(block_size)
                .encoder(),
            Self::Lzma => {
                LzmaOptions::new_preset(1).and_then(|options| Stream::new_lzma_encoder(&options))
            }
            _ => Stream::new_easy_encoder(1, Check::Crc64),
        };
        stream.map_err(io::Error::from)
    }
}
