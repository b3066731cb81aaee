//! Who may use a registry, and the files it needs for that.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What `openssl req` must be told in a file: it has defaults of its own otherwise.
const CERTIFICATES: &str = "\
[req]
distinguished_name = name
prompt = no
[name]
CN = Labwright testbed
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1, DNS:localhost
";

/// Cheap to check: every request of every test has it checked.
const BCRYPT_COST: u32 = 4;

/// Who may use a registry, and how it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Everybody, without TLS.
    Open,
    /// One user, without TLS.
    Password { user: String, password: String },
    /// Everybody, with a certificate of an authority that nobody knows.
    Tls,
}

impl Access {
    /// Writes the files that the configuration names.
    pub(super) fn prepare(&self, home: &Path) {
        match self {
            Self::Open => {}
            Self::Password { user, password } => {
                let hash = bcrypt::hash(password, BCRYPT_COST).expect("bcrypt hashes any password");
                fs::write(home.join("htpasswd"), format!("{user}:{hash}\n"))
                    .expect("the registry's new folder is writable");
            }
            Self::Tls => make_certificates(home),
        }
    }

    /// The header that lets in whoever may.
    pub(super) fn authorization(&self) -> Option<String> {
        match self {
            Self::Open | Self::Tls => None,
            Self::Password { user, password } => Some(format!(
                "Basic {}",
                STANDARD.encode(format!("{user}:{password}"))
            )),
        }
    }
}

/// Makes `ca.crt`, and `server.crt` with its key, for 127.0.0.1 and localhost.
fn make_certificates(home: &Path) {
    fs::write(home.join("certificates.cnf"), CERTIFICATES)
        .expect("the registry's new folder is writable");
    certificate(home, "ca", "authority", &[]);
    certificate(
        home,
        "server",
        "server",
        &["-CA", "ca.crt", "-CAkey", "ca.key"],
    );
}

fn certificate(home: &Path, name: &str, extensions: &str, signed_by: &[&str]) {
    let (key, file) = (format!("{name}.key"), format!("{name}.crt"));
    let output = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "3650"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-config", "certificates.cnf", "-extensions", extensions])
        .args(["-subj", &format!("/CN=Labwright testbed {name}")])
        .args(["-keyout", &key, "-out", &file])
        .args(signed_by)
        .current_dir(home)
        .output()
        .unwrap_or_else(|error| panic!("cannot run openssl (package openssl): {error}"));
    assert!(
        output.status.success(),
        "openssl made no certificate:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
