//! The steps of a save: Inspect, Save, Verify.

use super::error::SaveError;
use super::packing::Packing;
use super::partial::Partial;
use super::place::Place;
use super::request::{SaveJob, SaveRequest, SaveResult, SaveTarget};
use super::writer::{Writer, Written};
use crate::source::{Chosen, EngineImages, choose, list};
use labwright_archive::ImageEntry;
use labwright_engine::{Engine, Store, same_reference};
use labwright_jobs::{ErrorReport, Failure, JobContext, Step};
use serde_json::Value;
use std::future::Future;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use tokio::task::{JoinHandle, spawn_blocking};

/// How long a cancelled job waits for its thread. One that hangs in a write finds its file gone.
const THREAD_LIMIT: Duration = Duration::from_millis(1500);

/// Does the save, and turns its failure into the job's.
pub(super) async fn run(job: SaveJob, context: JobContext) -> Result<Value, Failure> {
    let SaveJob {
        engine,
        target,
        request,
    } = job;
    let cancel = context.cancel.clone();
    let save = Save::new(engine, request, context);
    match save.run(target).await {
        Ok(result) => serde_json::to_value(result)
            .map_err(|error| Failure::Failed(ErrorReport::of("internal", &error))),
        Err(SaveError::Cancelled) => Err(Failure::Cancelled),
        Err(error) if cancel.is_cancelled() => {
            tracing::debug!(%error, "the save failed while it was cancelled");
            Err(Failure::Cancelled)
        }
        Err(error) => Err(Failure::Failed(error.report())),
    }
}

struct Save {
    engine: Engine,
    request: SaveRequest,
    context: JobContext,
    inspect: Step,
    send: Step,
    verify: Step,
}

/// Where the archive goes, looked at.
enum Output {
    File(Place),
    Stream(Box<dyn Write + Send>),
}

impl Output {
    fn packing(&self) -> Packing {
        match self {
            Self::File(place) => place.packing,
            Self::Stream(_) => Packing::Plain,
        }
    }
}

impl Save {
    fn new(engine: Engine, request: SaveRequest, context: JobContext) -> Self {
        let reporter = &context.reporter;
        Self {
            inspect: reporter.step("Inspect"),
            send: reporter.step("Save"),
            verify: reporter.step("Verify"),
            engine,
            request,
            context,
        }
    }

    async fn run(&self, target: SaveTarget) -> Result<SaveResult, SaveError> {
        self.inspect.start();
        let output = self.output(target)?;
        let chosen = choose(&self.engine, &self.request.references);
        let chosen = self.unless_cancelled(chosen).await??;
        self.describe(&chosen);
        self.check_space(&output, &chosen)?;
        self.inspect.succeed();
        let packing = output.packing();
        let written = match output {
            Output::Stream(stream) => self.write_stream(stream, &chosen).await?,
            Output::File(place) => self.write_file(place, &chosen).await?,
        };
        self.verify.succeed();
        Ok(self.result(packing, written, &chosen))
    }

    fn output(&self, target: SaveTarget) -> Result<Output, SaveError> {
        match (target, &self.request.file) {
            (SaveTarget::Stream(stream), _) => Ok(Output::Stream(stream)),
            (SaveTarget::File, None) => Err(SaveError::NoPlace),
            (SaveTarget::File, Some(file)) => {
                Place::of(Path::new(file), self.request.replace).map(Output::File)
            }
        }
    }

    /// Says what each image is, in one line.
    fn describe(&self, chosen: &[Chosen]) {
        for Chosen {
            reference, image, ..
        } in chosen
        {
            let id = image.id.short();
            self.inspect
                .log(format!("{reference} · {} · {id}", image.architecture));
        }
        let names = chosen.iter().map(|it| it.reference.to_string());
        self.context.reporter.subject(list(names));
    }

    /// A plain archive of a classic store or of Podman has at least the bytes of the image's files.
    /// Of every other one nothing is known before: how well it compresses, or what part of its size
    /// a containerd store counts for what it has unpacked.
    fn check_space(&self, output: &Output, chosen: &[Chosen]) -> Result<(), SaveError> {
        let Output::File(place) = output else {
            return Ok(());
        };
        let known = self.engine.info().store != Store::Containerd;
        // Images may share layers: only the largest is known to be all in it.
        let largest = chosen.iter().map(|it| it.image.size).max();
        match largest.filter(|_| known && place.packing == Packing::Plain) {
            Some(needed) => place.check_space(needed),
            None => Ok(()),
        }
    }

    async fn write_stream(
        &self,
        stream: Box<dyn Write + Send>,
        chosen: &[Chosen],
    ) -> Result<Written, SaveError> {
        let writing = self.begin(Packing::Plain, stream, "the stream".to_owned(), chosen);
        let written = self.wait_for(writing.await?).await?;
        self.send.succeed();
        self.verify.start();
        self.check_names(&written.entries, chosen)?;
        Ok(written)
    }

    async fn write_file(&self, place: Place, chosen: &[Chosen]) -> Result<Written, SaveError> {
        let (packing, path) = (place.packing, place.path.display().to_string());
        let partial = Partial::create(place, &self.context.job)?;
        let file = partial.writer().map_err(|source| SaveError::Write {
            place: path.clone(),
            source,
        })?;
        let writing = self.begin(packing, Box::new(file), path, chosen).await?;
        let written = self.wait_for(writing).await?;
        self.send.succeed();
        self.verify.start();
        self.check_names(&written.entries, chosen)?;
        self.verify
            .if_stalled("the disk to confirm that it has everything");
        let syncing = spawn_blocking(move || partial.sync().map(|()| partial));
        let partial = self.wait_for(syncing).await?;
        // From here on it is not cancelled any more: it is a matter of milliseconds.
        let named = spawn_blocking(move || partial.publish()).await;
        named.map_err(|source| self.fault(source))??;
        Ok(written)
    }

    /// Asks the engine, and begins to write what it sends.
    async fn begin(
        &self,
        packing: Packing,
        output: Box<dyn Write + Send>,
        place: String,
        chosen: &[Chosen],
    ) -> Result<JoinHandle<Result<Written, SaveError>>, SaveError> {
        let engine = self.engine.title();
        self.send.start();
        self.send.if_stalled(format!(
            "{engine} to pack the images; it sends nothing while it does"
        ));
        let spellings: Vec<_> = chosen.iter().map(|it| it.spelling.clone()).collect();
        let images = EngineImages::start(&self.engine, &spellings, self.context.cancel.clone());
        let images = self.unless_cancelled(images).await??;
        self.send
            .if_stalled(format!("{engine} to send more, or {place} to take more"));
        let writer = Writer {
            images,
            output,
            packing,
            engine: engine.to_owned(),
            names: list(&spellings),
            place,
            step: self.send.clone(),
            cancel: self.context.cancel.clone(),
        };
        Ok(spawn_blocking(move || writer.run()))
    }

    /// Waits for a thread; for a moment only once the job is cancelled.
    async fn wait_for<T>(
        &self,
        mut work: JoinHandle<Result<T, SaveError>>,
    ) -> Result<T, SaveError> {
        tokio::select! {
            done = &mut work => done.map_err(|source| self.fault(source))?,
            _ = self.context.cancel.cancelled() => {
                if tokio::time::timeout(THREAD_LIMIT, work).await.is_err() {
                    tracing::warn!("a write hangs");
                }
                Err(SaveError::Cancelled)
            }
        }
    }

    async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, SaveError> {
        tokio::select! {
            done = work => Ok(done),
            _ = self.context.cancel.cancelled() => Err(SaveError::Cancelled),
        }
    }

    /// Every image that was asked for must be in it, under that name.
    fn check_names(&self, entries: &[ImageEntry], chosen: &[Chosen]) -> Result<(), SaveError> {
        let kind = self.engine.info().kind;
        let named = |chosen: &&Chosen| {
            let mut names = entries.iter().flat_map(|entry| &entry.repo_tags);
            names.any(|name| same_reference(kind, name, &chosen.spelling))
        };
        let missing = chosen.iter().filter(|chosen| !named(chosen));
        let missing: Vec<_> = missing.map(|it| it.reference.to_string()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(SaveError::NotNamed {
            engine: self.engine.title().to_owned(),
            missing,
        })
    }

    fn fault(&self, source: tokio::task::JoinError) -> SaveError {
        SaveError::Fault {
            images: list(&self.request.references),
            source,
        }
    }

    fn result(&self, packing: Packing, written: Written, chosen: &[Chosen]) -> SaveResult {
        let info = self.engine.info();
        SaveResult {
            references: chosen.iter().map(|it| it.reference.to_string()).collect(),
            image_ids: chosen.iter().map(|it| it.image.id.to_string()).collect(),
            file: self.request.file.clone(),
            packing,
            size: written.packed.size,
            archive_size: written.archive_size,
            sha256: written.packed.sha256,
            engine: info.name.clone(),
            engine_id: info.id.clone(),
        }
    }
}
