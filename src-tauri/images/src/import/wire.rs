//! In what form a body travels to the engine: decoded, or compressed again where that is faster on this link.

use super::coded::{Coded, Coding};
use labwright_engine::{EngineInfo, Store};
use std::fmt;
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// How much of what is decoded is compressed to see what comes of it, in bytes.
pub(super) const SAMPLE: u64 = 8 << 20;
/// What it must gain at least, in hundredths of the link's rate: a sample is not the whole, and a link's rate varies.
const GAIN: u64 = 25;
/// The first version of Docker's API whose engines read zstd in any store: Docker 23.
const ZSTD_SINCE: (u32, u32) = (1, 42);

/// How the form of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// It is known.
    Known(Coding),
    /// It is the plain one or this, whichever is faster.
    Faster {
        /// How many bytes a second reach the engine.
        link: u64,
        /// What the engine reads.
        coding: Coding,
    },
}

/// What compressing the beginning of a body was like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// Bytes before.
    pub(super) decoded: u64,
    /// Bytes after.
    pub(super) coded: u64,
    /// How long it took.
    pub(super) taken: Duration,
}

/// The form that was found to be faster, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    /// The form.
    pub(super) coding: Coding,
    tried: Coding,
    /// Decoded bytes that reach the engine in a second.
    plain: u64,
    /// The same, compressed on the way.
    compressed: u64,
}

/// The best compression that an engine reads in a body, by its store and by what the body is.
///
/// Measured with Docker 20.10 and 28.5 and Podman 4.3. A classic store before Docker 23 refuses zstd. Podman 4.3 makes
/// an image of a root file system in zstd, but takes the digest of the compressed form for the layer's; and it does not
/// load an archive of images in gzip.
pub(super) fn best_coding(info: &EngineInfo, is_archive: bool) -> Coding {
    match info.store {
        Store::Containerd => Coding::Zstd,
        Store::Classic if api_version(info) >= ZSTD_SINCE => Coding::Zstd,
        Store::Podman if is_archive => Coding::Zstd,
        Store::Classic | Store::Podman => Coding::Gzip,
    }
}

fn api_version(info: &EngineInfo) -> (u32, u32) {
    let (major, minor) = info.api_version.split_once('.').unwrap_or_default();
    let number = |text: &str| text.parse().unwrap_or(0);
    (number(major), number(minor))
}

/// What brings more decoded bytes in a second to the engine: on the one hand the link; on the other the compression, or
/// the link with what compression leaves.
pub(super) fn choose(link: u64, coding: Coding, sample: Sample) -> Choice {
    let per_second = |bytes: u64, taken: Duration| {
        let rate = u128::from(bytes) * 1_000_000 / taken.as_micros().max(1);
        u64::try_from(rate).unwrap_or(u64::MAX)
    };
    let carried = u128::from(link) * u128::from(sample.decoded) / u128::from(sample.coded.max(1));
    let carried = u64::try_from(carried).unwrap_or(u64::MAX);
    let compressed = per_second(sample.decoded, sample.taken).min(carried);
    let is_faster = compressed > link.saturating_add(link / 100 * GAIN);
    Choice {
        coding: if is_faster { coding } else { Coding::Plain },
        tried: coding,
        plain: link,
        compressed,
    }
}

/// Compresses the beginning of a body, and throws it away.
pub(super) fn try_out(coding: Coding, head: &[u8]) -> io::Result<Sample> {
    let begun = Instant::now();
    let mut output = Coded::new(coding, Counted(0))?;
    output.write_all(head)?;
    output.end()?;
    Ok(Sample {
        decoded: head.len() as u64,
        coded: output.get_ref().0,
        taken: begun.elapsed(),
    })
}

impl fmt::Display for Choice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (plain, compressed) = (Rate(self.plain), Rate(self.compressed));
        write!(
            out,
            "sending {plain}; compressed it would be {compressed}: "
        )?;
        match self.coding {
            Coding::Plain => write!(out, "sending as it is, not with {}", self.tried),
            coding => write!(out, "compressing with {coding}"),
        }
    }
}

/// Bytes in a second, for people.
struct Rate(u64);

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KIB: u64 = 1 << 10;
        const MIB: u64 = 1 << 20;
        match self.0 {
            rate if rate < MIB => write!(out, "{} KiB/s", rate / KIB),
            rate if rate < 10 * MIB => {
                write!(out, "{}.{} MiB/s", rate / MIB, rate % MIB * 10 / MIB)
            }
            rate => write!(out, "{} MiB/s", rate / MIB),
        }
    }
}

/// Output that is only counted.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
