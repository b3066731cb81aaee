//! The images that an engine has.

use crate::import::ImportResult;
use crate::labels;
use crate::pull::PullResult;
use crate::recognition::Rules;
use futures_util::{StreamExt, TryStreamExt, stream};
use labwright_archive::Architecture;
use labwright_engine::{
    Engine, EngineError, EngineKind, ImageReference, ImageSummary, ReferenceError, same_reference,
};
use labwright_jobs::{ErrorReport, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;
use ts_rs::TS;

/// One image of an engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LibraryImage {
    /// Its names; none for an image that lost its last one.
    pub references: Vec<String>,
    /// The engine's id.
    pub id: String,
    /// The kind, from its label or its name.
    pub kind: Option<String>,
    /// The kind for people.
    pub title: Option<String>,
    /// The version, from its label.
    pub version: Option<String>,
    /// The architecture, as the engine tells it.
    pub architecture: Option<String>,
    /// Bytes, as the engine counts them.
    #[ts(type = "number")]
    pub size: u64,
    /// The file that it was imported from, from its label or the history.
    pub source: Option<String>,
    /// Names of the containers that use it, running or not.
    pub used_by: Vec<String>,
    /// When it was made, in seconds since the epoch.
    #[ts(type = "number | null")]
    pub created: Option<i64>,
    /// When it was imported, in seconds since the epoch, from its label or the history.
    #[ts(type = "number | null")]
    pub imported: Option<i64>,
}

/// The library could not do what was asked.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A reference is not valid.
    #[error("`{reference}` cannot be an image's reference")]
    Reference {
        /// As it was given.
        reference: String,
        /// What is wrong.
        #[source]
        source: ReferenceError,
    },
    /// The new name is another image's.
    #[error("{engine} already has another image named {reference}")]
    Taken {
        /// The engine.
        engine: String,
        /// The name.
        reference: String,
    },
}

impl LibraryError {
    /// A stable name for the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Engine(error) => error.code(),
            Self::Reference { source, .. } => source.code(),
            Self::Taken { .. } => "reference_taken",
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Engine(error) => error.hints(),
            Self::Reference { source, .. } => source.hints(),
            Self::Taken { .. } => {
                vec!["Choose another name, or replace it (lw: --replace): the other image stays, without this name.".to_owned()]
            }
        }
    }

    /// The failure in the form that crosses into events.
    pub fn report(&self) -> ErrorReport {
        self.hints()
            .into_iter()
            .fold(ErrorReport::of(self.code(), self), ErrorReport::with_hint)
    }
}

/// Architectures by image id, which never change: an engine tells them only one by one.
#[derive(Debug, Clone, Default)]
pub struct KnownArchitectures(BTreeMap<String, String>);

/// How many images are asked about at once.
const QUESTIONS_AT_ONCE: usize = 8;

impl KnownArchitectures {
    /// Asks about the images that are not known yet, and forgets those that are gone. One that goes
    /// meanwhile stays unknown.
    async fn learn(&mut self, engine: &Engine, images: &[ImageSummary]) -> Result<(), EngineError> {
        self.0
            .retain(|id, _| images.iter().any(|image| image.id.as_str() == id));
        let ids = images.iter().map(|image| image.id.to_string());
        let unknown: Vec<String> = ids.filter(|id| !self.0.contains_key(id)).collect();
        let answers: Vec<_> = stream::iter(unknown)
            .map(|id| {
                let engine = engine.clone();
                async move { engine.inspect(&id).await }
            })
            .buffer_unordered(QUESTIONS_AT_ONCE)
            .try_collect()
            .await?;
        let found = answers.into_iter().flatten();
        self.0
            .extend(found.map(|detail| (detail.id.to_string(), detail.architecture)));
        Ok(())
    }
}

/// Where images came from, by the imports and pulls that the history has. An image of a vendor's archive or of a
/// registry bears no labels of ours.
#[derive(Debug, Clone, Default)]
pub struct Origins(BTreeMap<(String, String), Origin>);

/// Where one image came from.
#[derive(Debug, Clone)]
struct Origin {
    at: Timestamp,
    /// A file's name, or a registry's.
    source: String,
    version: Option<String>,
}

impl Origins {
    /// From the results of imports and of pulls, each the newest first.
    pub fn of(imports: Vec<(Timestamp, Value)>, pulls: Vec<(Timestamp, Value)>) -> Self {
        let imports = imports
            .into_iter()
            .filter_map(|(at, result)| imported(at, result));
        let pulls = pulls
            .into_iter()
            .filter_map(|(at, result)| pulled(at, result));
        let mut origins: Vec<_> = imports.chain(pulls).collect();
        // Of several with one image the newest is the last, and stays.
        origins.sort_by_key(|(_, origin)| origin.at);
        Self(origins.into_iter().collect())
    }

    /// Fills in what an image itself does not say.
    fn complete(&self, engine: &str, image: &mut LibraryImage) {
        let Some(origin) = self.0.get(&(engine.to_owned(), image.id.clone())) else {
            return;
        };
        image.source.get_or_insert_with(|| origin.source.clone());
        image.imported.get_or_insert(origin.at.millis() / 1000);
        if image.version.is_none() {
            image.version.clone_from(&origin.version);
        }
    }
}

fn imported(at: Timestamp, result: Value) -> Option<((String, String), Origin)> {
    let result: ImportResult = serde_json::from_value(result).ok()?;
    let name = result.source.rsplit('/').next().unwrap_or(&result.source);
    let origin = Origin {
        at,
        source: name.to_owned(),
        version: result.version,
    };
    Some(((result.engine_id, result.image_id), origin))
}

fn pulled(at: Timestamp, result: Value) -> Option<((String, String), Origin)> {
    let result: PullResult = serde_json::from_value(result).ok()?;
    let reference: ImageReference = result.references.first()?.parse().ok()?;
    let origin = Origin {
        at,
        source: reference.registry().unwrap_or("docker.io").to_owned(),
        version: None,
    };
    Some(((result.engine_id, result.image_id), origin))
}

/// All images, named ones first, in the order of their names.
pub async fn list(
    engine: &Engine,
    rules: &Rules,
    origins: &Origins,
    known: &mut KnownArchitectures,
) -> Result<Vec<LibraryImage>, LibraryError> {
    let summaries = engine.images().await?;
    known.learn(engine, &summaries).await?;
    let kind = engine.info().kind;
    let there = summaries.into_iter().filter_map(|summary| {
        let architecture = known.0.get(summary.id.as_str())?;
        Some(entry(summary, architecture, rules, kind))
    });
    let mut images: Vec<_> = there.collect();
    for image in &mut images {
        origins.complete(&engine.info().id, image);
    }
    images.sort_by(|a, b| {
        (a.references.is_empty(), &a.references, &a.id).cmp(&(
            b.references.is_empty(),
            &b.references,
            &b.id,
        ))
    });
    Ok(images)
}

fn entry(
    summary: ImageSummary,
    architecture: &str,
    rules: &Rules,
    kind: EngineKind,
) -> LibraryImage {
    let mut references: Vec<_> = summary
        .references
        .iter()
        .map(|name| familiar(name, kind))
        .collect();
    references.sort();
    let label = |key: &str| {
        summary
            .labels
            .get(key)
            .cloned()
            .filter(|value| !value.is_empty())
    };
    let by_name = references
        .first()
        .map(|name| rules.by_name(&name.rsplit('/').next().unwrap_or(name).replace(':', "-")));
    let recognised = by_name.filter(|recognised| recognised.kind.is_some());
    let kind_name = label(labels::KIND).or_else(|| {
        recognised
            .as_ref()
            .and_then(|recognised| recognised.kind.clone())
    });
    LibraryImage {
        id: summary.id.to_string(),
        title: kind_name
            .as_deref()
            .and_then(|name| rules.title(name))
            .map(str::to_owned),
        kind: kind_name,
        version: label(labels::VERSION)
            .or_else(|| recognised.and_then(|recognised| recognised.version)),
        architecture: Some(
            Architecture::from_name(architecture)
                .map_or_else(|| architecture.to_owned(), |known| known.to_string()),
        )
        .filter(|name| !name.is_empty()),
        size: summary.size,
        source: label(labels::SOURCE),
        used_by: summary.used_by,
        // Builders that want the same image each time write the year 1 or 1970.
        created: Some(summary.created).filter(|created| *created > 0),
        imported: label(labels::IMPORTED)
            .and_then(|text| text.parse::<jiff::Timestamp>().ok())
            .map(jiff::Timestamp::as_second),
        references,
    }
}

/// Podman stores what has no registry as `localhost/…`, and finds it without.
fn familiar(name: &str, kind: EngineKind) -> String {
    let local = (kind == EngineKind::Podman)
        .then(|| name.strip_prefix("localhost/"))
        .flatten();
    local.unwrap_or(name).to_owned()
}

/// Removes a name, or an image by its id; refused while a container uses it.
pub async fn remove(engine: &Engine, name: &str, force: bool) -> Result<(), LibraryError> {
    Ok(engine.remove(name, force).await?)
}

/// Gives the image `from` the name `to` as well.
pub async fn retag(
    engine: &Engine,
    from: &str,
    to: &str,
    replace: bool,
) -> Result<(), LibraryError> {
    let reference: ImageReference = to.parse().map_err(|source| LibraryError::Reference {
        reference: to.to_owned(),
        source,
    })?;
    let image = engine
        .inspect(from)
        .await?
        .ok_or_else(|| EngineError::ImageMissing {
            engine: engine.title().to_owned(),
            image: from.to_owned(),
        })?;
    let _alone = engine.naming().await;
    let there = engine.inspect(&reference.to_string()).await?;
    if there.is_some_and(|there| there.id != image.id) && !replace {
        return Err(LibraryError::Taken {
            engine: engine.title().to_owned(),
            reference: reference.to_string(),
        });
    }
    Ok(engine.tag(image.id.as_str(), &reference).await?)
}

/// Gives the image named `from` the name `to`, then takes `from` away. Its other names stay.
pub async fn rename(
    engine: &Engine,
    from: &str,
    to: &str,
    replace: bool,
) -> Result<(), LibraryError> {
    let reference = |text: &str| {
        text.parse::<ImageReference>()
            .map_err(|source| LibraryError::Reference {
                reference: text.to_owned(),
                source,
            })
    };
    let old = reference(from)?;
    if same_reference(engine.info().kind, from, &reference(to)?.to_string()) {
        return Ok(());
    }
    retag(engine, from, to, replace).await?;
    Ok(engine.untag(&old).await?)
}
