//! Git repositories on loopback, served by git's own daemon.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Wire;
use super::port::Port;
use super::repository::{Repository, change};
use crate::enclosure::Enclosure;
use crate::folder::Folder;

/// What serves them, in the place of its shell. Its arguments are the port and the folder.
const SCRIPT: &str = "export HOME=\"$2\" GIT_CONFIG_NOSYSTEM=1
exec git daemon --listen=127.0.0.1 --port=\"$1\" --reuseaddr --export-all --informative-errors --max-connections=0 \
--base-path=\"$2\" \"$2\"";

/// A loaded machine may need long; a daemon that is not there after this never will be.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Repositories at `git://127.0.0.1:<port>/<name>`. Dropping it ends their server and removes them.
#[derive(Debug)]
pub struct Repositories {
    port: Port,
    // The process is dropped, and so ended, before the folder.
    _process: Enclosure,
    folder: Folder,
}

impl Repositories {
    /// A server without a repository. One that is asked for is missing, and git says so.
    pub fn start() -> Self {
        let folder = Folder::new();
        let port = Port::reserve();
        let number = port.number().to_string();
        let data = folder.path().join("data");
        let arguments = [OsStr::new(&number), data.as_os_str()];
        let log = folder.path().join("log");
        let mut process = Enclosure::start(SCRIPT, &arguments, &log);
        wait_until_it_answers(&mut process, port.number(), &log);
        Self {
            port,
            _process: process,
            folder,
        }
    }

    /// Makes a repository, which is served at once.
    pub fn add(&self, repository: &Repository) {
        let folder = self.folder_of(&repository.name);
        fs::create_dir_all(&folder).expect("the folder of the repositories is writable");
        let history = repository.history(|name| (self.url(name), self.commit(name, "main")));
        git(&folder, &["init", "--quiet", "--bare", "-b", "main"], b"");
        // The large hosters let a client ask for a commit by its number.
        git(
            &folder,
            &["config", "uploadpack.allowAnySHA1InWant", "true"],
            b"",
        );
        import(&folder, &history);
    }

    /// Writes a file in one more commit on `main`; the commit.
    pub fn change(&self, name: &str, path: &str, content: &str) -> String {
        import(&self.folder_of(name), &change(path, content.as_bytes()));
        self.commit(name, "main")
    }

    /// Takes a repository away.
    pub fn remove(&self, name: &str) {
        let folder = self.folder_of(name);
        fs::remove_dir_all(&folder).unwrap_or_else(|error| panic!("no repository {name}: {error}"));
    }

    /// The address of a repository, there or not.
    pub fn url(&self, name: &str) -> String {
        format!("git://127.0.0.1:{}/{name}", self.port())
    }

    /// Its address through this wire, which must lead to [`port`](Self::port).
    pub fn url_through(&self, wire: &Wire, name: &str) -> String {
        format!("git://127.0.0.1:{}/{name}", wire.port())
    }

    /// The port of 127.0.0.1 that they are served on.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// The commit that a tag, a branch or another revision of a repository means.
    pub fn commit(&self, name: &str, revision: &str) -> String {
        let revision = format!("{revision}^{{commit}}");
        let folder = self.folder_of(name);
        git(&folder, &["rev-parse", "--verify", &revision], b"")
            .trim_end()
            .to_owned()
    }

    /// With the ending `.git`, so that the address may have it or not.
    fn folder_of(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(format!("{name}.git"))
    }
}

fn import(folder: &Path, history: &[u8]) {
    git(folder, &["fast-import", "--quiet", "--force"], history);
}

/// Runs git in a bare repository without anybody's settings; its standard output.
fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> String {
    let mut child = Command::new("git")
        .arg("--git-dir")
        .arg(folder)
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run git (package git): {error}"));
    let mut stdin = child.stdin.take().expect("its input is ours");
    // A git that has failed reads no more, and says why.
    let _failed = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("git is our child");
    assert!(
        output.status.success(),
        "git {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn wait_until_it_answers(process: &mut Enclosure, port: u16, log: &Path) {
    let deadline = Instant::now() + START_LIMIT;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(
            process.ended().is_none() && Instant::now() < deadline,
            "git's daemon did not start; is Debian's git there? Run script/testbed-setup.\n{}",
            fs::read_to_string(log).unwrap_or_default()
        );
        thread::sleep(Duration::from_millis(5));
    }
}
