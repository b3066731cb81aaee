//! Decoders behind one type: compressed bytes in, the tar's bytes out.

use super::compression::Compression;
use super::xz::XzReader;
use std::io::{self, BufRead, Read};
use thiserror::Error;

/// Windows larger than this are refused; `zstd --long` uses 128 MiB (2^27).
const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// The dictionary that an .lzma file may ask for.
const LZMA_MEMORY_LIMIT: u64 = 200 << 20;

/// A decoder could not be set up.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// The library refused.
    #[error("the {compression} decoder cannot start")]
    Start {
        /// Which decoder.
        compression: Compression,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// How to decode.
#[derive(Debug, Clone, Copy)]
pub struct Decoding {
    /// How many threads may decode at once, where the format and the file allow it.
    pub threads: usize,
}

/// Wraps `input`, compressed as `compression`, in a reader of the decoded bytes.
///
/// The reader reports an error, never a silent end, if the input is cut short or corrupt as far as
/// the format can tell.
pub fn decoder<'a, R: BufRead + 'a>(
    input: R,
    compression: Compression,
    decoding: Decoding,
) -> Result<Box<dyn Read + 'a>, DecodeError> {
    let start = |source| DecodeError::Start {
        compression,
        source,
    };
    Ok(match compression {
        Compression::None => Box::new(input),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(input)),
        Compression::Xz => Box::new(XzReader::new(input, decoding.threads).map_err(start)?),
        Compression::Lzma => {
            let stream = xz2::stream::Stream::new_lzma_decoder(LZMA_MEMORY_LIMIT)
                .map_err(io::Error::from)
                .map_err(start)?;
            Box::new(xz2::bufread::XzDecoder::new_stream(input, stream))
        }
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(input).map_err(start)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(start)?;
            Box::new(decoder)
        }
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(input)),
        Compression::Lz4 => Box::new(Lz4Frames {
            decoder: lz4_flex::frame::FrameDecoder::new(input),
        }),
    })
}

/// All frames of an LZ4 file. The library's decoder ends at the end of each frame, and takes a cut
/// inside a frame's header for the end.
struct Lz4Frames<R: BufRead> {
    decoder: lz4_flex::frame::FrameDecoder<R>,
}

impl<R: BufRead> Read for Lz4Frames<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.decoder.read(output)?;
            if count > 0 || output.is_empty() || self.decoder.get_mut().fill_buf()?.is_empty() {
                return Ok(count);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
mod tests {
    use super::*;
    use labwright_testbed::archives::Compression as Shape;
    use proptest::prelude::*;
    use std::io::Cursor;

    const ALL: [(Shape, Compression); 14] = [
        (Shape::None, Compression::None),
        (Shape::Gzip, Compression::Gzip),
        (Shape::GzipMultiMember, Compression::Gzip),
        (
            Shape::Xz {
                block_size: 64 << 10,
                threads: 2,
            },
            Compression::Xz,
        ),
        (Shape::XzMultiStream, Compression::Xz),
        (Shape::XzPadded, Compression::Xz),
        (Shape::XzSingleBlock, Compression::Xz),
        (Shape::Lzma, Compression::Lzma),
        (Shape::Zstd, Compression::Zstd),
        (Shape::ZstdMultiFrame, Compression::Zstd),
        (Shape::Bzip2, Compression::Bzip2),
        (Shape::Bzip2MultiMember, Compression::Bzip2),
        (Shape::Lz4, Compression::Lz4),
        (Shape::Lz4, Compression::Lz4),
    ];

    fn decode(bytes: Vec<u8>, compression: Compression) -> io::Result<Vec<u8>> {
        let mut decoded = Vec::new();
        decoder(Cursor::new(bytes), compression, Decoding { threads: 2 })
            .map_err(io::Error::other)?
            .read_to_end(&mut decoded)?;
        Ok(decoded)
    }

    /// A tar of one file with content that compresses a little.
    fn sample(length: usize) -> Vec<u8> {
        let content: Vec<u8> = (0..length)
            .map(|at| u8::try_from((at * at / 7 + at) % 251).unwrap())
            .collect();
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder
            .append_data(&mut header, "file", &content[..])
            .unwrap();
        builder.into_inner().unwrap()
    }

    #[test]
    fn every_shape_is_recognised_and_decoded_whole() {
        let plain = sample(700_000);
        for (shape, compression) in ALL {
            let bytes = shape.compress(&plain);
            assert_eq!(Compression::of(&bytes), Some(compression), "{shape:?}");
            assert!(decode(bytes, compression).unwrap() == plain, "{shape:?}");
        }
    }

    #[test]
    fn a_cut_is_an_error_and_never_an_end() {
        let plain = sample(700_000);
        for (shape, compression) in ALL
            .into_iter()
            .filter(|(_, compression)| *compression != Compression::None)
        {
            let bytes = shape.compress(&plain);
            for keep in [bytes.len() / 3, bytes.len() - 9] {
                let cut = decode(bytes[..keep].to_vec(), compression);
                assert!(
                    cut.as_ref()
                        .map_or(true, |decoded| decoded.len() < plain.len()),
                    "{shape:?}"
                );
                let whole_without_checksum = cut.is_ok();
                assert!(
                    !whole_without_checksum,
                    "{shape:?} cut to {keep} of {}",
                    bytes.len()
                );
            }
        }
    }

    proptest! {
        #[test]
        fn garbage_behind_a_magic_never_panics(index in 0..ALL.len(), tail in proptest::collection::vec(any::<u8>(), 0..4000)) {
            let (shape, compression) = ALL[index];
            let mut bytes = shape.compress(b"start");
            let keep = bytes.len() / 2;
            bytes.truncate(keep);
            bytes.extend(tail);
            let _ = decode(bytes, compression);
        }
    }
}
