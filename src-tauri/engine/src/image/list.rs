//! Listing the images, and who uses them.

use std::{collections::BTreeMap, time::Duration};

use bollard::query_parameters::ListImagesOptions;
use serde::Deserialize;
use tokio::time::sleep;

use super::detail::real_names;
use crate::{Engine, EngineError, ImageId, ImageSummary, RequestError};

/// How often a list is asked for while what it lists goes.
const LIST_TRIES: u32 = 20;
/// And how long is waited in between.
const LIST_PAUSE: Duration = Duration::from_millis(50);

/// A container, as far as it concerns its image. bollard's own type refuses states that Podman
/// reports.
#[derive(Deserialize)]
struct Container {
    #[serde(rename = "Id", default)]
    id: String,
    #[serde(rename = "Names", default)]
    names: Option<Vec<String>>,
    #[serde(rename = "ImageID", default)]
    image: String,
}

impl Engine {
    /// All images that a person would want to see: with a name, or used, or left over; not the
    /// layers between.
    pub async fn images(&self) -> Result<Vec<ImageSummary>, EngineError> {
        let images = self.list().await?;
        let used_by = self.containers_by_image().await?;
        let summary = |image: bollard::models::ImageSummary| {
            let id: ImageId = image.id.parse().ok()?;
            Some(ImageSummary {
                references: real_names(image.repo_tags),
                size: u64::try_from(image.size).unwrap_or_default(),
                created: image.created,
                labels: image.labels.into_iter().collect(),
                used_by: used_by.get(&id).cloned().unwrap_or_default(),
                id,
            })
        };
        Ok(images.into_iter().filter_map(summary).collect())
    }

    /// Engines look at one image after the other while they list. Where one goes meanwhile, Podman
    /// and Docker's containerd store give no list at all: they are asked again.
    async fn list(&self) -> Result<Vec<bollard::models::ImageSummary>, EngineError> {
        let mut tries = Tries::default();
        loop {
            let options = Some(ListImagesOptions::default());
            let listed = self.connection().docker().list_images(options).await;
            match listed.map_err(RequestError::from) {
                Ok(images) => return Ok(images),
                Err(error) if tries.again(&error).await => {}
                Err(error) => return Err(self.not_listed(error)),
            }
        }
    }

    /// The names of all containers, running or not, by the image they were made from.
    pub(super) async fn containers_by_image(
        &self,
    ) -> Result<BTreeMap<ImageId, Vec<String>>, EngineError> {
        let mut tries = Tries::default();
        let containers = loop {
            let asked = self
                .connection()
                .get::<Vec<Container>>("/containers/json", &[("all", "1")]);
            match asked.await {
                Ok(containers) => break containers,
                Err(error) if tries.again(&error).await => {}
                Err(error) => return Err(self.containers_not_listed(error)),
            }
        };
        let mut used_by: BTreeMap<ImageId, Vec<String>> = BTreeMap::new();
        for container in containers {
            if let Ok(image) = container.image.parse() {
                used_by
                    .entry(image)
                    .or_default()
                    .push(container.shown_name());
            }
        }
        Ok(used_by)
    }

    pub(crate) fn containers_not_listed(&self, source: RequestError) -> EngineError {
        let action = || "list its containers".to_owned();
        EngineError::of_request(self, action, source, |source| EngineError::ListContainers {
            engine: self.title().to_owned(),
            source,
        })
    }

    fn not_listed(&self, source: RequestError) -> EngineError {
        let action = || "list its images".to_owned();
        EngineError::of_request(self, action, source, |source| EngineError::ListImages {
            engine: self.title().to_owned(),
            source,
        })
    }
}

/// How often a list was asked for.
#[derive(Default)]
struct Tries(u32);

impl Tries {
    /// Whether to ask again, after a moment: something of the list was gone before it was done.
    async fn again(&mut self, error: &RequestError) -> bool {
        // Podman 4.3 answers 500, Docker 28.5 with the containerd store 404.
        const WORDS: [&str; 4] = ["not known", "not found", "no such", "does not exist"];
        let message = error.message().unwrap_or_default().to_lowercase();
        let went = WORDS.iter().any(|words| message.contains(words));
        self.0 += 1;
        if !went || self.0 >= LIST_TRIES {
            return false;
        }
        tracing::debug!(%error, "something went while it was listed");
        sleep(LIST_PAUSE).await;
        true
    }
}

impl Container {
    /// Docker writes a slash before a name.
    fn shown_name(self) -> String {
        let name = self.names.into_iter().flatten().next().unwrap_or(self.id);
        name.trim_start_matches('/').to_owned()
    }
}
