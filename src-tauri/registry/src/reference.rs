//! The names of images and of registries.

use oci_client::Reference;

use crate::RegistryError;

/// Docker Hub's name in references.
pub(crate) const DOCKER_HUB: &str = "docker.io";

/// What logins for Docker Hub are kept under, since before there was a second version of its API.
pub(crate) const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

/// The registry's name in references: Docker Hub has several.
pub(crate) fn registry_name(host: &str) -> &str {
    match host {
        "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" => DOCKER_HUB,
        other => other,
    }
}

/// Reads an image's canonical name, as in `docker.io/library/alpine:3`.
///
/// Engines and what makes a name canonical look closer. The expression that `oci-client` reads names with takes a tenth of
/// a second to be compiled, which is a tenth of some pulls.
pub(crate) fn parse(text: &str) -> Result<Reference, RegistryError> {
    parts(text).ok_or_else(|| RegistryError::Reference {
        reference: text.to_owned(),
    })
}

fn parts(text: &str) -> Option<Reference> {
    let (name, digest) = match text.split_once('@') {
        Some((name, digest)) => (name, Some(digest.to_owned())),
        None => (text, None),
    };
    let (registry, path) = name.split_once('/')?;
    let (repository, tag) = match path.rsplit_once(':') {
        Some((repository, tag)) => (repository, Some(tag.to_owned())),
        None => (path, None),
    };
    let known = |other: char| "._-/".contains(other) || other.is_ascii_alphanumeric();
    if repository.is_empty() || !repository.chars().all(known) {
        return None;
    }
    let (registry, repository) = (registry.to_owned(), repository.to_owned());
    Some(match (tag, digest) {
        (Some(tag), Some(digest)) => {
            Reference::with_tag_and_digest(registry, repository, tag, digest)
        }
        (None, Some(digest)) => Reference::with_digest(registry, repository, digest),
        (tag, None) => {
            let tag = tag.unwrap_or_else(|| "latest".to_owned());
            Reference::with_tag(registry, repository, tag)
        }
    })
}

/// What stands behind the repository in an address: the digest, which says more, or the tag.
pub(crate) fn name_of(reference: &Reference) -> &str {
    let name = reference.digest().or(reference.tag());
    name.unwrap_or("latest")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_name_is_read_as_oci_client_reads_it() {
        for name in [
            "docker.io/library/alpine:3",
            "localhost:5000/lab/ceos",
            "ghcr.io/nokia/srlinux:25.3",
        ] {
            let digest = format!("{name}@sha256:{}", "0a".repeat(32));
            for name in [name, &digest] {
                assert_eq!(parts(name), name.parse().ok(), "{name}");
            }
        }
        assert!(parse("alpine:3").is_err());
    }
}
