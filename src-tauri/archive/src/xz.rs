//! Parallel decoding of .xz: several blocks at once, any number of streams, padding between them.

use std::io::{self, BufRead, Read};
use xz2::stream::{Action, MtStreamBuilder, Status, Stream};

/// Memory that blocks decoded side by side may take. An archive with larger blocks is decoded on
/// fewer threads, so that the whole program stays under 256 MiB.
const THREADING_MEMORY: u64 = 150 << 20;
/// Memory beyond which a stream is refused: the largest dictionary that xz's own presets use is
/// 64 MiB, and the format allows 4 GiB.
const MEMORY_LIMIT: u64 = 200 << 20;
/// How long one call may wait for the worker threads before it returns, in milliseconds.
const PATIENCE: u32 = 100;

/// A reader of the decoded content of an .xz file.
pub(crate) struct XzReader<R> {
    input: R,
    stream: Option<Stream>,
    threads: u32,
}

impl<R: BufRead> XzReader<R> {
    /// Decodes `input`, with at most `threads` blocks at once.
    pub(crate) fn new(input: R, threads: usize) -> io::Result<Self> {
        let threads = u32::try_from(threads).unwrap_or(1).max(1);
        Ok(Self {
            input,
            stream: Some(new_stream(threads)?),
            threads,
        })
    }

    /// Skips the padding after a stream, and starts on the next stream if there is one.
    fn next_stream(&mut self) -> io::Result<()> {
        let mut padding = 0_u64;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let zeros = buffer.iter().take_while(|byte| **byte == 0).count();
            let more_follows = zeros < buffer.len();
            self.input.consume(zeros);
            padding += zeros as u64;
            if more_follows {
                check_padding(padding)?;
                self.stream = Some(new_stream(self.threads)?);
                return Ok(());
            }
        }
        check_padding(padding)
    }
}

/// Source: the .xz file format, section 2.2: stream padding is a multiple of four zero bytes.
fn check_padding(length: u64) -> io::Result<()> {
    if length.is_multiple_of(4) {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidData,
        "the padding after an xz stream is not a multiple of four bytes",
    ))
}

fn new_stream(threads: u32) -> io::Result<Stream> {
    MtStreamBuilder::new()
        .threads(threads)
        .timeout_ms(PATIENCE)
        .memlimit_threading(THREADING_MEMORY)
        .memlimit_stop(MEMORY_LIMIT)
        .decoder()
        .map_err(io::Error::from)
}

impl<R: BufRead> Read for XzReader<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        if output.is_empty() {
            return Ok(0);
        }
        loop {
            let Some(stream) = &mut self.stream else {
                return Ok(0);
            };
            let input = self.input.fill_buf()?;
            let at_end = input.is_empty();
            let action = if at_end { Action::Finish } else { Action::Run };
            let (before_in, before_out) = (stream.total_in(), stream.total_out());
            let status = stream.process(input, output, action).map_err(explain)?;
            let consumed = usize::try_from(stream.total_in() - before_in).unwrap_or(usize::MAX);
            let produced = usize::try_from(stream.total_out() - before_out).unwrap_or(usize::MAX);
            self.input.consume(consumed);
            match status {
                Status::StreamEnd => {
                    self.stream = None;
                    self.next_stream()?;
                }
                Status::MemNeeded if at_end && produced == 0 => return Err(cut_short()),
                _ => {}
            }
            if produced > 0 {
                return Ok(produced);
            }
        }
    }
}

fn cut_short() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the xz stream ends early")
}

fn explain(error: xz2::stream::Error) -> io::Error {
    match error {
        xz2::stream::Error::MemLimit => io::Error::other(format!(
            "the xz stream needs a dictionary of more than {} MiB",
            MEMORY_LIMIT >> 20
        )),
        xz2::stream::Error::Data => {
            io::Error::new(io::ErrorKind::InvalidData, "the xz data is corrupt")
        }
        other => io::Error::from(other),
    }
}
