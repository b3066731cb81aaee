//! Registries that want a token from elsewhere: here, both are behind one gate.

use labwright_registry::{Credential, Registry, RegistryError};
use labwright_testbed::{Gate, RegistryImage, archives::RootFs, registry::Fault};

use crate::{described, docker};

/// A registry that wants a token at its first question, and then shows all.
fn gate(registry: &labwright_testbed::Registry) -> Gate {
    RegistryImage::new("x", "1")
        .layer(&RootFs::empty())
        .push(registry);
    let gate = Gate::before(registry);
    let challenge = format!(
        "Bearer realm=\"http://{}/token\",service=\"the registry\"",
        gate.address()
    );
    let wanted = Fault::answer(401).header("WWW-Authenticate", &challenge);
    gate.fault("/v2/x/manifests/", wanted.clone().nth(1));
    gate.fault("/v2/", wanted.nth(1));
    gate
}

#[tokio::test]
async fn a_token_is_fetched_and_shown() {
    for (field, login) in [
        ("token", None),
        ("access_token", Some(Credential::password("ada", "hunter2"))),
    ] {
        let registry = labwright_testbed::Registry::open();
        let gate = gate(&registry);
        let body = format!(r#"{{"{field}":"the-token","expires_in":60}}"#);
        gate.fault("/token", Fault::answer(200).body(&body));
        described(&gate.reference("x:1"), login.as_ref())
            .await
            .unwrap();
        let requests = gate.requests();
        let asked = requests
            .iter()
            .find(|request| request.target.starts_with("/token"));
        let asked = asked.unwrap();
        assert!(
            asked.target.contains("service=the+registry"),
            "{}",
            asked.target
        );
        assert!(
            asked.target.contains("scope=repository%3Ax%3Apull"),
            "{}",
            asked.target
        );
        assert_eq!(asked.header("authorization").is_some(), login.is_some());
        let shown = requests
            .iter()
            .filter_map(|request| request.header("authorization"));
        assert!(shown.clone().any(|shown| shown == "Bearer the-token"));
        assert!(
            !requests
                .iter()
                .any(|request| request.target.contains("hunter2"))
        );
    }
}

#[tokio::test]
async fn an_identity_token_is_exchanged() {
    let registry = labwright_testbed::Registry::open();
    let gate = gate(&registry);
    let token = Fault::answer(200).body(r#"{"access_token":"the-token"}"#);
    gate.fault("/token", token.method("POST"));
    let login = Credential::identity_token("a-refresh-token");
    described(&gate.reference("x:1"), Some(&login))
        .await
        .unwrap();
    let requests = gate.requests();
    let asked = requests
        .iter()
        .find(|request| request.target.starts_with("/token"));
    assert_eq!(asked.unwrap().target, "/token");
}

#[tokio::test]
async fn a_server_of_tokens_refuses_and_fails_in_its_own_ways() {
    for (status, body, code) in [
        (
            401,
            r#"{"details":"incorrect username or password"}"#,
            "registry_unauthorized",
        ),
        (
            403,
            r#"{"errors":[{"code":"DENIED","message":"denied"}]}"#,
            "registry_unauthorized",
        ),
        (429, "", "registry_rate_limited"),
        (500, "", "registry_server"),
        (200, "<html>", "registry_login"),
        (200, "{}", "registry_login"),
    ] {
        let registry = labwright_testbed::Registry::open();
        let gate = gate(&registry);
        let answer = Fault::answer(status).body(body).header("Retry-After", "7");
        gate.fault("/token", answer);
        let login = Credential::password("ada", "hunter2");
        let error = described(&gate.reference("x:1"), Some(&login))
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{status} {body}");
        if let RegistryError::RateLimited { retry_after, .. } = error {
            assert_eq!(retry_after.unwrap().as_secs(), 7);
        }
    }
}

#[tokio::test]
async fn a_login_is_checked_by_the_server_of_tokens() {
    for (status, code) in [(200, None), (401, Some("registry_login_refused"))] {
        let registry = labwright_testbed::Registry::open();
        let gate = gate(&registry);
        gate.fault("/token", Fault::answer(status).body(r#"{"token":"t"}"#));
        let login = Credential::password("ada", "hunter2");
        let checked = Registry::new(docker())
            .check_login(&gate.address(), &login)
            .await;
        assert_eq!(checked.err().map(|error| error.code()), code);
        let asked = gate.requests();
        let asked = asked
            .iter()
            .find(|request| request.target.starts_with("/token"));
        assert!(!asked.unwrap().target.contains("scope="));
    }
}
