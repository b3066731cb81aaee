//! What engines say when they do not pull. They have no codes, only words: their own and the registry's.

use crate::RequestError;

/// One cause, and how it is told.
struct Cause {
    code: &'static str,
    /// Any of these, in lower case, in the engine's message.
    words: &'static [&'static str],
    hint: &'static str,
}

/// The first that fits counts. The words were recorded from Docker 20.10 and 28.5 and Podman 4.3.
const CAUSES: &[Cause] = &[
    Cause {
        code: "registry_rate_limited",
        words: &["toomanyrequests", "too many requests", "rate limit"],
        hint: "Wait and pull again, or log in: registries allow more to those they know.",
    },
    Cause {
        code: "registry_unauthorized",
        words: &[
            "unauthorized",
            "authentication required",
            "no basic auth credentials",
            "pull access denied",
            "requested access to the resource is denied",
        ],
        hint: "Log in to the registry (lw: lw login REGISTRY), and check that the account may read this repository.",
    },
    Cause {
        code: "registry_server",
        words: &[
            "internal server error",
            "http status: 5",
            "status code from registry 5",
            ": 500 ",
            ": 502 ",
            ": 503 ",
            ": 504 ",
        ],
        hint: "The registry has a fault of its own. Pull again later.",
    },
    Cause {
        code: "registry_wrong_platform",
        words: &[
            "no matching manifest",
            "no image found in image index",
            "no image found in manifest list",
            "does not match the specified platform",
        ],
        hint: "Choose a platform that the image exists for (lw: --platform).",
    },
    Cause {
        code: "registry_layer_missing",
        words: &[
            "unknown blob",
            "error fetching blob",
            "fetch content descriptor",
        ],
        hint: "The registry has lost a layer of this image. Have the image pushed again.",
    },
    Cause {
        code: "registry_image_unknown",
        words: &["manifest unknown", "not found", "name unknown"],
        hint: "Check the repository's name and the tag.",
    },
    Cause {
        code: "registry_plain_http",
        words: &["server gave http response to https client"],
        hint: "The registry speaks no TLS. If you trust the way to it, tell the engine: \"insecure-registries\" in Docker's daemon.json, `insecure = true` in Podman's registries.conf.",
    },
    Cause {
        code: "registry_tls",
        words: &["x509", "tls: ", "certificate"],
        hint: "Give the engine the registry's certificate authority: HOST:PORT/ca.crt in /etc/docker/certs.d or /etc/containers/certs.d.",
    },
    Cause {
        code: "registry_dns",
        words: &["no such host", "name resolution", "server misbehaving"],
        hint: "Check the registry's name, and that the engine's machine can resolve it.",
    },
    Cause {
        code: "registry_layer_damaged",
        words: &[
            "verification failed for digest",
            "digest did not match",
            "unexpected commit digest",
        ],
        hint: "The registry's copy of a layer is damaged, or was changed on the way. Have the image pushed again.",
    },
    Cause {
        code: "pull_layer_unreadable",
        words: &["invalid tar header"],
        hint: "Docker before 23 cannot unpack layers in zstd: use a newer Docker, one with the containerd store, or Podman.",
    },
    Cause {
        code: "registry_unreachable",
        words: &[
            "connection refused",
            "connection reset",
            "i/o timeout",
            "deadline exceeded",
            "unexpected eof",
            "short read",
            "no route to host",
            "network is unreachable",
        ],
        hint: "The engine's connection to the registry broke, or could not be made. Pull again: what Docker already has is not fetched twice.",
    },
];

/// A stable name of the cause, and what can be done about it.
pub(crate) fn refusal(source: &RequestError) -> Option<(&'static str, &'static str)> {
    let message = source.message()?.to_lowercase();
    let fits = |cause: &&Cause| cause.words.iter().any(|words| message.contains(words));
    CAUSES
        .iter()
        .find(fits)
        .map(|cause| (cause.code, cause.hint))
}
