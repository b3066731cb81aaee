//! The blocking half of a save: reads the engine's archive, checks it while it passes by, and
//! compresses and writes it, on its own thread.

use super::error::SaveError;
use super::packer::{Packed, Packer};
use super::packing::Packing;
use crate::source::{EngineImages, failure_of};
use labwright_archive::{ImageEntry, SurveyError, survey};
use labwright_jobs::{CancelToken, Step, Unit};
use std::io::{self, Read, Write};

/// Everything that one run of the writer needs.
pub(super) struct Writer {
    pub(super) images: EngineImages,
    pub(super) output: Box<dyn Write + Send>,
    pub(super) packing: Packing,
    /// What the engine is called.
    pub(super) engine: String,
    /// The images' names, for people.
    pub(super) names: String,
    /// The file, or what the stream is called.
    pub(super) place: String,
    pub(super) step: Step,
    pub(super) cancel: CancelToken,
}

/// What went through.
#[derive(Debug)]
pub(super) struct Written {
    /// The images in the archive, of which everything was there.
    pub(super) entries: Vec<ImageEntry>,
    /// Bytes of the archive.
    pub(super) archive_size: u64,
    pub(super) packed: Packed,
}

impl Writer {
    /// Runs to the end of the archive.
    pub(super) fn run(self) -> Result<Written, SaveError> {
        let write_failed = |source| SaveError::Write {
            place: self.place.clone(),
            source,
        };
        let output = Packer::new(self.packing, self.output).map_err(write_failed)?;
        let mut tee = Tee {
            images: self.images,
            output,
            done: 0,
            step: self.step,
            cancel: self.cancel,
            failure: None,
        };
        let entries = match survey(&mut tee) {
            Ok(entries) => entries,
            Err(source) => {
                return Err(match tee.failure {
                    Some(Failure::Cancelled) => SaveError::Cancelled,
                    Some(Failure::Write(source)) => write_failed(source),
                    Some(Failure::Read(error)) => {
                        failure_of(error).map_or(SaveError::Cancelled, SaveError::Images)
                    }
                    None => not_whole(self.engine, self.names, source),
                });
            }
        };
        let packed = tee.output.finish().map_err(write_failed)?;
        Ok(Written {
            entries,
            archive_size: tee.done,
            packed,
        })
    }
}

fn not_whole(engine: String, images: String, source: SurveyError) -> SaveError {
    SaveError::NotWhole {
        engine,
        images,
        source,
    }
}

/// Whose fault it was that reading ended.
enum Failure {
    Cancelled,
    Read(io::Error),
    Write(io::Error),
}

/// A reader that writes what is read.
struct Tee {
    images: EngineImages,
    output: Packer<Box<dyn Write + Send>>,
    done: u64,
    step: Step,
    cancel: CancelToken,
    failure: Option<Failure>,
}

impl Tee {
    fn pass(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        if self.cancel.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        let count = self.images.read(buffer).map_err(Failure::Read)?;
        let written = self.output.write_all(&buffer[..count]);
        written.map_err(Failure::Write)?;
        self.done += count as u64;
        self.step.progress(self.done, None, Unit::Bytes);
        Ok(count)
    }
}

impl Read for Tee {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.pass(buffer).map_err(|failure| {
            self.failure = Some(failure);
            io::Error::other("the archive goes no further")
        })
    }
}
