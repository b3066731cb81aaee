//! Listing the images, and who uses them.

use std::collections::BTreeMap;

use bollard::query_parameters::ListImagesOptions;
use serde::Deserialize;

use super::detail::real_names;
use crate::{Engine, EngineError, ImageId, ImageSummary, RequestError};

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
        let options = Some(ListImagesOptions::default());
        let images = self.connection().docker().list_images(options).await;
        let images = images.map_err(|error| self.not_listed(error.into()))?;
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

    /// The names of all containers, running or not, by the image they were made from.
    pub(super) async fn containers_by_image(
        &self,
    ) -> Result<BTreeMap<ImageId, Vec<String>>, EngineError> {
        let asked = self
            .connection()
            .get::<Vec<Container>>("/containers/json", &[("all", "1")]);
        let containers = asked.await.map_err(|source| {
            let action = || "list its containers".to_owned();
            EngineError::of_request(self.name(), action, source, |source| {
                EngineError::ListContainers {
                    engine: self.name().to_owned(),
                    source,
                }
            })
        })?;
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

    fn not_listed(&self, source: RequestError) -> EngineError {
        let action = || "list its images".to_owned();
        EngineError::of_request(self.name(), action, source, |source| {
            EngineError::ListImages {
                engine: self.name().to_owned(),
                source,
            }
        })
    }
}

impl Container {
    /// Docker writes a slash before a name.
    fn shown_name(self) -> String {
        let name = self.names.into_iter().flatten().next().unwrap_or(self.id);
        name.trim_start_matches('/').to_owned()
    }
}
