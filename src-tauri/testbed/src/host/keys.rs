//! Pairs of keys, made by OpenSSH's own program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The two files of an ed25519 key.
#[derive(Clone, Debug)]
pub(super) struct KeyPair {
    private: PathBuf,
}

impl KeyPair {
    /// Makes a new one in this file and `<file>.pub`, in the place of what is there.
    pub(super) fn make(file: PathBuf) -> Self {
        // The program asks before it replaces one.
        let _absent = fs::remove_file(&file);
        keygen(
            &["-q", "-t", "ed25519", "-N", "", "-C", "testbed", "-f"],
            &file,
        );
        Self { private: file }
    }

    pub(super) fn private(&self) -> &Path {
        &self.private
    }

    /// The public half as known hosts and authorised keys have it: type and key.
    pub(super) fn public(&self) -> String {
        let file = self.private.with_extension("pub");
        let line = fs::read_to_string(file).expect("a key has a public half");
        let words: Vec<_> = line.split_whitespace().take(2).collect();
        words.join(" ")
    }

    /// `SHA256:…`, as OpenSSH says it.
    pub(super) fn fingerprint(&self) -> String {
        let line = keygen(&["-l", "-E", "sha256", "-f"], &self.private);
        let fingerprint = line.split_whitespace().nth(1);
        fingerprint
            .expect("the second word is the fingerprint")
            .to_owned()
    }
}

fn keygen(options: &[&str], file: &Path) -> String {
    let output = Command::new("ssh-keygen")
        .args(options)
        .arg(file)
        .output()
        .unwrap_or_else(|error| panic!("cannot run ssh-keygen (package openssh-client): {error}"));
    assert!(
        output.status.success(),
        "ssh-keygen failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
