//! Registries with TLS, with a certificate of an authority that no system knows.

use std::{fs, path::Path};

use labwright_registry::{Credential, Registry, RegistryAccess, RegistryError};
use labwright_testbed::{RegistryImage, archives::RootFs};
use tempfile::TempDir;

use crate::{described_with, docker};

fn registry() -> (labwright_testbed::Registry, String) {
    let registry = labwright_testbed::Registry::with_tls();
    let pushed = RegistryImage::new("x", "1")
        .layer(&RootFs::empty())
        .push(&registry);
    (registry, pushed.reference)
}

/// As an engine for which this machine is like any other.
fn strict(certificates: Option<&Path>) -> RegistryAccess {
    RegistryAccess {
        strict_loopback: true,
        certificate_folders: certificates.map(Path::to_owned).into_iter().collect(),
        ..docker()
    }
}

/// A folder of certificates with this text for the registry's authority.
fn certificates(registry: &labwright_testbed::Registry, text: &[u8]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let of_host = folder.path().join(registry.address());
    fs::create_dir(&of_host).unwrap();
    fs::write(of_host.join("ca.crt"), text).unwrap();
    // Keys are beside certificates, and are none.
    fs::write(of_host.join("client.key"), "no certificate").unwrap();
    folder
}

#[tokio::test]
async fn an_unknown_authority_is_told_with_where_it_belongs() {
    let (registry, reference) = registry();
    let error = described_with(&strict(None), &reference).await.unwrap_err();
    assert!(
        matches!(
            error,
            RegistryError::Tls {
                unknown_authority: true,
                ..
            }
        ),
        "{error:?}"
    );
    let place = format!("/etc/docker/certs.d/{}/ca.crt", registry.address());
    assert!(error.hints()[0].contains(&place), "{:?}", error.hints());
}

#[tokio::test]
async fn an_authority_in_the_registrys_folder_is_known() {
    let (registry, reference) = registry();
    let authority = fs::read(registry.authority()).unwrap();
    let folder = certificates(&registry, &authority);
    described_with(&strict(Some(folder.path())), &reference)
        .await
        .unwrap();
    let login = Credential::password("ada", "anything");
    let asking = Registry::new(strict(Some(folder.path())));
    asking
        .check_login(&registry.address(), &login)
        .await
        .unwrap();
    // Several in one file: all are known.
    let other = labwright_testbed::Registry::with_tls();
    let both = [fs::read(other.authority()).unwrap(), authority].concat();
    let folder = certificates(&registry, &both);
    described_with(&strict(Some(folder.path())), &reference)
        .await
        .unwrap();
    // The authority of another one is not enough.
    let folder = certificates(&registry, &fs::read(other.authority()).unwrap());
    let error = described_with(&strict(Some(folder.path())), &reference)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "registry_tls", "{error:?}");
}

#[tokio::test]
async fn a_certificate_that_is_none_is_named() {
    let (registry, reference) = registry();
    let pem = |text| format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    let broken = ["?", "AAAA"].map(pem);
    for text in ["", "no certificate", &broken[0], &broken[1]] {
        let folder = certificates(&registry, text.as_bytes());
        let error = described_with(&strict(Some(folder.path())), &reference)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "registry_certificate", "{error:?}");
        assert!(error.hints()[0].contains("ca.crt"), "{:?}", error.hints());
    }
}

#[tokio::test]
async fn an_insecure_host_is_not_checked() {
    let (registry, reference) = registry();
    described_with(&docker(), &reference).await.unwrap();
    let named = RegistryAccess {
        insecure: vec![registry.address()],
        ..strict(None)
    };
    described_with(&named, &reference).await.unwrap();
}

#[tokio::test]
async fn a_registry_without_tls_is_not_asked_where_it_is_wanted() {
    let registry = labwright_testbed::Registry::open();
    let pushed = RegistryImage::new("x", "1")
        .layer(&RootFs::empty())
        .push(&registry);
    let error = described_with(&strict(None), &pushed.reference)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "registry_tls", "{error:?}");
    assert!(
        error.hints()[1].contains("insecure registries"),
        "{:?}",
        error.hints()
    );
}
