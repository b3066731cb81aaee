//! The host's processes: its server, its reboots, and what runs there.

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::client::Known;
use super::keys::KeyPair;
use super::port::Port;
use super::process::{Process, beside};
use super::{HostBuilder, far_side};
use crate::enclosure::Enclosure;
use crate::folder::Folder;

/// What the host's PID 1 does.
const SCRIPT: &str = include_str!("host.sh");

/// A loaded machine may need long; a server that is not there after this never will be.
const START_LIMIT: Duration = Duration::from_secs(30);

/// A machine reached by SSH on 127.0.0.1. Dropping it ends its processes and removes its files. It needs root, as
/// private engines do.
///
/// Its files are this machine's, under the same paths, but it has a home, a `TMPDIR` and a `/run` of its own, and sees no
/// process but its own. Every method takes `&self`, so that a thread can reboot the host that another one talks to.
#[derive(Debug)]
pub struct Host {
    // The processes are dropped, and so ended, before the folder.
    enclosure: Mutex<Enclosure>,
    pub(super) port: Port,
    pub(super) client_key: KeyPair,
    pub(super) server_key: KeyPair,
    pub(super) known: Mutex<Known>,
    home: PathBuf,
    access: &'static str,
    pub(super) folder: Folder,
}

impl Host {
    /// A host with an empty home.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// A host, to say more about.
    pub fn builder() -> HostBuilder {
        HostBuilder::new()
    }

    pub(super) fn begin(settings: &HostBuilder) -> Self {
        let folder = Folder::new();
        let port = Port::reserve();
        if let Some(bytes) = settings.disk {
            folder.limit_data(bytes);
        }
        if let Some(bytes) = settings.small_folder {
            far_side::mount_disk(&folder.path().join("small"), bytes);
        }
        let home = folder.path().join("data").join(&settings.home);
        far_side::write(settings, folder.path(), &home, port.number());
        let access = if settings.read_only_home { "ro" } else { "rw" };
        let client_key = KeyPair::make(folder.path().join("client_key"));
        let server_key = KeyPair::make(folder.path().join("host_key"));
        let known = Known::new(port.number());
        let host = Self {
            enclosure: Mutex::new(boot(folder.path(), &home, access)),
            port,
            client_key,
            server_key,
            known: Mutex::new(known),
            home,
            access,
            folder,
        };
        host.wait_until_it_answers();
        host.prepare_client();
        host
    }

    /// The home of the user there, under the same path on both sides.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The folder that holds at most as much as [`HostBuilder::small_folder`] said, under the same path on both sides.
    pub fn small_folder(&self) -> PathBuf {
        let folder = self.folder.path().join("small");
        assert!(folder.exists(), "this host has no small folder");
        folder
    }

    /// What the server has logged since the host was made.
    pub fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        read("log") + &read("sshd.log")
    }

    /// Ends the server and its connections at once, as a cut cable does; what runs apart from a connection goes on.
    /// New connections are refused. Does nothing if it is stopped.
    pub fn stop(&self) {
        let enclosure = self.enclosure();
        let deadline = Instant::now() + START_LIMIT;
        loop {
            // One that has just accepted a connection may leave a child behind that was not listed.
            let mut servers = server_processes(&enclosure).peekable();
            if servers.peek().is_none() {
                return;
            }
            servers.for_each(|server| server.kill());
            assert!(Instant::now() < deadline, "the SSH server does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts the server again on the same port with the same keys. Does nothing if it runs.
    pub fn resume(&self) {
        {
            let enclosure = self.enclosure();
            if server_processes(&enclosure).next().is_some() {
                return;
            }
            self.start_server(first_process(&enclosure));
        }
        self.wait_until_it_answers();
    }

    /// Switches the machine off and on: every process on it ends at once, its files stay, it has another boot id, and
    /// its server listens on the same port when this returns.
    pub fn reboot(&self) {
        {
            let mut enclosure = self.enclosure();
            enclosure.kill();
            *enclosure = boot(self.folder.path(), &self.home, self.access);
        }
        self.wait_until_it_answers();
    }

    /// Gives the host another key, as a new installation of it has. Its connections end; what it runs goes on.
    pub fn change_key(&self) {
        self.stop();
        KeyPair::make(self.server_key.private().to_owned());
        self.resume();
        self.prepare_client();
    }

    /// What runs there now, the server's own processes too.
    pub fn processes(&self) -> Vec<Process> {
        beside(first_process(&self.enclosure()))
    }

    fn enclosure(&self) -> MutexGuard<'_, Enclosure> {
        self.enclosure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn start_server(&self, first: Pid) {
        let folder = self.folder.path();
        let status = Command::new("nsenter")
            .args(["--target", &first.to_string(), "--mount", "--pid", "--"])
            .args(["/usr/sbin/sshd", "-f"])
            .arg(folder.join("sshd_config"))
            .arg("-E")
            .arg(folder.join("sshd.log"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap_or_else(|error| panic!("cannot run nsenter (package util-linux): {error}"));
        assert!(
            status.success(),
            "sshd did not start again:\n{}",
            self.log()
        );
    }

    fn wait_until_it_answers(&self) {
        let deadline = Instant::now() + START_LIMIT;
        while !answers(self.port.number()) {
            assert!(
                self.enclosure().ended().is_none() && Instant::now() < deadline,
                "sshd did not start; is Debian's openssh-server there? Run script/testbed-setup.\n{}",
                self.log()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Starts the machine.
fn boot(folder: &Path, home: &Path, access: &str) -> Enclosure {
    far_side::write_boot_id(folder);
    let arguments = [folder.as_os_str(), home.as_os_str(), OsStr::new(access)];
    Enclosure::start(SCRIPT, &arguments, &folder.join("log"))
}

fn first_process(enclosure: &Enclosure) -> Pid {
    enclosure
        .first_process()
        .expect("a host runs until it is dropped")
}

fn server_processes(enclosure: &Enclosure) -> impl Iterator<Item = Process> {
    beside(first_process(enclosure))
        .into_iter()
        .filter(Process::is_ssh_server)
}

/// Whether an SSH server greets on this port.
fn answers(port: u16) -> bool {
    let Ok(mut connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        return false;
    };
    let mut greeting = [0; 4];
    connection.read_exact(&mut greeting).is_ok() && greeting == *b"SSH-"
}
