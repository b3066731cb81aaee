//! A registry that belongs to one test: Debian's `docker-registry`, which is the distribution project's.

use std::ffi::OsStr;
use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::access::Access;
use super::configuration::configuration;
use crate::enclosure::Enclosure;
use crate::folder::Folder;

/// What the registry's enclosure runs, in the place of its shell; its argument is the configuration.
const SCRIPT: &str = "exec docker-registry serve \"$1\"";

/// A loaded machine may need long; a registry that is not there after this never will be.
const START_LIMIT: Duration = Duration::from_secs(30);

/// What its log says before the port, which is how a free one is known.
const LISTENS: &str = "listening on 127.0.0.1:";

/// A running registry on 127.0.0.1. Dropping it ends its process and removes its files.
///
/// Every method takes `&self`, so that a thread can kill the registry that an engine is pulling from.
#[derive(Debug)]
pub struct Registry {
    access: Access,
    port: u16,
    // The process is dropped, and so ended, before the folder.
    process: Mutex<Option<Enclosure>>,
    folder: Folder,
}

/// What a registry will be: without further calls one that is open to everybody.
#[derive(Clone, Debug)]
pub struct RegistryBuilder {
    access: Access,
}

impl RegistryBuilder {
    /// Lets in this user alone, by HTTP's basic authentication.
    #[must_use]
    pub fn password(mut self, user: &str, password: &str) -> Self {
        self.access = Access::Password {
            user: user.to_owned(),
            password: password.to_owned(),
        };
        self
    }

    /// Speaks TLS only, with a certificate for 127.0.0.1 and localhost, of the authority at
    /// [`Registry::authority`].
    #[must_use]
    pub fn tls(mut self) -> Self {
        self.access = Access::Tls;
        self
    }

    /// Starts it, empty, and returns when it answers.
    pub fn start(self) -> Registry {
        let folder = Folder::new();
        self.access.prepare(folder.path());
        let mut registry = Registry {
            access: self.access,
            port: 0,
            process: Mutex::default(),
            folder,
        };
        let (process, port) = registry.run(&registry.access);
        registry.process = Mutex::new(Some(process));
        registry.port = port;
        registry
    }
}

impl Registry {
    /// An empty registry that is open to everybody, without TLS.
    pub fn open() -> Self {
        Self::builder().start()
    }

    /// An empty registry that lets in this user alone, without TLS.
    pub fn with_password(user: &str, password: &str) -> Self {
        Self::builder().password(user, password).start()
    }

    /// An empty registry that is open to everybody and speaks TLS only.
    pub fn with_tls() -> Self {
        Self::builder().tls().start()
    }

    /// A registry, to say more about.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder {
            access: Access::Open,
        }
    }

    /// What a reference begins with, `127.0.0.1:<port>`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The reference of an image in this registry: `127.0.0.1:<port>/<name>`.
    pub fn reference(&self, name: &str) -> String {
        format!("{}/{name}", self.address())
    }

    /// The certificate (PEM) of the authority behind a registry with TLS.
    pub fn authority(&self) -> PathBuf {
        assert!(self.access == Access::Tls, "this registry has no TLS");
        self.folder.path().join("ca.crt")
    }

    /// What the registry has printed since its folder was made.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Kills the registry at once, as a power cut would. Its port then refuses connections; what it stores stays.
    pub fn kill(&self) {
        if let Some(mut process) = self.process().take() {
            process.kill();
        }
    }

    /// Kills the registry if it runs, and starts it again on the same port with what it stores.
    pub fn restart(&self) {
        self.kill();
        let (process, _) = self.run(&self.access);
        *self.process() = Some(process);
    }

    /// Takes away the bytes of a blob, of a layer or of a manifest (`sha256:…`); what names it stays.
    pub fn remove_blob(&self, digest: &str) {
        let data = self.data_of(digest);
        fs::remove_file(&data).unwrap_or_else(|error| panic!("no blob {digest}: {error}"));
    }

    /// Changes one byte in the middle of a blob (`sha256:…`), so that its digest is wrong. Its length stays.
    pub fn corrupt_blob(&self, digest: &str) {
        let data = self.data_of(digest);
        let mut bytes = fs::read(&data).unwrap_or_else(|error| panic!("no blob {digest}: {error}"));
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        fs::write(&data, bytes).expect("the registry's data is writable");
    }

    /// The header that lets in whoever may use this registry.
    pub(super) fn authorization(&self) -> Option<String> {
        self.access.authorization()
    }

    /// Whether it speaks TLS.
    pub(super) fn has_tls(&self) -> bool {
        self.access == Access::Tls
    }

    /// Does something with the address of a registry that has the same storage and speaks no TLS.
    pub(super) fn without_tls<T>(&self, action: impl FnOnce(&str) -> T) -> T {
        if !self.has_tls() {
            return action(&self.address());
        }
        let (_process, port) = self.start_on(0, &Access::Open, "plain");
        action(&format!("127.0.0.1:{port}"))
    }

    fn process(&self) -> MutexGuard<'_, Option<Enclosure>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the storage driver `filesystem` keeps a blob.
    fn data_of(&self, digest: &str) -> PathBuf {
        let (algorithm, hex) = digest.split_once(':').expect("a digest is algorithm:hex");
        let blobs = self.folder.path().join("data/docker/registry/v2/blobs");
        blobs.join(algorithm).join(&hex[..2]).join(hex).join("data")
    }

    fn run(&self, access: &Access) -> (Enclosure, u16) {
        self.start_on(self.port, access, "log")
    }

    /// Starts a process on this port, or on a free one for 0, with the log of this name; and returns when it answers.
    fn start_on(&self, port: u16, access: &Access, log: &str) -> (Enclosure, u16) {
        let home = self.folder.path();
        let file = home.join(format!("{log}.json"));
        fs::write(&file, configuration(home, port, access))
            .expect("the registry's folder is writable");
        let log = home.join(log);
        let before = read(&log).len();
        let arguments: [&OsStr; 1] = [file.as_os_str()];
        let mut process = Enclosure::start(SCRIPT, &arguments, &log);
        let port = wait_until_it_answers(&mut process, &log, before);
        (process, port)
    }
}

/// Waits for the port in what the log says behind its first `before` bytes, and until that port is open.
fn wait_until_it_answers(process: &mut Enclosure, log: &Path, before: usize) -> u16 {
    let deadline = Instant::now() + START_LIMIT;
    loop {
        let text = read(log);
        let new = text.get(before..).unwrap_or_default();
        if let Some(port) = listening_port(new)
            && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
        {
            return port;
        }
        let ended = process.ended();
        assert!(
            ended.is_none() && Instant::now() < deadline,
            "docker-registry did not start; is Debian's docker-registry there? Run script/testbed-setup.\n{new}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

fn listening_port(log: &str) -> Option<u16> {
    let (_, rest) = log.rsplit_once(LISTENS)?;
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    rest[..end].parse().ok()
}

fn read(log: &Path) -> String {
    fs::read_to_string(log).unwrap_or_default()
}
