//! The images of an engine that are asked for by their names.

use super::engine::{EngineSourceError, MissingImage};
use labwright_engine::{
    Engine, EngineError, EngineKind, ImageDetail, ImageReference, same_reference,
};

/// How many names are offered in the place of one that is not there.
const ALIKE: usize = 5;

/// An image that was asked for, and is there.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// As it was asked for.
    pub(crate) reference: ImageReference,
    /// The same name in the engine's own words.
    pub(crate) spelling: String,
    pub(crate) image: ImageDetail,
}

/// Finds the images of these names, each once. All that are missing are named in one error.
pub(crate) async fn choose(
    engine: &Engine,
    names: &[String],
) -> Result<Vec<Chosen>, EngineSourceError> {
    let kind = engine.info().kind;
    let mut found: Vec<Chosen> = Vec::new();
    let mut missing = Vec::new();
    for name in names {
        let reference = parse(name)?;
        let known = |chosen: &Chosen| same_reference(kind, &chosen.spelling, name);
        if found.iter().any(known) {
            continue;
        }
        match engine.inspect(name).await {
            Ok(Some(image)) => found.push(by_name(engine, name, reference, image)?),
            Ok(None) => missing.push(reference),
            Err(error) => return Err(failed(engine, name, error)),
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    Err(EngineSourceError::Missing {
        engine: engine.title().to_owned(),
        missing: with_alike(engine, missing).await,
    })
}

fn parse(name: &str) -> Result<ImageReference, EngineSourceError> {
    name.parse().map_err(|source| EngineSourceError::Reference {
        reference: name.to_owned(),
        source,
    })
}

/// Engines find images by the beginning of their ids too.
fn by_name(
    engine: &Engine,
    name: &str,
    reference: ImageReference,
    image: ImageDetail,
) -> Result<Chosen, EngineSourceError> {
    let kind = engine.info().kind;
    let shown = reference.to_string();
    let own = image.references.iter();
    let mut spelled = own.filter(|own| same_reference(kind, own, &shown));
    match spelled.next().cloned() {
        Some(spelling) => Ok(Chosen {
            reference,
            spelling,
            image,
        }),
        None => Err(EngineSourceError::NotAName {
            engine: engine.title().to_owned(),
            given: name.to_owned(),
            id: image.id.short().to_owned(),
            names: image.references,
        }),
    }
}

async fn with_alike(engine: &Engine, missing: Vec<ImageReference>) -> Vec<MissingImage> {
    // The names are a courtesy: that they cannot be had is not the failure.
    let images = engine.images().await.unwrap_or_default();
    let kind = engine.info().kind;
    let there: Vec<ImageReference> = images
        .iter()
        .flat_map(|image| &image.references)
        .filter_map(|name| familiar(kind, name).parse().ok())
        .collect();
    let alike = |reference: &ImageReference| {
        let same = there.iter();
        let same = same.filter(|other| other.repository() == reference.repository());
        same.take(ALIKE).map(ImageReference::to_string).collect()
    };
    let describe = |reference: ImageReference| MissingImage {
        alike: alike(&reference),
        reference: reference.to_string(),
    };
    missing.into_iter().map(describe).collect()
}

/// Podman stores what has no registry as `localhost/…`, and finds it without.
fn familiar(kind: EngineKind, name: &str) -> &str {
    let local = (kind == EngineKind::Podman).then(|| name.strip_prefix("localhost/"));
    local.flatten().unwrap_or(name)
}

fn failed(engine: &Engine, images: &str, source: EngineError) -> EngineSourceError {
    EngineSourceError::Engine {
        engine: engine.title().to_owned(),
        images: images.to_owned(),
        source: Box::new(source),
    }
}
