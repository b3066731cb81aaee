//! When two names mean the same image on one engine.

use super::ImageReference;
use crate::EngineKind;

/// True where both texts name the same image on an engine of this kind.
///
/// Docker reads `ceos`, `ceos:latest` and `docker.io/library/ceos:latest` as one name. Podman stores
/// what it imports as `localhost/…`, and finds it by the short name too; it does not matter there
/// whether an archive brought the name as Docker Hub's or as local. Texts that are no references
/// are the same only if they are equal.
pub fn same_reference(kind: EngineKind, a: &str, b: &str) -> bool {
    match (a.parse::<ImageReference>(), b.parse::<ImageReference>()) {
        (Ok(a), Ok(b)) => comparable(kind, &a) == comparable(kind, &b),
        _ => a == b,
    }
}

fn comparable(kind: EngineKind, reference: &ImageReference) -> String {
    let shown = reference.to_string();
    match kind {
        EngineKind::Docker => shown,
        EngineKind::Podman => {
            let local = shown.strip_prefix("localhost/").unwrap_or(&shown);
            local
                .parse::<ImageReference>()
                .map_or_else(|_| local.to_owned(), |r| r.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EngineKind::{Docker, Podman};

    #[test]
    fn names_that_are_the_same() {
        for (kind, a, b, same) in [
            (Docker, "ceos", "ceos:latest", true),
            (Docker, "ceos:1", "docker.io/library/ceos:1", true),
            (Docker, "ceos:1", "localhost/ceos:1", false),
            (Docker, "ceos:1", "ceos:2", false),
            (Podman, "ceos:1", "localhost/ceos:1", true),
            (Podman, "ceos:1", "docker.io/library/ceos:1", true),
            (Podman, "localhost/ceos:1", "docker.io/library/ceos:1", true),
            (Podman, "ceos:1", "ghcr.io/ceos:1", false),
            (Podman, "localhost:5000/ceos:1", "ceos:1", false),
            (Docker, "<none>:<none>", "<none>:<none>", true),
        ] {
            assert_eq!(same_reference(kind, a, b), same, "{kind:?} {a} {b}");
            assert_eq!(same_reference(kind, b, a), same, "{kind:?} {b} {a}");
        }
    }
}
