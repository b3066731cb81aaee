//! What logins are kept under: a registry's host, as such or in an address, or a part of a registry.

use crate::reference::{DOCKER_HUB, registry_name};

/// A key in the one form that can be compared: `host[:port]` or `host[:port]/namespace`.
///
/// `https://index.docker.io/v1/`, `index.docker.io` and `docker.io` are all Docker Hub.
pub(super) fn normal(key: &str) -> String {
    let bare = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"));
    let (host, path) = match bare.unwrap_or(key).split_once('/') {
        // The path in an address is the version of the API, not a part of the registry.
        Some((host, _)) if bare.is_some() => (host, ""),
        Some((host, "v1" | "v1/" | "v2" | "v2/")) => (host, ""),
        Some((host, path)) => (host, path.trim_end_matches('/')),
        None => (bare.unwrap_or(key), ""),
    };
    match (registry_name(host), path) {
        (host, "") => host.to_owned(),
        (host, path) => format!("{host}/{path}"),
    }
}

/// Every key that a login for `name` may be under, the closest first: `quay.io/team/app`, `quay.io/team`, `quay.io`.
pub(super) fn candidates(name: &str) -> Vec<String> {
    let name = normal(name);
    let ends = name.match_indices('/').map(|(end, _)| end);
    let mut candidates: Vec<_> = ends.map(|end| name[..end].to_owned()).collect();
    candidates.push(name);
    candidates.reverse();
    candidates
}

/// The registry in `name`, which may be the registry itself or a repository of it.
pub(super) fn registry(name: &str) -> String {
    let name = normal(name);
    match name.split_once('/') {
        Some((registry, _)) => registry.to_owned(),
        None => name,
    }
}

/// What a helper is asked for: the address that Docker's own login uses.
pub(super) fn for_helper(registry: &str) -> &str {
    match registry {
        DOCKER_HUB => crate::reference::DOCKER_HUB_KEY,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_a_registry_are_one() {
        for (key, registry) in [
            ("https://index.docker.io/v1/", "docker.io"),
            ("index.docker.io", "docker.io"),
            ("registry-1.docker.io/v2/", "docker.io"),
            ("docker.io", "docker.io"),
            ("http://127.0.0.1:5000", "127.0.0.1:5000"),
            ("https://quay.io/v2/", "quay.io"),
            ("quay.io/team/", "quay.io/team"),
        ] {
            assert_eq!(normal(key), registry, "{key}");
        }
    }

    #[test]
    fn the_closest_key_comes_first() {
        assert_eq!(
            candidates("quay.io/team/app"),
            ["quay.io/team/app", "quay.io/team", "quay.io"]
        );
        assert_eq!(candidates("index.docker.io"), ["docker.io"]);
        assert_eq!(registry("localhost:5000/a/b"), "localhost:5000");
    }
}
