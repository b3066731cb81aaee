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

/// Reads an image's reference, short or canonical.
pub(crate) fn parse(text: &str) -> Result<Reference, RegistryError> {
    text.parse()
        .map_err(|source: oci_client::ParseError| RegistryError::Reference {
            reference: text.to_owned(),
            source: source.into(),
        })
}

/// What stands behind the repository in an address: the digest, which says more, or the tag.
pub(crate) fn name_of(reference: &Reference) -> &str {
    let name = reference.digest().or(reference.tag());
    name.unwrap_or("latest")
}
