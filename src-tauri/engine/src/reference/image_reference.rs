//! The name of an image in the form that people type.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ts_rs::TS;

use super::{ReferenceError, parse};

/// A checked image reference, `[registry/]repository[:tag][@digest]`, in its familiar form:
/// without `docker.io/` and `library/`, and with the tag `latest` where neither a tag nor a digest
/// was given, so that equal images compare equal.
///
/// The grammar is that of the distribution project (`reference` package).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/", type = "string")]
pub struct ImageReference {
    pub(super) repository: String,
    pub(super) tag: Option<String>,
    pub(super) digest: Option<String>,
}

impl ImageReference {
    /// The name without tag and digest: `ceos`, `ghcr.io/nokia/srlinux`.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag; `latest` where only a digest was given.
    pub fn tag(&self) -> &str {
        self.tag.as_deref().unwrap_or("latest")
    }

    /// The digest, `sha256:…`, where one was given. An image that is imported cannot have one.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The registry's host and port, where it is not Docker Hub.
    pub fn registry(&self) -> Option<&str> {
        let (first, _) = self.repository.split_once('/')?;
        parse::is_domain(first).then_some(first)
    }

    /// The repository with its registry: `docker.io/library/alpine`.
    pub fn canonical_repository(&self) -> String {
        match (self.registry(), self.repository.contains('/')) {
            (Some(_), _) => self.repository.clone(),
            (None, true) => format!("docker.io/{}", self.repository),
            (None, false) => format!("docker.io/library/{}", self.repository),
        }
    }

    /// The name with its registry, as no engine takes it for another: `docker.io/library/alpine:3`.
    /// A digest stands without the tag beside it.
    pub fn canonical(&self) -> String {
        let repository = self.canonical_repository();
        match &self.digest {
            Some(digest) => format!("{repository}@{digest}"),
            None => format!("{repository}:{}", self.tag()),
        }
    }

    /// The same repository with another tag and no digest.
    pub fn with_tag(&self, tag: &str) -> Result<Self, ReferenceError> {
        format!("{}:{tag}", self.repository).parse()
    }
}

impl FromStr for ImageReference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        parse::image_reference(text.trim())
    }
}

impl Serialize for ImageReference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ImageReference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
