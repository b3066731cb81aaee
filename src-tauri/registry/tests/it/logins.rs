//! A registry that wants a password with each request.

use labwright_registry::{Credential, Registry, RegistryError};
use labwright_testbed::{Gate, RegistryImage, archives::RootFs, registry::Fault};

use crate::{described, docker};

fn private() -> (labwright_testbed::Registry, String) {
    let registry = labwright_testbed::Registry::with_password("ada", "hunter2");
    let pushed = RegistryImage::new("x", "1")
        .layer(&RootFs::empty())
        .push(&registry);
    (registry, pushed.reference)
}

#[tokio::test]
async fn an_image_is_shown_to_who_may_see_it() {
    let (_registry, reference) = private();
    let ada = Credential::password("ada", "hunter2");
    described(&reference, Some(&ada)).await.unwrap();
    let error = described(&reference, None).await.unwrap_err();
    assert_eq!(error.code(), "registry_unauthorized");
    assert!(error.hints()[0].starts_with("Log in: lw login 127.0.0.1:"));
    for login in [
        Credential::password("ada", "wrong"),
        Credential::identity_token("t"),
    ] {
        let error = described(&reference, Some(&login)).await.unwrap_err();
        let RegistryError::Unauthorized { ref username, .. } = error else {
            panic!("{error:?}");
        };
        assert!(username.is_some());
        assert!(
            error.hints()[1].contains("log in again"),
            "{:?}",
            error.hints()
        );
    }
}

#[tokio::test]
async fn a_login_is_checked() {
    let (registry, _) = private();
    let asking = Registry::new(docker());
    let check = async |secret: &str| {
        let login = Credential::password("ada", secret);
        asking.check_login(&registry.address(), &login).await
    };
    check("hunter2").await.unwrap();
    let error = check("hunter3").await.unwrap_err();
    assert_eq!(error.code(), "registry_login_refused");
    assert!(
        error.to_string().ends_with("refused the login of ada"),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("hunter3"));
    let gate = Gate::before(&registry);
    gate.fault("/v2/", Fault::answer(503));
    let login = Credential::password("ada", "hunter2");
    let error = asking
        .check_login(&gate.address(), &login)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "registry_server");
}

#[tokio::test]
async fn an_open_registry_takes_any_login() {
    let registry = labwright_testbed::Registry::open();
    let pushed = RegistryImage::new("x", "1")
        .layer(&RootFs::empty())
        .push(&registry);
    let login = Credential::password("ada", "anything");
    let asking = Registry::new(docker());
    asking
        .check_login(&registry.address(), &login)
        .await
        .unwrap();
    described(&pushed.reference, Some(&login)).await.unwrap();
}

#[tokio::test]
async fn the_secret_goes_to_the_registry_alone_and_never_in_an_address() {
    let (registry, _) = private();
    let gate = Gate::before(&registry);
    let ada = Credential::password("ada", "hunter2");
    described(&gate.reference("x:1"), Some(&ada)).await.unwrap();
    let requests = gate.requests();
    assert!(
        requests
            .iter()
            .all(|request| !request.target.contains("hunter2"))
    );
    // The first question is asked as nobody.
    assert!(requests[0].header("authorization").is_none());
    assert!(
        requests
            .iter()
            .any(|request| request.header("authorization").is_some())
    );
}
