//! The blocking half of an import: reads, hashes, decodes, checks and passes on, on its own thread.

use super::coded::{Coded, Coding};
use super::error::ImportError;
use super::wire::{self, SAMPLE, Wire};
use crate::source::FileSource;
use bytes::{Bytes, BytesMut};
use labwright_archive::{
    Architecture, Compression, Decoding, GuardError, Layout, RewriteError, RewriteTarget, Shape,
    TarGuard, decoder, rewrite,
};
use labwright_jobs::{CancelToken, Step, Unit};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read, Write};
use std::num::NonZero;
use std::rc::Rc;
use tokio::sync::mpsc;

/// Bytes per piece that is handed to the engine.
const PIECE: usize = 512 << 10;
/// How much of the source is read at once.
const READ_AHEAD: usize = 512 << 10;
/// The first bytes of an inner archive, to know its compression.
const INNER_HEAD: u64 = 1024;

/// A piece for the engine, or the reason why there will be no more.
pub(super) type Piece = io::Result<Bytes>;

/// Everything that one run of the pump needs.
pub(super) struct Pump {
    pub(super) name: String,
    pub(super) input: Box<dyn Read + Send>,
    /// The file behind the input, if it is one.
    pub(super) file: Option<FileSource>,
    pub(super) length: Option<u64>,
    pub(super) compression: Compression,
    pub(super) shape: Shape,
    /// The form in which the engine gets it.
    pub(super) wire: Wire,
    pub(super) layout: Layout,
    pub(super) zstd_sizes: BTreeMap<String, u64>,
    pub(super) architecture: Option<Architecture>,
    pub(super) temporary: Box<dyn Fn(usize) -> String + Send>,
    pub(super) limit: Option<u64>,
    pub(super) expected_sha256: Option<String>,
    pub(super) step: Step,
    pub(super) cancel: CancelToken,
    pub(super) waits: Waits,
}

/// What the step waits for, should it stall.
#[derive(Debug, Clone)]
pub(super) struct Waits {
    pub(super) source: String,
    pub(super) engine: String,
}

/// What went through.
#[derive(Debug)]
pub(super) struct Pumped {
    pub(super) sha256: String,
    /// The names that the archive gives to its images; one empty list for a root file system.
    pub(super) own_references: Vec<Vec<String>>,
    /// Bytes of file content in a root file system.
    pub(super) content: Option<u64>,
}

/// Why the pump stopped.
#[derive(Debug)]
pub(super) enum PumpError {
    /// The engine stopped reading: its own answer tells why.
    EngineStopped,
    /// Something on our side.
    Ours(Box<ImportError>),
}

impl From<ImportError> for PumpError {
    fn from(error: ImportError) -> Self {
        Self::Ours(Box::new(error))
    }
}

impl Pump {
    /// Runs to the end. The last piece is an error unless the whole source was read and checked,
    /// so that the engine never takes a part for the whole.
    pub(super) fn run(mut self, pieces: &mpsc::Sender<Piece>) -> Result<Pumped, PumpError> {
        let input = std::mem::replace(&mut self.input, Box::new(io::empty()));
        let source = Rc::new(RefCell::new(Tally::new(input, &self)));
        let result = self.pass(&source, pieces);
        if let Err(error) = &result {
            let why = match error {
                PumpError::EngineStopped => "the engine stopped reading".to_owned(),
                PumpError::Ours(error) => error.to_string(),
            };
            // The engine may have gone: then nobody needs to be told.
            let _ = pieces.blocking_send(Err(io::Error::other(why)));
        }
        result
    }

    fn pass(
        &self,
        source: &Rc<RefCell<Tally>>,
        pieces: &mpsc::Sender<Piece>,
    ) -> Result<Pumped, PumpError> {
        let output = PieceWriter::new(pieces.clone(), self.step.clone(), self.waits.clone());
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let input = BufReader::with_capacity(READ_AHEAD, Shared(Rc::clone(source)));
        let mut decoded = decoder(input, self.compression, Decoding { threads })
            .map_err(|error| self.decode(error))?;
        let passed = self
            .pass_shape(&mut decoded, &self.shape, output)
            .and_then(|passed| {
                io::copy(&mut decoded, &mut io::sink()).map_err(Fault::Read)?;
                drop(decoded);
                io::copy(&mut Shared(Rc::clone(source)), &mut io::sink()).map_err(Fault::Read)?;
                Ok(passed)
            });
        let (own_references, content, mut output) =
            passed.map_err(|fault| self.explain(fault, &mut source.borrow_mut()))?;
        let sha256 = self.check_source(&source.borrow())?;
        output
            .end()
            .map_err(|_| self.explain(Fault::Write, &mut source.borrow_mut()))?;
        Ok(Pumped {
            sha256,
            own_references,
            content,
        })
    }

    fn pass_shape(
        &self,
        decoded: &mut dyn Read,
        shape: &Shape,
        output: PieceWriter,
    ) -> Result<Passed, Fault> {
        if let Shape::Nested { entry, inner } = shape {
            return self.pass_nested(decoded, entry, inner, output);
        }
        let (coding, head) = self.coding(decoded)?;
        let mut decoded = Cursor::new(head).chain(decoded);
        let output = Coded::new(coding, output).map_err(|_| Fault::Write)?;
        match shape {
            Shape::RootFileSystem => self.pass_root(&mut decoded, output),
            _ => self.pass_images(&mut decoded, output),
        }
    }

    /// The form in which it is sent, and what was read to find that out.
    fn coding(&self, decoded: &mut dyn Read) -> Result<(Coding, Vec<u8>), Fault> {
        let (link, coding) = match self.wire {
            Wire::Known(coding) => return Ok((coding, Vec::new())),
            Wire::Faster { link, coding } => (link, coding),
        };
        let mut head = Vec::new();
        let reading = decoded.take(SAMPLE).read_to_end(&mut head);
        reading.map_err(Fault::Read)?;
        let tried = wire::try_out(coding, &head).map_err(|_| Fault::Write)?;
        let choice = wire::choose(link, coding, tried);
        self.step.log(choice.to_string());
        Ok((choice.coding, head))
    }

    /// The tar of a root file system, byte for byte up to its end mark.
    fn pass_root(
        &self,
        decoded: &mut dyn Read,
        mut output: Coded<PieceWriter>,
    ) -> Result<Passed, Fault> {
        let mut guard = TarGuard::new(self.limit);
        let mut buffer = vec![0; PIECE];
        loop {
            let count = decoded.read(&mut buffer).map_err(Fault::Read)?;
            if count == 0 {
                break;
            }
            guard.check(&buffer[..count]).map_err(Fault::Guard)?;
            output
                .write_all(&buffer[..count])
                .map_err(|_| Fault::Write)?;
            if guard.finish().is_ok() {
                break;
            }
        }
        guard.finish().map_err(Fault::Guard)?;
        Ok((vec![Vec::new()], Some(guard.content()), output))
    }

    fn pass_images(
        &self,
        decoded: &mut dyn Read,
        mut output: Coded<PieceWriter>,
    ) -> Result<Passed, Fault> {
        let target = RewriteTarget {
            layout: self.layout,
            architecture: self.architecture,
            temporary: &self.temporary,
            limit: self.limit,
            zstd_sizes: self.zstd_sizes.clone(),
        };
        let own_references = rewrite(decoded, &mut output, &target)
            .map_err(|error| output.get_ref().fault(error))?;
        Ok((own_references, None, output))
    }

    /// The archive inside the archive; the rest of the outer one is read for its checksum only.
    fn pass_nested(
        &self,
        decoded: &mut dyn Read,
        entry: &str,
        inner: &Shape,
        output: PieceWriter,
    ) -> Result<Passed, Fault> {
        let mut outer = tar::Archive::new(decoded);
        for file in outer.entries().map_err(Fault::Read)? {
            let mut file = file.map_err(Fault::Read)?;
            if labwright_archive::clean_name(&String::from_utf8_lossy(&file.path_bytes())) != entry
            {
                continue;
            }
            let mut head = Vec::new();
            file.by_ref()
                .take(INNER_HEAD)
                .read_to_end(&mut head)
                .map_err(Fault::Read)?;
            let compression = Compression::of(&head).ok_or(Fault::EntryGone)?;
            let whole = BufReader::with_capacity(READ_AHEAD, Cursor::new(head).chain(file));
            let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
            let mut content =
                decoder(whole, compression, Decoding { threads }).map_err(Fault::Decode)?;
            let passed = self.pass_shape(&mut content, inner, output)?;
            io::copy(&mut content, &mut io::sink()).map_err(Fault::Read)?;
            return Ok(passed);
        }
        Err(Fault::EntryGone)
    }

    /// The source must have been read whole, unchanged, and be the one that was asked for.
    fn check_source(&self, source: &Tally) -> Result<String, PumpError> {
        if let Some(file) = &self.file {
            file.check_unchanged().map_err(ImportError::from)?;
        }
        let found = hex::encode(source.hash.clone().finalize());
        match self
            .expected_sha256
            .as_ref()
            .filter(|wanted| **wanted != found)
        {
            Some(wanted) => Err(ImportError::Sha256 {
                name: self.name.clone(),
                wanted: wanted.clone(),
                found,
            }
            .into()),
            None => Ok(found),
        }
    }

    fn decode(&self, source: labwright_archive::DecodeError) -> PumpError {
        ImportError::Decode {
            name: self.name.clone(),
            source,
        }
        .into()
    }

    /// Finds whose fault it was: the source's, the archive's, or the engine's.
    fn explain(&self, fault: Fault, source: &mut Tally) -> PumpError {
        let name = self.name.clone();
        if self.cancel.is_cancelled() {
            return ImportError::Cancelled.into();
        }
        if let Some(error) = source.failure.take() {
            let failed = match &self.file {
                Some(file) => ImportError::from(file.read_failed(error)),
                None => ImportError::of_stream(error),
            };
            return failed.into();
        }
        match fault {
            Fault::Write => PumpError::EngineStopped,
            Fault::Read(source_error) => ImportError::Corrupt {
                name,
                compression: self.compression,
                at: source.done,
                source: source_error,
            }
            .into(),
            Fault::Guard(source) => ImportError::Guard { name, source }.into(),
            Fault::Rewrite(source) => ImportError::Rewrite { name, source }.into(),
            Fault::Decode(source) => self.decode(source),
            Fault::EntryGone => ImportError::EntryGone {
                name,
                entry: self.shape.to_string(),
            }
            .into(),
        }
    }
}

/// The archive's own references, its content's size, and the output to be ended.
/// That end is held back until the whole source was checked.
type Passed = (Vec<Vec<String>>, Option<u64>, Coded<PieceWriter>);

enum Fault {
    Read(io::Error),
    /// The engine reads no more; its own answer says why.
    Write,
    Guard(GuardError),
    Rewrite(RewriteError),
    Decode(labwright_archive::DecodeError),
    EntryGone,
}

/// The source: counts, hashes and reports what is read, and ends when the job is cancelled.
struct Tally {
    input: Box<dyn Read + Send>,
    hash: Sha256,
    done: u64,
    length: Option<u64>,
    step: Step,
    cancel: CancelToken,
    failure: Option<io::Error>,
}

impl Tally {
    fn new(input: Box<dyn Read + Send>, pump: &Pump) -> Self {
        Self {
            input,
            hash: Sha256::new(),
            done: 0,
            length: pump.length,
            step: pump.step.clone(),
            cancel: pump.cancel.clone(),
            failure: None,
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        match self.input.read(buffer) {
            Ok(count) => {
                self.hash.update(&buffer[..count]);
                self.done += count as u64;
                self.step.progress(self.done, self.length, Unit::Bytes);
                Ok(count)
            }
            Err(error) => {
                let copy = io::Error::new(error.kind(), error.to_string());
                self.failure = Some(error);
                Err(copy)
            }
        }
    }
}

struct Shared(Rc<RefCell<Tally>>);

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

/// Collects bytes into pieces and hands them over; a full channel makes it wait.
struct PieceWriter {
    pieces: mpsc::Sender<Piece>,
    buffer: BytesMut,
    step: Step,
    waits: Waits,
    broken: bool,
}

impl PieceWriter {
    fn new(pieces: mpsc::Sender<Piece>, step: Step, waits: Waits) -> Self {
        step.if_stalled(waits.source.clone());
        Self {
            pieces,
            buffer: BytesMut::with_capacity(PIECE),
            step,
            waits,
            broken: false,
        }
    }

    fn fault(&self, error: RewriteError) -> Fault {
        if self.broken {
            Fault::Write
        } else {
            Fault::Rewrite(error)
        }
    }

    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.buffer, BytesMut::with_capacity(PIECE)).freeze();
        let sent = match self.pieces.try_send(Ok(piece)) {
            Err(mpsc::error::TrySendError::Full(piece)) => {
                self.step.if_stalled(self.waits.engine.clone());
                let sent = self.pieces.blocking_send(piece).is_ok();
                self.step.if_stalled(self.waits.source.clone());
                sent
            }
            other => other.is_ok(),
        };
        self.broken |= !sent;
        if sent {
            Ok(())
        } else {
            Err(io::Error::from(io::ErrorKind::BrokenPipe))
        }
    }
}

impl Write for PieceWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(PIECE - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..count]);
        if self.buffer.len() == PIECE {
            self.send()?;
        }
        Ok(count)
    }

    /// Sends what is collected. Called once, at the end: the libraries above would flush often.
    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            Ok(())
        } else {
            self.send()
        }
    }
}
