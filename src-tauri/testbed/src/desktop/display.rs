//! A private screen and session bus, with folders of their own.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::Pid;

use super::until;
use crate::enclosure::Enclosure;
use crate::folder::Folder;

const SCRIPT: &str = include_str!("display.sh");
const BUS: &str = include_str!("bus.conf");
const SESSION: &str = include_str!("session.py");

/// A server that has not begun by then never will.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The folders of a user, below the home folder, and the variables that name them.
const USER_FOLDERS: [(&str, &str); 4] = [
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_CACHE_HOME", ".cache"),
    ("XDG_STATE_HOME", ".local/state"),
];

/// An X display without a window manager, a session bus, and a user's empty home.
///
/// Everything that was started on it ends when the last clone is dropped, and when the test is killed. It needs root, as
/// private engines do.
#[derive(Clone, Debug)]
pub struct Display(Arc<Parts>);

/// The processes are dropped, and so ended, before the folder.
#[derive(Debug)]
struct Parts {
    first_process: Pid,
    /// For its end; a lock makes the display usable from several threads.
    _enclosure: Mutex<Enclosure>,
    folder: Folder,
    number: String,
}

impl Display {
    /// A screen of 1280×900: a window of 800 rows leaves room for the source of a drag below it.
    pub fn new() -> Self {
        Self::with_size(1280, 900)
    }

    /// A screen of this size in pixels.
    pub fn with_size(width: u32, height: u32) -> Self {
        let folder = Folder::new();
        prepare(folder.path());
        let screen = format!("{width}x{height}x24");
        let arguments = [
            folder.path().as_os_str(),
            OsStr::new(&screen),
            OsStr::new(SESSION),
        ];
        let enclosure = Enclosure::start(SCRIPT, &arguments, &folder.path().join("log"));
        let enclosure = Mutex::new(enclosure);
        let (number, first_process) = wait_for_servers(&enclosure, folder.path());
        Self(Arc::new(Parts {
            first_process,
            _enclosure: enclosure,
            folder,
            number,
        }))
    }

    /// The display's name, `:N`.
    pub fn name(&self) -> String {
        format!(":{}", self.0.number)
    }

    /// The home folder of the programs on this display. It is as good outside as inside.
    pub fn home(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// A program on this display, not yet started: in the display's namespaces, with the display's environment and no
    /// other variable. Programs see each other's process numbers as they are inside, so a program that is to recognise
    /// another one's must be started here too.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg("--target")
            .arg(self.0.first_process.as_raw_nonzero().to_string())
            .args(["--mount", "--pid", "--"])
            .arg(program)
            .env_clear()
            .envs(self.environment());
        command
    }

    /// Runs one of the tools on this display to its end; its standard output.
    pub(super) fn run(&self, tool: &str, arguments: &[&str]) -> String {
        self.try_run(tool, arguments)
            .unwrap_or_else(|error| panic!("{tool} {}: {error}", arguments.join(" ")))
    }

    /// The same, or what it said when it failed.
    pub(super) fn try_run(&self, tool: &str, arguments: &[&str]) -> Result<String, String> {
        let output = self
            .command(tool)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot run nsenter (package util-linux): {error}"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(format!("{}: {}", output.status, errors.trim_end()))
    }

    /// Runs a Python program of ours to its end; its standard output. Debian's Python, which has the GTK bindings.
    pub(super) fn python(&self, program: &str, arguments: &[&str]) -> String {
        self.run("/usr/bin/python3", &[&["-c", program], arguments].concat())
    }

    /// Where the display's own files lie.
    pub(super) fn folder(&self) -> &Path {
        self.0.folder.path()
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let path = |below: &str| self.folder().join(below).display().to_string();
        let home = path("data");
        let mut variables = vec![
            (
                "PATH",
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
            ),
            ("LANG", "C.UTF-8".to_owned()),
            ("DISPLAY", self.name()),
            (
                "DBUS_SESSION_BUS_ADDRESS",
                format!("unix:path={}", path("bus")),
            ),
            ("XDG_RUNTIME_DIR", path("run")),
            ("TMPDIR", path("tmp")),
            ("GDK_BACKEND", "x11".to_owned()),
            // No settings service and no screen reader are there, so nobody waits for one.
            ("GSETTINGS_BACKEND", "memory".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
        ];
        let folders = USER_FOLDERS.map(|(name, below)| (name, format!("{home}/{below}")));
        variables.extend(folders);
        variables.push(("HOME", home));
        variables
    }
}

impl Default for Display {
    fn default() -> Self {
        Self::new()
    }
}

fn prepare(folder: &Path) {
    let bus = BUS.replace("@HOME@", &folder.display().to_string());
    fs::write(folder.join("bus.conf"), bus).expect("the display's new folder is writable");
    let folders = USER_FOLDERS.map(|(_, below)| folder.join("data").join(below));
    for new in folders.iter().chain([&folder.join("run")]) {
        fs::create_dir_all(new).unwrap_or_else(|error| panic!("{}: {error}", new.display()));
    }
    // Programs refuse a run-time folder that others may read.
    fs::set_permissions(folder.join("run"), fs::Permissions::from_mode(0o700))
        .expect("the folder is ours");
}

/// The display's number and the PID 1 of its namespaces, once X, bus and session answer.
fn wait_for_servers(enclosure: &Mutex<Enclosure>, folder: &Path) -> (String, Pid) {
    let mut enclosure = enclosure.lock().unwrap_or_else(PoisonError::into_inner);
    let begun = until(START_LIMIT, || {
        if enclosure.ended().is_some() {
            return Some(None);
        }
        let display = fs::read_to_string(folder.join("display")).ok()?;
        let number = display.strip_suffix('\n')?.to_owned();
        let ready = folder.join("session").exists();
        ready.then_some(Some((number, enclosure.first_process()?)))
    });
    begun.flatten().unwrap_or_else(|| {
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        panic!("the display did not start; are Debian's xvfb, dbus and python3-gi there? Run script/testbed-setup.\n{log}")
    })
}
