//! Authorities that are known for one registry alone: <https://docs.docker.com/engine/security/certificates/>.

use std::{fs, io, path::Path};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::access::RegistryAccess;
use crate::RegistryError;

/// The certificates in the folders of a host. A folder that is not there has none.
pub(super) fn of_host(
    access: &RegistryAccess,
    host: &str,
) -> Result<Vec<CertificateDer<'static>>, RegistryError> {
    let mut certificates = Vec::new();
    for folder in &access.certificate_folders {
        let entries = fs::read_dir(folder.join(host))
            .into_iter()
            .flatten()
            .flatten();
        let files = entries.map(|entry| entry.path());
        for path in files.filter(|path| path.extension().is_some_and(|end| end == "crt")) {
            let found = read(&path).map_err(|source| RegistryError::Certificate {
                registry: host.to_owned(),
                path,
                source,
            })?;
            certificates.extend(found);
        }
    }
    Ok(certificates)
}

fn read(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let text = fs::read(path)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let certificates = certificates.map_err(invalid)?;
    let mut known = RootCertStore::empty();
    for certificate in &certificates {
        known.add(certificate.clone()).map_err(invalid)?;
    }
    if certificates.is_empty() {
        return Err(invalid("it holds no certificate"));
    }
    Ok(certificates)
}

fn invalid(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, source)
}
