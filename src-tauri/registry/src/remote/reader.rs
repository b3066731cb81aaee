//! The client that reads manifests, for one way to a registry.

use std::sync::OnceLock;

use oci_client::{
    Client,
    client::{Certificate, CertificateEncoding, ClientConfig, ClientProtocol},
};
use rustls::pki_types::CertificateDer;

use super::visit::{USER_AGENT, Visit, unusable};
use crate::RegistryError;

/// A proxy that only takes the place of the system's.
const NO_PROXY: &str = "http://127.0.0.1:9";
const THIS_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// Reads manifests, and checks that they are what their digests say.
pub(super) struct Reader {
    pub(super) visit: Visit,
    pub(super) oci: Client,
}

impl Reader {
    pub(super) fn new(visit: Visit) -> Result<Self, RegistryError> {
        let configuration = configuration(&visit);
        let unusable = |source| unusable(&visit.registry, source);
        system_authorities().map_err(|error| unusable(error.into()))?;
        let oci = Client::try_from(configuration).map_err(|error| unusable(error.into()))?;
        Ok(Self { visit, oci })
    }
}

/// `oci-client` makes a second client with the system's authorities on its way, and panics where there are none; its first
/// one says so only if it needs them, too. So this is tried before, once in a process: it reads some hundred files.
fn system_authorities() -> Result<(), reqwest::Error> {
    static THERE: OnceLock<()> = OnceLock::new();
    if THERE.get().is_none() {
        reqwest::Client::builder().build()?;
        let _ = THERE.set(());
    }
    Ok(())
}

fn configuration(visit: &Visit) -> ClientConfig {
    let authority = |authority: &CertificateDer<'_>| Certificate {
        encoding: CertificateEncoding::Der,
        data: authority.to_vec(),
    };
    let (way, limits) = (&visit.way, visit.limits);
    // It has no switch for "no proxy".
    let direct = way.is_direct();
    ClientConfig {
        protocol: if way.tls {
            ClientProtocol::Https
        } else {
            ClientProtocol::Http
        },
        accept_invalid_certificates: !(way.tls && way.checked),
        extra_root_certificates: visit.authorities.iter().map(authority).collect(),
        connect_timeout: Some(limits.connect),
        read_timeout: Some(limits.answer),
        user_agent: USER_AGENT,
        http_proxy: direct.then(|| NO_PROXY.to_owned()),
        no_proxy: direct.then(|| THIS_MACHINE.to_owned()),
        ..ClientConfig::default()
    }
}
