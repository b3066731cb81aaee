//! One visit to a registry: the client for one way to it, and its plain questions.

use std::sync::Once;

use oci_client::Reference;
use reqwest::{Certificate, Client, RequestBuilder, Response, header::ACCEPT};
use rustls::pki_types::CertificateDer;
use tokio::task::spawn_blocking;

use super::{
    access::{Limits, RegistryAccess, Way},
    authorization::Authorization,
    certificates,
};
use crate::{RegistryError, reference::name_of};

pub(super) const USER_AGENT: &str = concat!("labwright/", env!("CARGO_PKG_VERSION"));

/// Every form of manifest that is understood.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// A question whose answer is in the status and the headers.
#[derive(Clone, Copy)]
pub(super) enum Question<'a> {
    /// Whether this is a registry, and whether it wants to know who asks.
    Version,
    /// Whether there is such a manifest, for whoever asks.
    Manifest(&'a Reference),
}

/// A registry that is reached in one way.
pub(super) struct Visit {
    /// The registry's name in messages.
    pub(super) registry: String,
    pub(super) way: Way,
    pub(super) limits: Limits,
    /// Those that are known for this registry alone.
    pub(super) authorities: Vec<CertificateDer<'static>>,
    pub(super) http: Client,
}

impl Visit {
    /// Prepares a visit, on a thread of its own. Nothing is asked yet.
    pub(super) async fn prepare(
        registry: &str,
        way: Way,
        access: &RegistryAccess,
    ) -> Result<Self, RegistryError> {
        let (registry, access) = (registry.to_owned(), access.clone());
        aside(move || Self::new(&registry, way, &access)).await
    }

    pub(super) fn new(
        registry: &str,
        way: Way,
        access: &RegistryAccess,
    ) -> Result<Self, RegistryError> {
        install_provider();
        let authorities = certificates::of_host(access, &way.host)?;
        let http = client(&way, access.limits, &authorities)
            .map_err(|source| unusable(registry, source.into()))?;
        Ok(Self {
            registry: registry.to_owned(),
            way,
            limits: access.limits,
            authorities,
            http,
        })
    }

    /// Asks a plain question. An answer of failure is an answer.
    pub(super) async fn ask(
        &self,
        question: Question<'_>,
        authorization: &Authorization,
    ) -> Result<Response, RegistryError> {
        let base = format!("{}/v2/", self.way.base());
        let request = match question {
            Question::Version => self.http.get(base),
            Question::Manifest(reference) => {
                let (repository, name) = (reference.repository(), name_of(reference));
                let address = format!("{base}{repository}/manifests/{name}");
                self.http.head(address).header(ACCEPT, MANIFESTS)
            }
        };
        self.send(authorization.apply(request)).await
    }

    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, RegistryError> {
        let answer = request.send().await;
        answer.map_err(|error| self.transport(error))
    }

    pub(super) fn transport(&self, error: reqwest::Error) -> RegistryError {
        RegistryError::of_transport(&self.registry, self.limits, error)
    }
}

fn client(
    way: &Way,
    limits: Limits,
    authorities: &[CertificateDer<'static>],
) -> Result<Client, reqwest::Error> {
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(limits.connect)
        .timeout(limits.answer);
    let builder = if way.tls && way.checked {
        let authorities = authorities.iter();
        let authorities: Result<Vec<_>, _> = authorities
            .map(|authority| Certificate::from_der(authority))
            .collect();
        builder.tls_certs_merge(authorities?)
    } else {
        // The system's authorities are not loaded for nothing.
        builder.tls_certs_only([]).danger_accept_invalid_certs(true)
    };
    if way.is_direct() {
        return builder.no_proxy().build();
    }
    builder.build()
}

/// Reading the system's authorities takes long enough to keep others waiting.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// A client cannot be made: where nothing is wrong with the certificates, there are none.
pub(super) fn unusable(
    registry: &str,
    source: Box<dyn std::error::Error + Send + Sync>,
) -> RegistryError {
    RegistryError::NoAuthorities {
        registry: registry.to_owned(),
        source,
    }
}

/// Makes ring the process's cryptography, unless the process has one already.
fn install_provider() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // An error says that a provider is there, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
