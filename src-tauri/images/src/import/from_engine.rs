//! The other source of an import: images that another engine has, in one stream from it.

use super::copy::{CopiedImage, CopyJob, CopyResult};
use super::error::{ImportError, architecture_warning};
use super::flow::Import;
use super::naming::Naming;
use super::open::Opened;
use super::request::{ImportJob, ImportRequest};
use super::verify::Verified;
use crate::source::{Chosen, EngineImages, EngineSourceError, choose, failure_of, list};
use labwright_archive::{Architecture, ArchiveFacts, Compression, InspectError, Shape, zstd_sizes};
use labwright_engine::{Engine, EngineError, ImageDetail, ImageReference, Store, same_reference};
use labwright_jobs::{Step, Unit};
use std::collections::BTreeMap;
use std::io::{self, Read};

/// Where the images of a copy come from.
pub(super) struct CopySource {
    from: Engine,
    references: Vec<String>,
    /// The images' names, for people.
    pub(super) name: String,
}

impl CopySource {
    /// The copy as an import and its source.
    pub(super) fn of(job: CopyJob) -> (ImportJob, Self) {
        let name = list(&job.request.references);
        let request = ImportRequest {
            source: name.clone(),
            reference: None,
            kind: None,
            replace: job.request.replace,
            sha256: None,
            engine: job.request.engine,
        };
        let import = ImportJob {
            engine: job.engine,
            rules: job.rules,
            earlier: Vec::new(),
            request,
        };
        let source = Self {
            from: job.from,
            references: job.request.references,
            name,
        };
        (import, source)
    }
}

impl Import {
    /// Copies. What is there already is not sent again.
    pub(super) async fn run_copy(&self, copy: &CopySource) -> Result<CopyResult, ImportError> {
        let from = &copy.from;
        if from.info().id == self.engine().info().id {
            return Err(ImportError::SameEngine {
                engine: self.engine_name(),
            });
        }
        self.steps.inspect.start();
        self.unless_cancelled(async {
            from.described().await;
            self.engine().described().await;
        })
        .await?;
        let chosen = choose(from, &copy.references);
        let chosen = self.unless_cancelled(chosen).await??;
        self.context
            .reporter
            .subject(list(chosen.iter().map(|it| it.reference.to_string())));
        let (there, wanted) = self.unless_cancelled(self.compare(from, &chosen)).await??;
        if wanted.is_empty() {
            self.nothing_to_send();
            return Ok(self.copied(copy, &chosen, there));
        }
        let opened = self.open_images(from, wanted).await?;
        self.steps.inspect.succeed();
        let (_, _, verified) = self.transfer(opened, None).await?;
        Ok(self.copied(copy, &chosen, [there, images_of(verified)].concat()))
    }

    /// What is there under its name already, and what is to be sent. A name that another image has
    /// is found before anything is sent.
    async fn compare(
        &self,
        from: &Engine,
        chosen: &[Chosen],
    ) -> Result<(Vec<CopiedImage>, Vec<Chosen>), ImportError> {
        let (mut there, mut wanted) = (Vec::new(), Vec::new());
        for chosen in chosen {
            self.describe_image(chosen);
            let other = self.inspect_name(&chosen.reference.to_string()).await?;
            match other {
                Some(other) if self.is_same(from, &chosen.image, &other).await? => {
                    there.push(CopiedImage {
                        reference: chosen.reference.to_string(),
                        image_id: other.id.to_string(),
                        size: other.size,
                        already_there: true,
                        untagged: None,
                    });
                }
                Some(other) if !self.job.request.replace => {
                    return Err(self.taken(&chosen.reference, &other));
                }
                _ => wanted.push(chosen.clone()),
            }
        }
        Ok((there, wanted))
    }

    /// Says what the image is, in one line.
    fn describe_image(&self, chosen: &Chosen) {
        let name = chosen.reference.to_string();
        let last = name.rsplit('/').next().unwrap_or(&name).replace(':', "-");
        let recognised = self.job.rules.by_name(&last);
        let known = recognised.kind.is_some();
        let (title, version) = (recognised.title, recognised.version);
        let mut parts = vec![name];
        parts.extend(Some(title).filter(|_| known));
        parts.extend(version.filter(|_| known));
        parts.push(chosen.image.architecture.clone());
        parts.push(match chosen.image.layers.len() {
            1 => "1 layer".to_owned(),
            count => format!("{count} layers"),
        });
        self.steps.inspect.log(parts.join(" · "));
    }

    async fn is_same(
        &self,
        from: &Engine,
        image: &ImageDetail,
        other: &ImageDetail,
    ) -> Result<bool, ImportError> {
        let ours = from.identity(&image.id).await;
        let ours = ours.map_err(|error| failed_at(from, image, error))?;
        let theirs = self.engine().identity(&other.id).await;
        let theirs = theirs.map_err(|error| self.engine_failed(error))?;
        Ok(ours
            .zip(theirs)
            .is_some_and(|(ours, theirs)| ours.is_same(&theirs)))
    }

    fn nothing_to_send(&self) {
        let why = "the engine has it already";
        self.steps.inspect.log(format!(
            "{} has the same under the same name",
            self.engine_name()
        ));
        self.steps.inspect.succeed();
        for step in [&self.steps.send, &self.steps.commit, &self.steps.verify] {
            step.skip(why);
        }
    }

    /// Begins to read. Layers in zstd, which a containerd store has, are decoded on their way: a
    /// classic store cannot unpack them, and Podman, which can, would never save the image again. The
    /// archive is read once before, because a tar has a layer's size before the layer.
    async fn open_images(&self, from: &Engine, wanted: Vec<Chosen>) -> Result<Opened, ImportError> {
        let (source, target) = (from.info().store, self.engine().info().store);
        let zstd_sizes = match (source, target) {
            (Store::Containerd, Store::Classic | Store::Podman) => {
                self.layer_sizes(from, &wanted).await?
            }
            _ => BTreeMap::new(),
        };
        let images = self.start(from, &wanted).await?;
        let first = wanted.first();
        let facts = ArchiveFacts {
            compression: Compression::None,
            shape: Shape::DockerArchive,
            has_blobs: source == Store::Containerd,
            architecture: first.and_then(|it| Architecture::from_name(&it.image.architecture)),
            own_references: wanted.iter().map(|it| it.spelling.clone()).collect(),
            texts: BTreeMap::new(),
        };
        Ok(Opened {
            name: list(wanted.iter().map(|it| it.reference.to_string())),
            length: None,
            recognised: self.job.rules.by_name(self.name()),
            facts,
            file: None,
            stream: Some(Box::new(images)),
            zstd_sizes,
            sha256: None,
            waiting_for: Some(format!("{} to send more of the images", from.title())),
            wanted,
        })
    }

    async fn start(&self, from: &Engine, wanted: &[Chosen]) -> Result<EngineImages, ImportError> {
        let names: Vec<_> = wanted.iter().map(|it| it.spelling.clone()).collect();
        self.steps.inspect.if_stalled(format!(
            "{} to pack the images; it sends nothing while it does",
            from.title()
        ));
        let images = EngineImages::start(from, &names, self.context.cancel.clone());
        Ok(self.unless_cancelled(images).await??)
    }

    async fn layer_sizes(
        &self,
        from: &Engine,
        wanted: &[Chosen],
    ) -> Result<BTreeMap<String, u64>, ImportError> {
        self.steps.inspect.log(format!(
            "layers in zstd are decoded for {}: the images are read once before, to learn the sizes",
            self.engine_name()
        ));
        let input = Counted {
            images: self.start(from, wanted).await?,
            done: 0,
            step: self.steps.inspect.clone(),
        };
        let (cancel, name) = (self.context.cancel.clone(), self.name().to_owned());
        self.blocking(move || {
            zstd_sizes(input, &|| cancel.is_cancelled()).map_err(|error| unreadable(name, error))
        })
        .await
    }

    /// The names that one image of the archive gets: those that it was asked for by. It must be that
    /// image.
    pub(super) fn names_of_copied(
        &self,
        copy: &CopySource,
        opened: &Opened,
        image: &ImageDetail,
        own: &[String],
    ) -> Result<Vec<ImageReference>, ImportError> {
        let kind = copy.from.info().kind;
        let named = |chosen: &&Chosen| {
            own.iter()
                .any(|own| same_reference(kind, own, &chosen.spelling))
        };
        let chosen: Vec<_> = opened.wanted.iter().filter(named).collect();
        let other = chosen.iter().find(|it| it.image.layers != image.layers);
        match other {
            Some(chosen) => Err(self.unusable(
                opened,
                &format!("its layers are not those of {}", chosen.reference),
            )),
            None => Ok(chosen.into_iter().map(|it| it.reference.clone()).collect()),
        }
    }

    /// Every image that was asked for must have come.
    pub(super) fn check_all_copied(
        &self,
        opened: &Opened,
        namings: &[Naming],
    ) -> Result<(), ImportError> {
        let came = |chosen: &&Chosen| !namings.iter().any(|it| it.reference == chosen.reference);
        match opened.wanted.iter().find(came) {
            Some(missing) => Err(self.unusable(
                opened,
                &format!("{} was not in what came", missing.reference),
            )),
            None => Ok(()),
        }
    }

    fn copied(
        &self,
        copy: &CopySource,
        chosen: &[Chosen],
        mut images: Vec<CopiedImage>,
    ) -> CopyResult {
        let place = |image: &CopiedImage| {
            let mut names = chosen.iter().map(|it| it.reference.to_string());
            names.position(|name| name == image.reference)
        };
        images.sort_by_key(place);
        let (from, to) = (copy.from.info(), self.engine().info());
        let mut warnings: Vec<_> = chosen
            .iter()
            .filter_map(|it| {
                let architecture = Architecture::from_name(&it.image.architecture);
                architecture_warning(architecture, &to.architecture)
            })
            .collect();
        warnings.dedup();
        CopyResult {
            images,
            from: from.name.clone(),
            from_id: from.id.clone(),
            engine: to.name.clone(),
            engine_id: to.id.clone(),
            warnings,
        }
    }
}

fn failed_at(from: &Engine, image: &ImageDetail, error: EngineError) -> ImportError {
    ImportError::Images(EngineSourceError::Engine {
        engine: from.title().to_owned(),
        images: image.id.short().to_owned(),
        source: Box::new(error),
    })
}

fn images_of(verified: Verified) -> Vec<CopiedImage> {
    let images = verified.images;
    let size_of = |id| images.iter().find(|image| image.id == id);
    let copied = verified.namings.into_iter().map(|naming| CopiedImage {
        reference: naming.reference.to_string(),
        image_id: naming.image.to_string(),
        size: size_of(naming.image).map_or(0, |image| image.size),
        already_there: false,
        untagged: naming.before.map(|id| id.to_string()),
    });
    copied.collect()
}

/// The first of two readings, with its progress.
struct Counted {
    images: EngineImages,
    done: u64,
    step: Step,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.images.read(buffer)?;
        self.done += count as u64;
        self.step.progress(self.done, None, Unit::Bytes);
        Ok(count)
    }
}

fn unreadable(name: String, error: io::Error) -> ImportError {
    let source = io::Error::new(error.kind(), error.to_string());
    match failure_of(error) {
        Some(failure) => ImportError::Images(failure),
        None => ImportError::Inspect {
            name,
            source: InspectError::Read(source),
        },
    }
}
