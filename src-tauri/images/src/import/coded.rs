//! Writing in gzip, in zstd, or as it is.

use flate2::write::GzEncoder;
use std::fmt;
use std::io::{self, Write};

/// The fastest regular level of both.
const LEVEL: i32 = 1;

/// The form of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// As it is decoded.
    Plain,
    /// In gzip.
    Gzip,
    /// In zstd.
    Zstd,
}

impl fmt::Display for Coding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Plain => "nothing",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// Writes in a form. Only [`end`](Self::end) ends it: what is dropped before is visibly cut.
pub(super) enum Coded<W: Write> {
    /// As it is.
    Plain(W),
    /// In gzip.
    Gzip(Box<GzEncoder<Closing<W>>>),
    /// In zstd.
    Zstd(Box<zstd::stream::write::Encoder<'static, W>>),
}

impl<W: Write> Coded<W> {
    pub(super) fn new(coding: Coding, output: W) -> io::Result<Self> {
        Ok(match coding {
            Coding::Plain => Self::Plain(output),
            Coding::Gzip => {
                let open = Closing {
                    output,
                    closed: false,
                };
                let level = flate2::Compression::new(LEVEL.unsigned_abs());
                Self::Gzip(Box::new(GzEncoder::new(open, level)))
            }
            Coding::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(output, LEVEL)?;
                encoder.multithread(1)?;
                Self::Zstd(Box::new(encoder))
            }
        })
    }

    /// What is written to.
    pub(super) fn get_ref(&self) -> &W {
        match self {
            Self::Plain(output) => output,
            Self::Gzip(encoder) => &encoder.get_ref().output,
            Self::Zstd(encoder) => encoder.get_ref(),
        }
    }

    /// Writes the end, and all that was kept back.
    pub(super) fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(output) => output.flush(),
            Self::Gzip(encoder) => {
                encoder.try_finish()?;
                encoder.get_mut().output.flush()
            }
            Self::Zstd(encoder) => {
                encoder.do_finish()?;
                encoder.get_mut().flush()
            }
        }
    }
}

impl<W: Write> Write for Coded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(output) => output.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    /// Nothing is sent early: the libraries above flush often.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Drop for Coded<W> {
    /// The encoder of gzip ends what it wrote when it is dropped, as if it was whole.
    fn drop(&mut self) {
        if let Self::Gzip(encoder) = self {
            encoder.get_mut().closed = true;
        }
    }
}

/// Output that takes nothing any more once it is closed.
pub(super) struct Closing<W> {
    output: W,
    closed: bool,
}

impl<W: Write> Write for Closing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests;
