//! Programs that keep logins, `docker-credential-NAME`: <https://github.com/docker/docker-credential-helpers>.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};

use serde::Deserialize;
use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use super::{Credential, CredentialError, key};

/// A helper that asks its user for something takes longer, and nobody would know what it waits for.
const LIMIT: Duration = Duration::from_secs(10);

/// What every helper says, with an exit code of failure, when it has no login for a registry.
const NONE: &str = "credentials not found in native keychain";

/// How many characters of a helper's complaint are told on.
const SHOWN: usize = 300;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// Asks the helper for the login of a registry. `search` is a list of folders, as in `PATH`.
pub(super) async fn ask(
    helper: &str,
    registry: &str,
    search: Option<&OsStr>,
) -> Result<Option<Credential>, CredentialError> {
    let name = format!("docker-credential-{helper}");
    let program = find(&name, search).ok_or_else(|| CredentialError::HelperMissing {
        helper: name.clone(),
        registry: registry.to_owned(),
    })?;
    let output = match timeout(LIMIT, run(&program, registry)).await {
        Ok(output) => output.map_err(|source| CredentialError::HelperStart {
            helper: name.clone(),
            source,
        })?,
        Err(_) => {
            return Err(CredentialError::HelperSilent {
                helper: name,
                registry: registry.to_owned(),
                seconds: LIMIT.as_secs(),
            });
        }
    };
    if output.status.success() {
        return read(&output.stdout).map_err(|source| CredentialError::HelperAnswer {
            helper: name,
            registry: registry.to_owned(),
            source,
        });
    }
    let said = complaint(&output);
    if said.contains(NONE) {
        return Ok(None);
    }
    Err(CredentialError::HelperFailed {
        helper: name,
        registry: registry.to_owned(),
        said,
    })
}

/// An answer without a secret is none: some helpers give an empty one instead of saying so.
fn read(answer: &[u8]) -> Result<Option<Credential>, serde_json::Error> {
    let Answer { username, secret } = serde_json::from_slice(answer)?;
    Ok((!secret.is_empty()).then(|| Credential::password(username, secret)))
}

async fn run(program: &Path, registry: &str) -> std::io::Result<Output> {
    let mut child = Command::new(program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that ends without reading says why in its output.
        let _ended = input.write_all(key::for_helper(registry).as_bytes()).await;
    }
    child.wait_with_output().await
}

/// What a helper says when it fails: on its standard output, by the protocol.
fn complaint(output: &Output) -> String {
    let said = [&output.stdout, &output.stderr]
        .map(|said| String::from_utf8_lossy(said).trim().to_owned())
        .into_iter()
        .find(|said| !said.is_empty());
    let said = said.unwrap_or_else(|| output.status.to_string());
    said.chars().take(SHOWN).collect()
}

/// The program of this name in the first folder that has it. A name with a path in it is none.
fn find(name: &str, search: Option<&OsStr>) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    if Path::new(&file).file_name() != Some(OsStr::new(&file)) {
        return None;
    }
    env::split_paths(search?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .find(|program| is_program(program))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
