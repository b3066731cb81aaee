//! Labwright's own logins, in a real keyring.

use std::fs;

use labwright_registry::{Credential, CredentialSources, Credentials, Login, Registry};
use labwright_testbed::Keyring;
use tempfile::TempDir;

use crate::docker;

fn logins(keyring: &Keyring) -> Credentials {
    Credentials::new(CredentialSources {
        keyring: Some(keyring.address()),
        ..CredentialSources::default()
    })
}

#[tokio::test]
async fn a_login_is_kept_found_listed_replaced_and_forgotten() {
    let keyring = Keyring::unlocked();
    let registry = labwright_testbed::Registry::with_password("ada", "hunter2");
    let open = labwright_testbed::Registry::open();
    let (host, asking) = (registry.address(), Registry::new(docker()));
    let logins = logins(&keyring);
    assert_eq!(logins.logins().await.unwrap(), []);
    assert!(!logins.log_out(&host).await.unwrap());
    logins
        .log_in(&asking, &host, "ada", "hunter2")
        .await
        .unwrap();
    let found = logins.find(&format!("{host}/team/app")).await.unwrap();
    assert_eq!(found, Some(Credential::password("ada", "hunter2")));
    assert_eq!(logins.find(&open.address()).await.unwrap(), None);
    // An open registry takes anybody: the second login replaces the first one, whoever it is.
    for username in ["ada", "bob"] {
        logins
            .log_in(&asking, &open.address(), username, "other")
            .await
            .unwrap();
    }
    let login = |registry: &str, username: &str| Login {
        registry: registry.to_owned(),
        username: username.to_owned(),
    };
    let mut expected = [login(&host, "ada"), login(&open.address(), "bob")];
    expected.sort();
    assert_eq!(logins.logins().await.unwrap(), expected);
    assert!(logins.log_out(&host).await.unwrap());
    assert_eq!(logins.find(&host).await.unwrap(), None);
    assert_eq!(
        logins.logins().await.unwrap(),
        [login(&open.address(), "bob")]
    );
}

#[tokio::test]
async fn a_login_that_the_registry_refuses_is_not_kept() {
    let keyring = Keyring::unlocked();
    let registry = labwright_testbed::Registry::with_password("ada", "hunter2");
    let (logins, asking) = (logins(&keyring), Registry::new(docker()));
    let kept = logins
        .log_in(&asking, &registry.address(), "ada", "hunter3")
        .await;
    assert_eq!(kept.unwrap_err().code(), "registry_login_refused");
    assert_eq!(logins.logins().await.unwrap(), []);
}

#[tokio::test]
async fn the_keyring_goes_before_files_and_its_files_show_nothing() {
    let keyring = Keyring::unlocked();
    let registry = labwright_testbed::Registry::open();
    let home = TempDir::new().unwrap();
    let config = home.path().join("config.json");
    let host = registry.address();
    // ada:docker, in base64.
    let text = format!(r#"{{ "auths": {{ "{host}": {{ "auth": "YWRhOmRvY2tlcg==" }} }} }}"#);
    fs::write(&config, text).unwrap();
    let logins = Credentials::new(CredentialSources {
        docker_config: Some(config),
        keyring: Some(keyring.address()),
        ..CredentialSources::default()
    });
    let ada = |secret| Some(Credential::password("ada", secret));
    assert_eq!(logins.find(&host).await.unwrap(), ada("docker"));
    let asking = Registry::new(docker());
    logins
        .log_in(&asking, &host, "ada", "hunter2")
        .await
        .unwrap();
    assert_eq!(logins.find(&host).await.unwrap(), ada("hunter2"));
    let files = keyring.files();
    assert!(!files.is_empty());
    assert!(!files.windows(7).any(|part| part == b"hunter2"));
}

#[tokio::test]
async fn without_a_keyring_files_are_read_and_nothing_is_kept() {
    let session = Keyring::absent();
    let registry = labwright_testbed::Registry::open();
    let asking = Registry::new(docker());
    let nowhere = Credentials::new(CredentialSources::default());
    let dead = Credentials::new(CredentialSources {
        keyring: Some("unix:path=/nonexistent/bus".to_owned()),
        ..CredentialSources::default()
    });
    for logins in [logins(&session), nowhere, dead] {
        assert_eq!(logins.find("ghcr.io").await.unwrap(), None);
        let kept = logins
            .log_in(&asking, &registry.address(), "ada", "hunter2")
            .await;
        let error = kept.unwrap_err();
        assert_eq!(error.code(), "keyring_missing", "{error:?}");
        assert!(
            error.hints()[1].contains("docker login"),
            "{:?}",
            error.hints()
        );
        assert_eq!(
            logins.log_out("ghcr.io").await.unwrap_err().code(),
            "keyring_missing"
        );
        assert_eq!(logins.logins().await.unwrap_err().code(), "keyring_missing");
    }
}

#[tokio::test]
async fn a_locked_keyring_lists_logins_and_gives_none() {
    let keyring = Keyring::unlocked();
    let registry = labwright_testbed::Registry::open();
    let (logins, asking) = (logins(&keyring), Registry::new(docker()));
    let host = registry.address();
    logins
        .log_in(&asking, &host, "ada", "hunter2")
        .await
        .unwrap();
    keyring.lock();
    assert_eq!(logins.find("ghcr.io").await.unwrap(), None);
    let error = logins.find(&host).await.unwrap_err();
    assert_eq!(error.code(), "keyring_locked", "{error:?}");
    let error = logins
        .log_in(&asking, "127.0.0.1:1", "ada", "x")
        .await
        .unwrap_err();
    assert_eq!(error.code(), "registry_refused", "{error:?}");
    let error = logins.log_in(&asking, &host, "bob", "x").await.unwrap_err();
    assert_eq!(error.code(), "keyring_locked", "{error:?}");
}
