//! From the opened source to checked images with their names, or to nothing.

use super::coded::Coding;
use super::error::ImportError;
use super::flow::{Import, parse_reference};
use super::open::Opened;
use super::pump::{Pump, Waits};
use super::temporary;
use super::upload::{self, Upload};
use super::verify::Verified;
use super::wire::{Wire, best_coding};
use crate::labels;
use labwright_archive::{Architecture, Layout, Shape};
use labwright_engine::{ImageReference, ImportSettings, Store};
use std::io::Read;
use std::time::Duration;

/// A cancelled job is gone within two seconds, whatever its engine does.
const CLEANING_LIMIT: Duration = Duration::from_millis(1700);

impl Import {
    /// Sends, verifies and names; or leaves nothing.
    pub(super) async fn transfer(
        &self,
        opened: Opened,
        target: Option<ImageReference>,
    ) -> Result<(Opened, String, Verified), ImportError> {
        let result = self.send_and_verify(opened, target).await;
        if let Err(error) = &result {
            self.clean_up(error).await;
        }
        result
    }

    async fn send_and_verify(
        &self,
        opened: Opened,
        target: Option<ImageReference>,
    ) -> Result<(Opened, String, Verified), ImportError> {
        self.steps.send.start();
        let job = self.context.job.clone();
        let is_image = *opened.facts.shape.innermost() != Shape::RootFileSystem;
        let upload = if is_image {
            Upload::Load
        } else {
            let reference = parse_reference(&temporary::name(&job, 0))?;
            Upload::Import {
                reference,
                settings: Box::new(settings_of(&opened)),
            }
        };
        let engine_title = format!("{} to take more data", self.engine_name());
        self.steps.commit.if_stalled(format!(
            "{} to store the image; it reports nothing while it does",
            self.engine_name()
        ));
        let store = self.engine().info().store;
        let wire = self.wire(is_image).await?;
        let mut opened = opened;
        let input = input_of(&mut opened)?;
        let pump = Pump {
            name: opened.name.clone(),
            input,
            file: opened.file.clone(),
            length: opened.length,
            compression: opened.facts.compression,
            shape: opened.facts.shape.clone(),
            wire,
            zstd_sizes: opened.zstd_sizes.clone(),
            layout: match store {
                Store::Classic => Layout::DockerOnly,
                Store::Containerd => Layout::Any,
                // An OCI layout names its layers by what they are before they are decoded.
                Store::Podman if !opened.zstd_sizes.is_empty() => Layout::DockerOnly,
                Store::Podman => Layout::ManifestFirst,
            },
            architecture: Architecture::from_name(&self.engine().info().architecture),
            temporary: Box::new(move |index| temporary::name(&job, index)),
            limit: self.engine().free_space(),
            expected_sha256: opened.sha256.clone(),
            step: self.steps.send.clone(),
            cancel: self.context.cancel.clone(),
            waits: Waits {
                source: opened
                    .waiting_for
                    .clone()
                    .unwrap_or_else(|| format!("{} to be read", opened.name)),
                engine: engine_title,
            },
        };
        let (pumped, answer) = upload::send(
            self.engine(),
            &upload,
            pump,
            self.steps.commit.clone(),
            &self.context.cancel,
        )
        .await?;
        self.steps.commit.succeed();
        self.steps.verify.start();
        let verified = self.verify(&opened, &pumped, answer, target).await?;
        self.steps.verify.succeed();
        Ok((opened, pumped.sha256, verified))
    }

    /// The form in which the engine gets it. Where the engine is on this machine, nothing is gained by compressing; but a
    /// containerd store compresses root file systems itself, and slower. A link is measured.
    async fn wire(&self, is_archive: bool) -> Result<Wire, ImportError> {
        let info = self.engine().info();
        if info.store == Store::Containerd && !is_archive {
            return Ok(Wire::Known(Coding::Zstd));
        }
        if info.local {
            return Ok(Wire::Known(Coding::Plain));
        }
        let engine = self.engine_name();
        self.steps
            .send
            .if_stalled(format!("{engine} to read a test of the link"));
        match self.unless_cancelled(self.engine().measure_link()).await? {
            Ok(link) => Ok(Wire::Faster {
                link,
                coding: best_coding(info, is_archive),
            }),
            Err(error) => {
                let why = format!("the link could not be measured: {error}; sending as it is");
                self.steps.send.log(why);
                Ok(Wire::Known(Coding::Plain))
            }
        }
    }

    pub(super) async fn remove_temporary(&self) -> Result<(), ImportError> {
        temporary::remove(self.engine(), &self.context.job)
            .await
            .map_err(|error| self.engine_failed(error))
    }

    /// After a failure nothing of this job stays. An engine that is gone, or does not answer, is
    /// swept at the next import.
    async fn clean_up(&self, error: &ImportError) {
        let job = &self.context.job;
        let cleaning = async {
            match error {
                ImportError::Cancelled => {
                    temporary::remove_after_interruption(self.engine(), job).await
                }
                _ => temporary::remove(self.engine(), job).await,
            }
        };
        match tokio::time::timeout(CLEANING_LIMIT, cleaning).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "could not look for what the import left"),
            Err(_) => tracing::warn!("the engine does not say what the import left"),
        }
    }
}

/// The source from its beginning.
fn input_of(opened: &mut Opened) -> Result<Box<dyn Read + Send>, ImportError> {
    Ok(match (&opened.file, opened.stream.take()) {
        (Some(file), _) => Box::new(file.reader()?),
        (None, Some(stream)) => stream,
        (None, None) => Box::new(std::io::empty()),
    })
}

/// What the engine is told of an image that is made from a root file system.
fn settings_of(opened: &Opened) -> ImportSettings {
    let recognised = &opened.recognised;
    ImportSettings {
        labels: labels::of_source(recognised, &opened.name, opened.sha256.as_deref()),
        command: recognised.command.clone(),
        architecture: recognised
            .architecture
            .map(|architecture| architecture.to_string()),
        ..ImportSettings::default()
    }
}
