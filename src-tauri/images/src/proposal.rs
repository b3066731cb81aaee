//! What a file would become in an engine, before anything is sent.

use crate::import::{ImportError, architecture_warning, proposed_reference};
use crate::recognition::{Recognised, Rules};
use crate::source::FileSource;
use labwright_archive::{Architecture, ArchiveFacts, InspectLimits, inspect};
use labwright_engine::Engine;
use serde::{Deserialize, Serialize};
use std::path::Path;
use ts_rs::TS;

/// What a file would become in an engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Proposal {
    /// For people: the kind's title, or the file's stem.
    pub title: String,
    /// The kind; none if no rule knows it.
    pub kind: Option<String>,
    /// The version, if it was told.
    pub version: Option<String>,
    /// The architecture, if it was told or seen.
    pub architecture: Option<String>,
    /// What it holds, `root file system`; none until it was looked into.
    pub shape: Option<String>,
    /// How it is packed, `xz`; none until it was looked into.
    pub compression: Option<String>,
    /// Bytes of the file; none for a URL.
    #[ts(type = "number | null")]
    pub length: Option<u64>,
    /// The reference that the image would get; none if the archive's own names are kept.
    pub reference: Option<String>,
    /// Names that the archive gives to its images.
    pub own_references: Vec<String>,
    /// The other image that has the reference.
    pub taken: Option<Taken>,
    /// What speaks against it though it can be done.
    pub warning: Option<String>,
    /// Whether there is room for it, as far as that is known.
    pub fits: bool,
}

/// An image that has the name already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Taken {
    /// The engine's id, shortened.
    pub id: String,
    /// The file that it came from, if it is known.
    pub source: Option<String>,
}

impl Proposal {
    /// By the source's name alone: what can be said at once, and all that can be said of a URL.
    pub fn by_name(name: &str, rules: &Rules) -> Self {
        Self::of(rules.by_name(name), None, None)
    }

    /// Looks into the file at `path`. Blocks for up to a second.
    pub fn of_file(path: &Path, rules: &Rules) -> Result<Self, ImportError> {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy();
        let file = FileSource::open(path)?;
        let reader = file.reader()?;
        let facts = inspect(reader, &rules.wanted_files(), InspectLimits::default());
        let facts = facts.map_err(|source| ImportError::Inspect {
            name: name.clone().into_owned(),
            source,
        })?;
        let recognised = rules.recognise(&name, Some(&facts), None);
        Ok(Self::of(recognised, Some(&facts), Some(file.length())))
    }

    fn of(recognised: Recognised, facts: Option<&ArchiveFacts>, length: Option<u64>) -> Self {
        let reference = match facts {
            Some(facts) => proposed_reference(facts, &recognised),
            None => Some(recognised.reference.clone()),
        };
        Self {
            title: recognised.title,
            kind: recognised.kind,
            version: recognised.version,
            architecture: recognised.architecture.map(|known| known.to_string()),
            shape: facts.map(|facts| facts.shape.to_string()),
            compression: facts.map(|facts| facts.compression.to_string()),
            length,
            reference,
            own_references: facts.map_or_else(Vec::new, |facts| facts.own_references.clone()),
            taken: None,
            warning: None,
            fits: true,
        }
    }

    /// The same in the light of what the engine is and has.
    pub async fn compared_with(mut self, engine: &Engine) -> Result<Self, ImportError> {
        let info = engine.described().await;
        let architecture = self.architecture.as_deref();
        self.warning = architecture_warning(
            architecture.and_then(Architecture::from_name),
            &info.architecture,
        );
        self.fits = match (self.length, engine.free_space()) {
            (Some(needed), Some(free)) => needed <= free,
            _ => true,
        };
        let there = match &self.reference {
            Some(reference) => engine.inspect(reference).await,
            None => Ok(None),
        };
        let there = there.map_err(|source| ImportError::Engine {
            name: self.title.clone(),
            engine: info.name.clone(),
            source: Box::new(source),
        })?;
        self.taken = there.map(|image| Taken {
            id: image.id.short().to_owned(),
            source: image.labels.get(crate::labels::SOURCE).cloned(),
        });
        Ok(self)
    }

    /// Whether it can be imported without asking anything.
    pub fn is_clear(&self) -> bool {
        self.kind.is_some() && self.taken.is_none() && self.warning.is_none() && self.fits
    }
}
