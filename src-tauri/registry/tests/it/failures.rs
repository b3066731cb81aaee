//! What is said when a registry does not say what was asked.

use std::{error::Error, net::TcpListener, time::Duration};

use labwright_registry::{Credential, Limits, Registry, RegistryAccess, RegistryError};
use labwright_testbed::{Gate, RegistryImage, archives::RootFs, registry::Fault};

use crate::{described, described_with, docker};

/// A gate before a registry with `x:1`.
fn gate() -> (labwright_testbed::Registry, Gate) {
    let registry = labwright_testbed::Registry::open();
    let image = RegistryImage::new("x", "1").layer(&RootFs::empty().file("a", "a"));
    image.push(&registry);
    let gate = Gate::before(&registry);
    (registry, gate)
}

/// The error and its causes, in a line each.
fn chain(error: &RegistryError) -> String {
    let mut lines = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        lines.push(cause.to_string());
        next = cause.source();
    }
    lines.join("\n")
}

#[tokio::test]
async fn a_name_that_is_none_is_told_before_anything_is_asked() {
    for name in ["", "lab:1", "127.0.0.1:1/", "127.0.0.1:1/a b"] {
        let error = described(name, None).await.unwrap_err();
        assert_eq!(error.code(), "registry_reference", "{name}");
    }
}

#[tokio::test]
async fn an_unknown_tag_and_an_unknown_repository_differ_where_the_registry_tells_them_apart() {
    let (_registry, gate) = gate();
    let error = described(&gate.reference("x:2"), None).await.unwrap_err();
    assert_eq!(error.code(), "registry_image_unknown");
    let said = chain(&error);
    assert!(
        said.contains(&gate.reference("x:2")) && said.contains("manifest unknown (status 404)"),
        "{said}"
    );
    let unknown =
        r#"{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}"#;
    gate.fault("/v2/y/", Fault::answer(404).body(unknown));
    let error = described(&gate.reference("y:1"), None).await.unwrap_err();
    assert_eq!(error.code(), "registry_repository_unknown");
    assert!(
        error.to_string().ends_with("has no repository y"),
        "{error}"
    );
}

#[tokio::test]
async fn statuses_are_told_with_the_registrys_words() {
    for (status, body, code, words) in [
        (
            403,
            r#"{"errors":[{"code":"DENIED","message":"no"}]}"#,
            "registry_forbidden",
            "no (status 403)",
        ),
        (
            403,
            r#"{"errors":[{"code":"BLOCKED","message":"scanner"}]}"#,
            "registry_forbidden",
            "scanner (status 403)",
        ),
        (403, "", "registry_forbidden", "forbidden (status 403)"),
        (418, "tea", "registry_rejected", "tea (status 418)"),
        (
            500,
            r#"{"errors":[{"code":"UNKNOWN","message":"disk"}]}"#,
            "registry_server",
            "disk (status 500)",
        ),
        (
            503,
            "<html>nginx</html>",
            "registry_server",
            "service unavailable (status 503)",
        ),
        (
            401,
            "",
            "registry_unauthorized",
            "unauthorized (status 401)",
        ),
        (
            200,
            "<html>Sign in</html>",
            "registry_unreadable",
            "cannot be understood",
        ),
        (
            200,
            r#"{"schemaVersion":1,"fsLayers":[]}"#,
            "registry_unreadable",
            "cannot be understood",
        ),
    ] {
        let (_registry, gate) = gate();
        gate.fault("/v2/x/manifests/", Fault::answer(status).body(body));
        let error = described(&gate.reference("x:1"), None).await.unwrap_err();
        assert_eq!(error.code(), code, "{status} {body}: {error:?}");
        let said = chain(&error);
        assert!(said.contains(words), "{said}");
    }
}

#[tokio::test]
async fn a_failure_at_the_second_request_is_told_like_one_at_the_first() {
    let registry = labwright_testbed::Registry::open();
    let image = RegistryImage::new("x", "1").index().layer(&RootFs::empty());
    let pushed = image.push(&registry);
    let gate = Gate::before(&registry);
    let of_platform = format!("/v2/x/manifests/{}", pushed.first().manifest.digest);
    for (status, code) in [
        (403, "registry_forbidden"),
        (404, "registry_image_unknown"),
        (502, "registry_server"),
    ] {
        gate.clear();
        gate.fault(&of_platform, Fault::answer(status));
        let error = described(&gate.reference("x:1"), None).await.unwrap_err();
        assert_eq!(error.code(), code);
    }
}

#[tokio::test]
async fn a_limit_is_told_with_the_time_to_wait() {
    let (_registry, gate) = gate();
    let body = r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"pull rate limit"}]}"#;
    for body in [body, "too many"] {
        gate.clear();
        let limited = Fault::answer(429).header("Retry-After", "30").body(body);
        gate.fault("/v2/x/manifests/", limited);
        let error = described(&gate.reference("x:1"), None).await.unwrap_err();
        let RegistryError::RateLimited {
            retry_after,
            logged_in,
            ..
        } = error
        else {
            panic!("{error:?}");
        };
        assert_eq!(retry_after, Some(Duration::from_secs(30)));
        assert!(!logged_in);
    }
}

#[tokio::test]
async fn a_manifest_that_is_not_what_its_digest_says_is_refused() {
    let registry = labwright_testbed::Registry::open();
    let pushed = RegistryImage::new("x", "1")
        .layer(&RootFs::empty())
        .push(&registry);
    let other =
        r#"{"schemaVersion":2,"config":{"mediaType":"a","digest":"b","size":1},"layers":[]}"#;
    let gate = Gate::before(&registry);
    gate.fault("/v2/x/manifests/", Fault::answer(200).body(other));
    let name = format!("x@{}", pushed.target.digest);
    let error = described(&gate.reference(&name), None).await.unwrap_err();
    assert_eq!(error.code(), "registry_unreadable");
    assert!(
        chain(&error).contains(&pushed.target.digest),
        "{}",
        chain(&error)
    );
    gate.clear();
    registry.corrupt_blob(&pushed.first().config.digest);
    let error = described(&gate.reference("x:1"), None).await.unwrap_err();
    assert_eq!(error.code(), "registry_unreadable");
}

#[tokio::test]
async fn where_nothing_listens_the_connection_is_refused() {
    let registry = labwright_testbed::Registry::open();
    registry.kill();
    let error = described(&registry.reference("x:1"), None)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "registry_refused");
    assert!(
        chain(&error).contains("Connection refused"),
        "{}",
        chain(&error)
    );
    registry.restart();
    let error = described(&registry.reference("x:1"), None)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "registry_image_unknown");
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_as_such() {
    let (registry, gate) = gate();
    gate.fault("/v2/x/manifests/", Fault::cut_after(10).method("GET"));
    let error = described(&gate.reference("x:1"), None).await.unwrap_err();
    assert_eq!(error.code(), "registry_unreachable", "{error:?}");
    gate.clear();
    registry.kill();
    let error = described(&gate.reference("x:1"), None).await.unwrap_err();
    assert_eq!(error.code(), "registry_unreachable", "{error:?}");
}

/// A label of more than 63 characters is refused by the resolver itself, and before that by TLS: no server is asked.
#[tokio::test]
async fn a_host_without_an_address_is_told() {
    let host = format!("{}.example", "a".repeat(64));
    let insecure = RegistryAccess {
        insecure: vec![host.clone()],
        ..docker()
    };
    for access in [docker(), insecure] {
        let error = described_with(&access, &format!("{host}/x:1"))
            .await
            .unwrap_err();
        assert_eq!(error.code(), "registry_dns", "{error:?}");
    }
}

#[tokio::test]
async fn silence_ends_with_the_limit_at_any_request() {
    let (_registry, gate) = gate();
    let access = RegistryAccess {
        limits: Limits {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(1),
        },
        ..docker()
    };
    for fault in [Fault::silence(), Fault::silence().method("GET")] {
        gate.clear();
        gate.fault("/v2/x/", fault);
        let error = described_with(&access, &gate.reference("x:1"))
            .await
            .unwrap_err();
        assert_eq!(error.code(), "registry_timed_out", "{error:?}");
        assert!(error.to_string().ends_with("(waited 1 s)"), "{error}");
    }
    // A body that trickles is as late as one that does not come.
    gate.clear();
    gate.bytes_per_second(Some(50));
    let error = described_with(&access, &gate.reference("x:1"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "registry_timed_out", "{error:?}");
}

/// A listener that takes connections and says nothing: not even a TLS handshake.
#[tokio::test]
async fn a_port_that_takes_connections_and_no_more_is_late() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let limits = Limits {
        connect: Duration::from_secs(1),
        answer: Duration::from_secs(1),
    };
    let asking = Registry::new(RegistryAccess { limits, ..docker() });
    let login = Credential::password("ada", "secret");
    let host = listener.local_addr().unwrap().to_string();
    let error = asking.check_login(&host, &login).await.unwrap_err();
    assert_eq!(error.code(), "registry_timed_out", "{error:?}");
}
