//! This side of the connection: the client's configuration, what it knows of the host, and commands sent there.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::PoisonError;

use super::{Host, Wire, far_side};

/// The ports by which the host is reached, and whether its key is known for them.
#[derive(Debug)]
pub(super) struct Known {
    ports: BTreeSet<u16>,
    trusted: bool,
}

impl Known {
    pub(super) fn new(port: u16) -> Self {
        Self {
            ports: BTreeSet::from([port]),
            trusted: false,
        }
    }
}

impl Host {
    /// Its name in the configuration.
    pub fn alias(&self) -> &'static str {
        "testhost"
    }

    /// The port of 127.0.0.1 that its server listens on.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// The name of the user there.
    pub fn user(&self) -> String {
        far_side::user()
    }

    /// The client's configuration, with one host, the alias.
    pub fn ssh_config(&self) -> PathBuf {
        self.write_configuration(self.port())
    }

    /// Another configuration, by which the same alias is reached through this wire.
    pub fn ssh_config_through(&self, wire: &Wire) -> PathBuf {
        self.write_configuration(wire.port())
    }

    /// The private key that lets the client in.
    pub fn identity(&self) -> &Path {
        self.client_key.private()
    }

    /// The file of known hosts in the configurations: empty until [`trust`](Self::trust).
    pub fn known_hosts(&self) -> PathBuf {
        self.folder.path().join("known_hosts")
    }

    /// The fingerprint of its key now, `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.server_key.fingerprint()
    }

    /// Makes its key known to the client, for its own port and for every wire that has a configuration. After a change
    /// of the key the old one stays known, as it does with a user.
    pub fn trust(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.trusted = true;
        for port in &known.ports {
            append(&self.known_hosts(), &self.known_host(*port));
        }
    }

    /// Runs a command there, by a real SSH client that knows the host's key, and returns its standard output; panics
    /// with what it said. The login shell reads it, and may print before it.
    pub fn run(&self, script: &str) -> String {
        self.try_run(script)
            .unwrap_or_else(|message| panic!("on the host, `{script}`: {message}"))
    }

    /// Runs a command there: its standard output if it succeeds, else its status and what it printed.
    pub fn try_run(&self, script: &str) -> Result<String, String> {
        let output = Command::new("ssh")
            .arg("-F")
            .arg(self.ssh_config())
            .args([
                "-o",
                &format!("UserKnownHostsFile={}", self.own_known_hosts().display()),
            ])
            .args(["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"])
            .args([self.alias(), "--", script])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot run ssh (package openssh-client): {error}"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        let mut message = output.status.to_string();
        for text in [text(&output.stdout), text(&output.stderr)] {
            let _infallible = write!(message, "\n{}", text.trim_end());
        }
        Err(message)
    }

    /// Makes its key of this moment known to its own client, and the test's file of known hosts if there is none.
    pub(super) fn prepare_client(&self) {
        fs::write(self.own_known_hosts(), self.known_host(self.port()))
            .expect("the host's folder is writable");
        append(&self.known_hosts(), "");
    }

    fn own_known_hosts(&self) -> PathBuf {
        self.folder.path().join("own_known_hosts")
    }

    fn known_host(&self, port: u16) -> String {
        format!("[127.0.0.1]:{port} {}\n", self.server_key.public())
    }

    fn write_configuration(&self, port: u16) -> PathBuf {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.ports.insert(port) && known.trusted {
            append(&self.known_hosts(), &self.known_host(port));
        }
        let file = self.folder.path().join(format!("ssh_config-{port}"));
        // A client may be reading it.
        if !file.exists() {
            fs::write(&file, self.configuration(port)).expect("the host's folder is writable");
        }
        file
    }

    fn configuration(&self, port: u16) -> String {
        format!(
            "Host {alias}\n  HostName 127.0.0.1\n  Port {port}\n  User {user}\n  IdentityFile {identity}\n  \
             IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile {known_hosts}\n  \
             GlobalKnownHostsFile /dev/null\n",
            alias = self.alias(),
            user = self.user(),
            identity = self.identity().display(),
            known_hosts = self.known_hosts().display(),
        )
    }
}

fn append(file: &Path, text: &str) {
    let opened = File::options().create(true).append(true).open(file);
    opened
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
}
