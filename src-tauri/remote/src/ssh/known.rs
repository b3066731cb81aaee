//! Keys of hosts that ssh does not know yet: shown, and added to the user's known hosts when the user says so.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use super::error::SshError;
use super::failure::not_connected;
use super::target::Target;
use super::transport::Transport;
use crate::host::HostKey;

/// Until a host must have shown its key.
const LIMIT: Duration = Duration::from_secs(20);

/// A key that a host showed and that ssh does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// For people.
    pub key: HostKey,
    /// The line of a file of known hosts that says it, as ssh itself wrote it.
    line: String,
}

/// Lets ssh meet the host, as the user's configuration leads there, and gives the key that it showed.
///
/// ssh writes what it sees into a file of ours that ends with this function; no login is tried.
pub async fn ask_for_key(
    transport: &dyn Transport,
    host: &str,
    target: &Target,
    scratch: &Path,
) -> Result<Unknown, SshError> {
    let local = |path: &Path| {
        let path = path.display().to_string();
        move |source| SshError::Local { path, source }
    };
    let folder = tempfile::Builder::new()
        .prefix("key-")
        .tempdir_in(scratch)
        .map_err(local(scratch))?;
    let file = folder.path().join("seen");
    let said = meet(transport, target, &file).await?;
    let seen = tokio::fs::read_to_string(&file).await.unwrap_or_default();
    let line = seen.lines().next_back();
    let unknown = line.and_then(|line| {
        Some(Unknown {
            key: key_of(line)?,
            line: line.to_owned(),
        })
    });
    unknown.ok_or_else(|| not_connected(host, &said))
}

/// Runs ssh so that it takes any key into `file` and then stops. Gives what it said.
async fn meet(transport: &dyn Transport, target: &Target, file: &Path) -> Result<String, SshError> {
    let mut known = OsString::from("UserKnownHostsFile=");
    known.push("\"");
    known.push(file);
    known.push("\"");
    let mut arguments = target.options();
    for option in [
        "StrictHostKeyChecking=accept-new",
        "GlobalKnownHostsFile=none",
        "KnownHostsCommand=none",
        "UpdateHostKeys=no",
        "HostbasedAuthentication=no",
        "PubkeyAuthentication=no",
        "GSSAPIAuthentication=no",
        "ControlMaster=no",
        "ControlPath=none",
    ] {
        arguments.extend(["-o".into(), option.into()]);
    }
    arguments.extend([
        "-o".into(),
        known,
        "--".into(),
        target.destination.clone().into(),
    ]);
    arguments.push("true".into());
    let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
    let run = transport.ssh(&arguments).output();
    match timeout(LIMIT, run).await {
        Ok(output) => {
            let output = output.map_err(SshError::NoProgram)?;
            Ok(String::from_utf8_lossy(&output.stderr).into_owned())
        }
        Err(_) => Ok(format!("no key came within {} s", LIMIT.as_secs())),
    }
}

/// The key of a line `HOSTS ALGORITHM BASE64`: sshd(8), `SSH_KNOWN_HOSTS FILE FORMAT`.
fn key_of(line: &str) -> Option<HostKey> {
    let mut fields = line.split_whitespace();
    let (_hosts, algorithm, key) = (fields.next()?, fields.next()?, fields.next()?);
    let hash = Sha256::digest(STANDARD.decode(key).ok()?);
    Some(HostKey {
        algorithm: family(algorithm).to_owned(),
        fingerprint: format!("SHA256:{}", STANDARD_NO_PAD.encode(hash)),
    })
}

/// What ssh-keygen calls an algorithm.
fn family(algorithm: &str) -> &str {
    match algorithm {
        "ssh-ed25519" => "ED25519",
        "ssh-rsa" => "RSA",
        "ssh-dss" => "DSA",
        other if other.starts_with("ecdsa-") => "ECDSA",
        other if other.starts_with("sk-ssh-ed25519") => "ED25519-SK",
        other if other.starts_with("sk-ecdsa") => "ECDSA-SK",
        other => other,
    }
}

/// Adds the key to the file where ssh looks for it from now on.
pub fn accept(unknown: &Unknown, file: &Path) -> Result<(), SshError> {
    append(unknown, file).map_err(|source| SshError::Local {
        path: file.display().to_string(),
        source,
    })
}

fn append(unknown: &Unknown, file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        make_private(folder)?;
    }
    let before = match std::fs::read(file) {
        Ok(before) => before,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let open = before.last().is_some_and(|last| *last != b'\n');
    let line = format!("{}{}\n", if open { "\n" } else { "" }, unknown.line);
    let mut file: std::fs::File = std::fs::File::options()
        .append(true)
        .create(true)
        .open(file)?;
    file.write_all(line.as_bytes())
}

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// The first file of a configuration's `UserKnownHostsFile`, which is where ssh itself adds keys.
pub(super) fn first_file(value: &str, home: Option<&Path>) -> Option<PathBuf> {
    let first = value.split_whitespace().next()?;
    match first.strip_prefix("~/") {
        Some(rest) => Some(home?.join(rest)),
        None => Some(PathBuf::from(first)).filter(|path| path.is_absolute()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Unknown, accept, key_of};

    /// Made with ssh-keygen, whose `-l` gave the fingerprint.
    const LINE: &str = "[127.0.0.1]:2207 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILKuUGqXCzVci28V46Hx9ESKSUdYmgLdNA4i4+FiUUvz";

    #[test]
    fn a_fingerprint_is_the_one_that_ssh_keygen_prints() {
        let key = key_of(LINE).unwrap();
        assert_eq!(key.algorithm, "ED25519");
        assert_eq!(
            key.fingerprint,
            "SHA256:k0RAVJUdVfS09mMJeMUJq2E1KuTBgmePtGQ2iQ36cbE"
        );
        assert_eq!(key_of("no key"), None);
    }

    #[test]
    fn an_accepted_key_stands_on_a_line_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ssh/known_hosts");
        let unknown = Unknown {
            key: key_of(LINE).unwrap(),
            line: LINE.to_owned(),
        };
        accept(&unknown, &file).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{LINE}\n"));
        std::fs::write(&file, "other ssh-rsa AAAA").unwrap();
        accept(&unknown, &file).unwrap();
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            format!("other ssh-rsa AAAA\n{LINE}\n")
        );
    }
}
