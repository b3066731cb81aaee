//! The last step: nothing turns green before the engine was asked what it has.

use super::error::PullError;
use super::flow::Pull;
use super::request::{PullResult, Wanted};
use crate::import::architecture_warning;
use labwright_archive::Architecture;
use labwright_engine::{ImageDetail, LayerPhase, PullState};
use labwright_registry::RemoteImage;

impl Pull {
    pub(super) async fn verify(
        &self,
        wanted: &Wanted,
        told: Option<&RemoteImage>,
        state: &PullState,
    ) -> Result<ImageDetail, PullError> {
        let unusable = |why: String| PullError::Unusable {
            engine: self.engine().title().to_owned(),
            reference: wanted.reference.to_string(),
            why,
        };
        let image = self.inspect_wanted(wanted).await?;
        let image = image.ok_or_else(|| unusable("nothing has this name".to_owned()))?;
        if image.layers.is_empty() {
            return Err(unusable("it has no layers".to_owned()));
        }
        let expected = digests(told, state);
        // A classic store remembers a digest only once: not of the second platform that is pulled of an index.
        let can_tell = told.is_some() || !image.digests.is_empty();
        let is_it = expected.iter().any(|digest| is_of(&image, digest));
        if can_tell && !expected.is_empty() && !is_it {
            let expected = expected.join(" or ");
            return Err(unusable(format!(
                "its digest is not {expected}, which the registry tells"
            )));
        }
        match &wanted.platform {
            Some(platform) if platform.architecture != image.architecture => Err(unusable(
                format!("it is for {}, not for {platform}", image.architecture),
            )),
            _ => Ok(image),
        }
    }

    /// The image for the platform that was asked for.
    async fn inspect_wanted(&self, wanted: &Wanted) -> Result<Option<ImageDetail>, PullError> {
        let Some(platform) = &wanted.platform else {
            return self.inspect(&wanted.reference).await;
        };
        let name = wanted.reference.canonical();
        let (os, architecture) = (&platform.os, &platform.architecture);
        let variant = platform.variant.as_deref();
        let asked = self
            .engine()
            .inspect_platform(&name, os, architecture, variant);
        Ok(self.or_cancelled(asked).await??)
    }

    pub(super) fn result(
        &self,
        wanted: &Wanted,
        told: Option<RemoteImage>,
        state: &PullState,
        image: &ImageDetail,
        before: Option<ImageDetail>,
    ) -> PullResult {
        let engine = self.engine();
        let info = engine.info();
        let told = told.map(|image| image.digest);
        let was_there = |layer: &&labwright_engine::PullLayer| layer.phase == LayerPhase::Existing;
        let layers = state.layers();
        let came = layers.iter().filter(|layer| !was_there(layer));
        let already_there = before.as_ref().is_some_and(|before| before.id == image.id);
        let architecture = Architecture::from_name(&image.architecture);
        PullResult {
            references: vec![wanted.reference.to_string()],
            image_id: image.id.to_string(),
            digest: state.digest().map(str::to_owned).or(told),
            size: image.size,
            architecture: image.architecture.clone(),
            layers: layers.len(),
            layers_before: layers.iter().filter(was_there).count(),
            downloaded: came.map(|layer| layer.done).sum(),
            engine: engine.title().to_owned(),
            engine_id: info.id.clone(),
            already_there,
            warnings: architecture_warning(architecture, &info.architecture)
                .into_iter()
                .collect(),
            untagged: before
                .filter(|before| before.id != image.id)
                .map(|before| before.id.to_string()),
        }
    }
}

/// All that the image may be known by. The tag may have moved since the manifest was read: then the engine says where to.
fn digests(told: Option<&RemoteImage>, state: &PullState) -> Vec<String> {
    let told = told.into_iter().flat_map(|image| {
        [
            image.digest.clone(),
            image.manifest_digest.clone(),
            image.config_digest.clone(),
        ]
    });
    told.chain(state.digest().map(str::to_owned)).collect()
}

/// A classic store and Podman name an image by its configuration, a containerd store by its manifest or index; all of
/// them remember the digest that it was pulled by.
fn is_of(image: &ImageDetail, digest: &str) -> bool {
    let pulled_as = |name: &String| name.split_once('@').is_some_and(|(_, own)| own == digest);
    image.id.as_str() == digest || image.digests.iter().any(pulled_as)
}
