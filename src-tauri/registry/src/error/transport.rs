//! What a request that got no answer died of.

use std::{error::Error, io};

use super::RegistryError;
use crate::remote::Limits;

impl RegistryError {
    /// Sorts the failures of a request by what can be done about them. `registry` is who did not answer.
    pub(crate) fn of_transport(registry: &str, limits: Limits, source: reqwest::Error) -> Self {
        let registry = registry.to_owned();
        if source.is_timeout() {
            let limit = if source.is_connect() {
                limits.connect
            } else {
                limits.answer
            };
            let seconds = limit.as_secs();
            return Self::TimedOut { registry, seconds };
        }
        // The address is ours and says nothing to people.
        let source = source.without_url();
        match cause(&source) {
            Cause::UnknownAuthority => Self::Tls {
                registry,
                unknown_authority: true,
                source: source.into(),
            },
            Cause::Tls => Self::Tls {
                registry,
                unknown_authority: false,
                source: source.into(),
            },
            Cause::Dns => Self::Dns {
                registry,
                source: source.into(),
            },
            Cause::Refused => Self::Refused {
                registry,
                source: source.into(),
            },
            Cause::Other => Self::Unreachable {
                registry,
                source: source.into(),
            },
        }
    }

    /// Whether nobody answered, so that another way to the registry may help.
    pub(crate) fn is_transport(&self) -> bool {
        matches!(
            self,
            Self::Tls { .. }
                | Self::Dns { .. }
                | Self::Refused { .. }
                | Self::Unreachable { .. }
                | Self::TimedOut { .. }
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    UnknownAuthority,
    Tls,
    Dns,
    Refused,
    Other,
}

fn cause(error: &(dyn Error + 'static)) -> Cause {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(cause) = own_cause(error) {
            return cause;
        }
        // An i/o error does not count what it wraps among its sources.
        next = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    Cause::Other
}

/// What one link of the chain says, without those below it.
fn own_cause(error: &(dyn Error + 'static)) -> Option<Cause> {
    use rustls::{CertificateError, Error as Tls, pki_types::InvalidDnsNameError};

    if let Some(tls) = error.downcast_ref::<Tls>() {
        let unknown = matches!(
            tls,
            Tls::InvalidCertificate(CertificateError::UnknownIssuer)
        );
        return Some(if unknown {
            Cause::UnknownAuthority
        } else {
            Cause::Tls
        });
    }
    let refused = error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    if refused {
        return Some(Cause::Refused);
    }
    // A name that cannot be one is not looked up; of one that is, the client's own type is private.
    let unresolved = error.is::<InvalidDnsNameError>() || error.to_string() == "dns error";
    unresolved.then_some(Cause::Dns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_found_however_they_are_wrapped() {
        let issuer = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, issuer));
        assert_eq!(cause(&wrapped), Cause::UnknownAuthority);
        let other = io::Error::other(rustls::Error::DecryptError);
        assert_eq!(cause(&other), Cause::Tls);
        let refused = io::Error::other(io::Error::from(io::ErrorKind::ConnectionRefused));
        assert_eq!(cause(&refused), Cause::Refused);
        assert_eq!(cause(&io::Error::other("broken")), Cause::Other);
    }
}
