//! A session with a real keyring: GNOME's, on a D-Bus of its own.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::enclosure::Enclosure;
use crate::folder::Folder;

const SCRIPT: &str = include_str!("keyring.sh");

/// A loaded machine may need long; a keyring that is not there after this never will be.
const START_LIMIT: Duration = Duration::from_secs(30);

/// A session in which nothing is started by being asked for: what is not there stays away.
const CONFIGURATION: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:path=BUS</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A session's bus, with a keyring or without. Dropping it ends its processes and removes what it kept.
#[derive(Debug)]
pub struct Keyring {
    // The processes are dropped, and so ended, before the folder.
    _processes: Enclosure,
    folder: Folder,
}

impl Keyring {
    /// A session with an empty keyring that is unlocked.
    pub fn unlocked() -> Self {
        Self::start("yes")
    }

    /// A session without a keyring.
    pub fn absent() -> Self {
        Self::start("no")
    }

    /// The address of the session's bus, as `DBUS_SESSION_BUS_ADDRESS` has it.
    pub fn address(&self) -> String {
        address(self.folder.path())
    }

    /// Locks the keyring. Nobody can be asked for its password.
    pub fn lock(&self) {
        let output = Command::new("dbus-send")
            .args([&format!("--bus={}", self.address()), "--print-reply"])
            .args(["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
            .arg("org.freedesktop.Secret.Service.Lock")
            .arg("array:objpath:/org/freedesktop/secrets/collection/login")
            .output()
            .unwrap_or_else(|error| panic!("cannot run dbus-send (package dbus): {error}"));
        assert!(
            output.status.success(),
            "the keyring was not locked: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// What is in the keyring's files: nothing that is secret may be read in it.
    pub fn files(&self) -> Vec<u8> {
        let keyrings = self.folder.path().join("data/keyrings");
        let files = fs::read_dir(keyrings).into_iter().flatten().flatten();
        files
            .filter_map(|file| fs::read(file.path()).ok())
            .flatten()
            .collect()
    }

    fn start(keyring: &str) -> Self {
        let folder = Folder::new();
        let home = folder.path();
        let configuration = CONFIGURATION.replace("BUS", &home.join("bus").to_string_lossy());
        fs::write(home.join("bus.conf"), configuration)
            .expect("the session's new folder is writable");
        let log = home.join("log");
        let arguments = [home.as_os_str(), OsStr::new(keyring)];
        let mut processes = Enclosure::start(SCRIPT, &arguments, &log);
        let deadline = Instant::now() + START_LIMIT;
        while !home.join("ready").exists() {
            assert!(
                processes.ended().is_none() && Instant::now() < deadline,
                "the keyring did not start; is Debian's gnome-keyring there? Run script/testbed-setup.\n{}",
                fs::read_to_string(&log).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(10));
        }
        Self {
            _processes: processes,
            folder,
        }
    }
}

fn address(home: &Path) -> String {
    format!("unix:path={}", home.join("bus").display())
}
