//! What users read of each failure.

use std::error::Error as _;

use super::*;

fn answer(status: u16, body: &str) -> Answer {
    Answer::of(status, body)
}

fn source(text: &str) -> Source {
    text.into()
}

fn platform(text: &str) -> Platform {
    text.parse()
        .unwrap_or_else(|_| Platform::new("linux", "none", None))
}

/// Every variant, with the cases that read differently.
#[expect(clippy::too_many_lines, reason = "one entry for each")]
fn all() -> Vec<RegistryError> {
    let registry = || "ghcr.io".to_owned();
    let object = || "ghcr.io/nokia/srlinux:25.3".to_owned();
    let denied =
        r#"{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}"#;
    let limited = |seconds: Option<u64>, logged_in| RegistryError::RateLimited {
        registry: "docker.io".to_owned(),
        retry_after: seconds.map(Duration::from_secs),
        logged_in,
        source: answer(
            429,
            r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}"#,
        ),
    };
    let ada = || Some("ada".to_owned());
    let unauthorized = |username| RegistryError::Unauthorized {
        registry: registry(),
        object: object(),
        username,
        source: answer(401, ""),
    };
    let forbidden = |username| RegistryError::Forbidden {
        registry: registry(),
        object: object(),
        username,
        source: answer(403, denied),
    };
    let tls = |unknown_authority| RegistryError::Tls {
        registry: "lab.example:5000".to_owned(),
        unknown_authority,
        source: source("invalid peer certificate: UnknownIssuer"),
    };
    vec![
        RegistryError::Reference {
            reference: "ceos:1".to_owned(),
        },
        unauthorized(None),
        unauthorized(ada()),
        RegistryError::LoginRefused {
            registry: registry(),
            username: "ada".to_owned(),
            source: answer(401, r#"{"details":"incorrect username or password"}"#),
        },
        forbidden(None),
        forbidden(ada()),
        RegistryError::RepositoryUnknown {
            registry: registry(),
            repository: "nokia/srlinx".to_owned(),
            source: answer(
                404,
                r#"{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}"#,
            ),
        },
        RegistryError::ImageUnknown {
            registry: registry(),
            object: object(),
            source: answer(
                404,
                r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#,
            ),
        },
        limited(None, false),
        limited(Some(30), true),
        limited(Some(3601), false),
        RegistryError::WrongPlatform {
            object: object(),
            wanted: platform("linux/arm64"),
            available: vec![platform("linux/amd64"), platform("linux/arm/v7")],
        },
        RegistryError::WrongPlatform {
            object: object(),
            wanted: platform("linux/arm64"),
            available: vec![],
        },
        tls(true),
        tls(false),
        RegistryError::NoAuthorities {
            registry: registry(),
            source: source("No CA certificates were loaded from the system"),
        },
        RegistryError::Certificate {
            registry: registry(),
            path: "/etc/docker/certs.d/ghcr.io/ca.crt".into(),
            source: io::Error::other("it holds no certificate"),
        },
        RegistryError::Dns {
            registry: "ghrc.io".to_owned(),
            source: source("failed to lookup address information: Name or service not known"),
        },
        RegistryError::Refused {
            registry: "127.0.0.1:5000".to_owned(),
            source: source("Connection refused (os error 111)"),
        },
        RegistryError::Unreachable {
            registry: registry(),
            source: source("No route to host (os error 113)"),
        },
        RegistryError::TimedOut {
            registry: registry(),
            seconds: 30,
        },
        RegistryError::Server {
            registry: registry(),
            source: answer(503, "<html>"),
        },
        RegistryError::Rejected {
            registry: registry(),
            object: object(),
            source: answer(418, ""),
        },
        RegistryError::Unreadable {
            registry: registry(),
            object: object(),
            source: source("expected value at line 1 column 1"),
        },
        RegistryError::UnsafeRealm {
            registry: registry(),
            realm: "http://ghcr.io/token".to_owned(),
        },
        RegistryError::Login {
            registry: registry(),
            source: source("there is no token in it"),
        },
    ]
}

#[test]
fn every_failure_is_told_with_its_cause_and_what_to_do() {
    let told: Vec<_> = all().iter().map(told).collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

fn told(error: &RegistryError) -> String {
    let mut lines = vec![format!("{}: {error}", error.code())];
    let mut next = error.source();
    while let Some(cause) = next {
        lines.push(format!("  because {cause}"));
        next = cause.source();
    }
    lines.extend(error.hints().iter().map(|hint| format!("  > {hint}")));
    lines.join("\n")
}
