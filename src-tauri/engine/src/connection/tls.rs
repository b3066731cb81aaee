//! TLS with the files that Docker uses.

use std::{fs, path::Path, sync::Once};

use reqwest::{Certificate, ClientBuilder, Identity};

use crate::{Candidate, EngineError, RequestError, TlsFiles};

/// Makes ring the process's cryptography, unless the process has one already.
pub(super) fn install_provider() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // An error says that a provider is there, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// The client that trusts the given authority alone and shows the given certificate.
pub(super) fn with_files(
    builder: ClientBuilder,
    candidate: &Candidate,
    files: &TlsFiles,
) -> Result<ClientBuilder, EngineError> {
    let read = |path: &Path| {
        fs::read(path).map_err(|source| EngineError::TlsFile {
            address: candidate.address.to_string(),
            path: path.to_owned(),
            source,
        })
    };
    let unusable = |source: reqwest::Error| EngineError::Client {
        address: candidate.address.to_string(),
        source: RequestError::from(source),
    };
    let authorities = Certificate::from_pem_bundle(&read(&files.ca)?).map_err(unusable)?;
    let mut identity = read(&files.cert)?;
    identity.push(b'\n');
    identity.extend(read(&files.key)?);
    let identity = Identity::from_pem(&identity).map_err(unusable)?;
    Ok(builder.tls_certs_only(authorities).identity(identity))
}
