//! The first step: the source is opened, looked into and, where that is possible, hashed.

use super::error::ImportError;
use super::request::ImportJob;
use crate::recognition::Recognised;
use crate::source::{Chosen, Download, DownloadError, FileSource, failure_of};
use labwright_archive::{
    ArchiveFacts, Decoding, InspectError, InspectLimits, Shape, decoder, inspect, zstd_sizes,
};
use labwright_engine::Store;
use labwright_jobs::{CancelToken, Step, Unit};
use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

/// The source, open and looked into.
pub(super) struct Opened {
    pub(super) name: String,
    pub(super) length: Option<u64>,
    pub(super) facts: ArchiveFacts,
    pub(super) recognised: Recognised,
    pub(super) file: Option<FileSource>,
    /// The whole source, if it is no file: a download with what was read of it already, or the
    /// archive that an engine makes.
    pub(super) stream: Option<Box<dyn Read + Send + Sync>>,
    /// What is waited for when the source gives nothing; the source itself without it.
    pub(super) waiting_for: Option<String>,
    /// The images that the archive must bring, in a copy.
    pub(super) wanted: Vec<Chosen>,
    /// Decoded sizes of zstd layers, where the engine needs them decoded.
    pub(super) zstd_sizes: BTreeMap<String, u64>,
    /// The SHA-256, where it is known before anything is sent.
    pub(super) sha256: Option<String>,
}

/// Opens a local file: its content is known and hashed before anything is sent.
pub(super) fn file(
    job: &ImportJob,
    step: &Step,
    cancel: &CancelToken,
) -> Result<Opened, ImportError> {
    let file = FileSource::open(Path::new(&job.request.source))?;
    let length = file.length();
    step.progress(0, Some(length), Unit::Bytes);
    let name = job.source_name().to_owned();
    let inspected = inspect(
        file.reader()?,
        &job.rules.wanted_files(),
        InspectLimits::default(),
    );
    let facts = inspected.map_err(|source| ImportError::Inspect {
        name: name.clone(),
        source,
    })?;
    let hashed = file.sha256(|done| {
        step.progress(done, Some(length), Unit::Bytes);
        !cancel.is_cancelled()
    })?;
    let sha256 = hashed.ok_or(ImportError::Cancelled)?;
    let recognised = job
        .rules
        .recognise(&name, Some(&facts), job.request.kind.as_deref());
    let zstd_sizes =
        layer_sizes(job, &facts, &file, cancel).map_err(|source| ImportError::Inspect {
            name: name.clone(),
            source: InspectError::Read(source),
        })?;
    Ok(Opened {
        name,
        length: Some(length),
        facts,
        recognised,
        file: Some(file),
        stream: None,
        waiting_for: None,
        wanted: Vec::new(),
        zstd_sizes,
        sha256: Some(sha256),
    })
}

/// The reference that the image gets if none is given; none where the archive's own names are kept.
pub(crate) fn proposed_reference(facts: &ArchiveFacts, recognised: &Recognised) -> Option<String> {
    let is_image = *facts.shape.innermost() != Shape::RootFileSystem;
    if !is_image || recognised.kind.is_some() {
        return Some(recognised.reference.clone());
    }
    match facts.own_references.as_slice() {
        [own] => Some(own.clone()),
        _ => None,
    }
}

/// A classic store cannot decode zstd layers, so they are decoded here; a first pass learns their
/// sizes.
fn layer_sizes(
    job: &ImportJob,
    facts: &ArchiveFacts,
    file: &FileSource,
    cancel: &CancelToken,
) -> io::Result<BTreeMap<String, u64>> {
    let outermost = !matches!(facts.shape, Shape::Nested { .. });
    if job.engine.info().store != Store::Classic || !facts.has_blobs || !outermost {
        return Ok(BTreeMap::new());
    }
    let input = BufReader::new(file.reader().map_err(io::Error::other)?);
    let decoded =
        decoder(input, facts.compression, Decoding { threads: 1 }).map_err(io::Error::other)?;
    zstd_sizes(decoded, &|| cancel.is_cancelled())
}

/// Looks into the beginning of a download, and keeps what was read.
pub(super) fn download(
    job: &ImportJob,
    mut download: Download,
    step: &Step,
) -> Result<Opened, ImportError> {
    let name = download.name.clone();
    let length = download.length;
    let mut recorder = Recorder {
        input: &mut download,
        record: Vec::new(),
        length,
        step,
        failure: None,
    };
    let inspected = inspect(
        &mut recorder,
        &job.rules.wanted_files(),
        InspectLimits::default(),
    );
    let Recorder {
        record, failure, ..
    } = recorder;
    if let Some(failure) = failure.and_then(failure_of::<DownloadError>) {
        return Err(failure.into());
    }
    let facts = inspected.map_err(|source| ImportError::Inspect {
        name: name.clone(),
        source,
    })?;
    let recognised = job
        .rules
        .recognise(&name, Some(&facts), job.request.kind.as_deref());
    let sha256 = job
        .request
        .sha256
        .as_ref()
        .map(|given| given.to_ascii_lowercase());
    Ok(Opened {
        name,
        length,
        facts,
        recognised,
        file: None,
        stream: Some(Box::new(Cursor::new(record).chain(download))),
        waiting_for: None,
        wanted: Vec::new(),
        zstd_sizes: BTreeMap::new(),
        sha256,
    })
}

/// Keeps what is read, so that it can be read once more; and why reading failed.
struct Recorder<'a> {
    input: &'a mut Download,
    record: Vec<u8>,
    length: Option<u64>,
    step: &'a Step,
    failure: Option<io::Error>,
}

impl Read for Recorder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.input.read(buffer) {
            Ok(count) => {
                self.record.extend_from_slice(&buffer[..count]);
                self.step
                    .progress(self.record.len() as u64, self.length, Unit::Bytes);
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
