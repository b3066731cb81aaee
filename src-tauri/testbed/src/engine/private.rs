//! An engine that belongs to one test, or one that a whole run shares.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

use super::{Kind, ping};
use crate::cache_folder;
use crate::enclosure::Enclosure;
use crate::folder::Folder;

/// What each engine's PID 1 does.
const SCRIPT: &str = include_str!("enclosure.sh");

/// A loaded machine may need long; an engine that is not there after this never will be.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running engine. Dropping a private one ends its processes and removes its mounts and files.
///
/// Every method takes `&self`, so that a thread can kill the engine another one is talking to.
#[derive(Debug)]
pub struct Engine {
    kind: Kind,
    socket: PathBuf,
    own: Option<Own>,
}

/// What a private engine holds. The processes are dropped, and so ended, before the folder.
#[derive(Debug)]
struct Own {
    enclosure: Mutex<Option<Enclosure>>,
    _folder: Folder,
}

impl Engine {
    /// Docker with the classic store: the one this run shares if there is one, else a private one.
    pub fn classic() -> Self {
        Self::shared(Kind::Classic)
    }

    /// Docker with the containerd store: the one this run shares if there is one, else a private one.
    pub fn containerd() -> Self {
        Self::shared(Kind::Containerd)
    }

    /// Podman: the one this run shares if there is one, else a private one.
    pub fn podman() -> Self {
        Self::shared(Kind::Podman)
    }

    /// The engine at [`Kind::variable`], which the program `testbed-engines` sets; without it a private one.
    ///
    /// A shared engine holds other tests' images: use names of your own, and never kill or restart it.
    pub fn shared(kind: Kind) -> Self {
        let Some(address) = env::var(kind.variable())
            .ok()
            .filter(|address| !address.is_empty())
        else {
            return Self::private(kind);
        };
        let socket = PathBuf::from(address.strip_prefix("unix://").unwrap_or(&address));
        assert!(
            ping::answers(&socket),
            "{} names no running engine: {address}",
            kind.variable()
        );
        Self {
            kind,
            socket,
            own: None,
        }
    }

    /// A new engine with empty storage.
    pub fn private(kind: Kind) -> Self {
        Self::begin(kind, Folder::new())
    }

    /// A new engine whose data folder holds at most `bytes` bytes. Its temporary files are elsewhere, unlimited.
    pub fn with_small_disk(kind: Kind, bytes: u64) -> Self {
        let folder = Folder::new();
        folder.limit_data(bytes);
        Self::begin(kind, folder)
    }

    /// A new engine that talks to these registries, `127.0.0.1:PORT`, without TLS. Docker does so with every registry on
    /// this machine; Podman must be told, and reads it only when it starts.
    pub fn trusting(kind: Kind, registries: &[&str]) -> Self {
        let folder = Folder::new();
        write_registries(&folder, registries);
        Self::begin(kind, folder)
    }

    /// The same, with a data folder that holds at most `bytes` bytes.
    pub fn trusting_with_small_disk(kind: Kind, registries: &[&str], bytes: u64) -> Self {
        let folder = Folder::new();
        write_registries(&folder, registries);
        folder.limit_data(bytes);
        Self::begin(kind, folder)
    }

    fn begin(kind: Kind, folder: Folder) -> Self {
        let (file, text) = kind.configuration(folder.path(), &folder.name());
        fs::write(folder.path().join(file), text).expect("the engine's new folder is writable");
        let socket = folder.path().join("engine.sock");
        let engine = Self {
            kind,
            socket,
            own: Some(Own {
                enclosure: Mutex::new(None),
                _folder: folder,
            }),
        };
        engine.start();
        engine
    }

    /// Which engine this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The address as clients write it, `unix:///…`.
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// The socket's path.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The engine's folder: socket, log, configuration, `data` and `tmp`.
    pub(super) fn home(&self) -> &Path {
        self.socket
            .parent()
            .expect("an engine's socket lies in its folder")
    }

    /// Where the engine keeps its images and containers. The path is the same inside and outside its namespaces.
    pub fn data_root(&self) -> PathBuf {
        self.home().join("data")
    }

    /// Where the engine puts temporary files, such as the archives it spools.
    pub fn temporary_folder(&self) -> PathBuf {
        self.home().join("tmp")
    }

    /// Fills its disk, which must be a [small one](Self::with_small_disk), up to these bytes.
    pub fn fill_disk(&self, left: u64) {
        let data = self.home().join("data");
        let space = statvfs(&data).expect("the engine has a data folder");
        let free = space.f_bavail * space.f_frsize;
        let file = File::create(data.join("filler")).expect("the data folder is writable");
        let wanted = free.saturating_sub(left);
        fallocate(file, FallocateFlags::empty(), 0, wanted).expect("there is as much space");
    }

    /// Takes away what [`fill_disk`](Self::fill_disk) put there.
    pub fn free_disk(&self) {
        let filler = self.home().join("data/filler");
        fs::remove_file(filler).expect("the disk was filled");
    }

    /// What the engine has printed since its folder was made.
    pub fn log(&self) -> String {
        fs::read_to_string(self.home().join("log")).unwrap_or_default()
    }

    /// Whether the engine answers now.
    pub fn answers(&self) -> bool {
        ping::answers(&self.socket)
    }

    /// Kills the daemon, its containerd and its containers at once, as a power cut would. Data and socket file stay.
    pub fn kill(&self) {
        if let Some(mut enclosure) = self.enclosure().take() {
            enclosure.kill();
        }
    }

    /// Ends the daemon as its service manager would. Data stays.
    pub fn stop(&self) {
        if let Some(mut enclosure) = self.enclosure().take() {
            enclosure.stop();
        }
    }

    /// Starts the engine again on the same data and socket, and returns when it answers. Does nothing if it runs.
    pub fn start(&self) {
        let mut enclosure = self.enclosure();
        if enclosure
            .as_mut()
            .is_some_and(|running| running.ended().is_none())
        {
            return;
        }
        // Of a daemon that was killed; not every engine replaces it.
        let _absent = fs::remove_file(&self.socket);
        let root = self.root();
        let arguments = [
            OsStr::new(self.kind.name()),
            self.home().as_os_str(),
            root.as_os_str(),
        ];
        let mut starting = Enclosure::start(SCRIPT, &arguments, &self.home().join("log"));
        self.wait_until_it_answers(&mut starting);
        *enclosure = Some(starting);
    }

    /// [`stop`](Self::stop), then [`start`](Self::start).
    pub fn restart(&self) {
        self.stop();
        self.start();
    }

    fn enclosure(&self) -> MutexGuard<'_, Option<Enclosure>> {
        let own = self.own.as_ref().unwrap_or_else(|| {
            panic!(
                "the {} engine is shared by many tests: take Engine::private for this",
                self.kind
            )
        });
        own.enclosure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn root(&self) -> PathBuf {
        if self.kind != Kind::Containerd {
            return PathBuf::from("/");
        }
        let root = cache_folder().join("forky");
        assert!(
            root.join("usr/sbin/dockerd").exists(),
            "{} is missing: run script/testbed-setup",
            root.display()
        );
        root
    }

    fn wait_until_it_answers(&self, enclosure: &mut Enclosure) {
        let deadline = Instant::now() + START_LIMIT;
        while !self.answers() {
            let ended = enclosure.ended();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "the {} engine did not start ({}):\n{}",
                self.kind,
                ended.map_or_else(
                    || format!("no answer in {} s", START_LIMIT.as_secs()),
                    |status| status.to_string()
                ),
                last_lines(&self.log())
            );
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Podman's list of registries, which Docker does not read.
fn write_registries(folder: &Folder, registries: &[&str]) {
    let entry =
        |address: &&str| format!("[[registry]]\nlocation = \"{address}\"\ninsecure = true\n");
    let text: String = registries.iter().map(entry).collect();
    fs::write(folder.path().join("registries.conf"), text)
        .expect("the engine's new folder is writable");
}

fn last_lines(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
