//! A host of a test's own: a home, a target, and the runner started there as the client starts it.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use tempfile::TempDir;

use crate::job::Job;
use crate::plan::Plan;
use crate::report::Report;
use crate::repository::Repository;

/// The script.
const RUNNER: &str = include_str!("../../src/runner/runner.sh");
/// What it starts to verify.
const VERIFY: &str = include_str!("../../src/runner/verify.py");

/// The tools that the runner may call, as busybox has them.
const TOOLS: [&str; 20] = [
    "awk", "cat", "date", "df", "find", "grep", "head", "ls", "mkdir", "mkfifo", "mv", "rm",
    "rmdir", "sed", "sleep", "sort", "tail", "tr", "wc", "uname",
];

/// A shell that hosts have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shell {
    command: &'static [&'static str],
    /// Whether busybox has all the tools too, as it has on small hosts.
    small: bool,
}

/// dash, which most hosts call `sh`.
pub(crate) const DASH: Shell = Shell {
    command: &["dash"],
    small: false,
};

const SHELLS: [Shell; 3] = [
    DASH,
    Shell {
        command: &["busybox", "sh"],
        small: true,
    },
    Shell {
        command: &["bash", "--posix"],
        small: false,
    },
];

/// Runs a test under each shell, side by side, each on a host of its own.
pub(crate) fn under_each_shell(test: impl Fn(&Bench) + Sync) {
    thread::scope(|scope| {
        for shell in SHELLS {
            let test = &test;
            let thread = thread::Builder::new().name(shell.command.join(" "));
            thread
                .spawn_scoped(scope, move || test(&Bench::new(shell)))
                .unwrap();
        }
    });
}

/// A host.
#[derive(Debug)]
pub(crate) struct Bench {
    folder: TempDir,
    shell: Shell,
}

impl Bench {
    pub(crate) fn new(shell: Shell) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("a host ")
            .tempdir()
            .unwrap();
        let bench = Self { folder, shell };
        for folder in [
            bench.target(),
            bench.tools(),
            bench.path("repositories"),
            bench.path("wheels"),
        ] {
            fs::create_dir_all(folder).unwrap();
        }
        bench.add_tool("python3", "#!/bin/sh\nexit 127\n");
        if shell.small {
            let busybox = ["/bin/busybox", "/usr/bin/busybox"].map(Path::new);
            let busybox = busybox.into_iter().find(|path| path.exists()).unwrap();
            for tool in TOOLS {
                symlink(busybox, bench.tools().join(tool)).unwrap();
            }
        }
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// Where the plans' nodes go.
    pub(crate) fn target(&self) -> PathBuf {
        self.home().join("Comfy UI/custom_nodes")
    }

    /// What stands before everything else on the host's search path.
    pub(crate) fn tools(&self) -> PathBuf {
        self.path("tools")
    }

    /// Lets the host have this machine's Python: it has none otherwise, which makes the tests that need none quick.
    pub(crate) fn with_python(&self) -> &Self {
        let script = "import sys; print(sys.executable)";
        let output = Command::new("python3")
            .args(["-c", script])
            .output()
            .unwrap();
        let python = String::from_utf8(output.stdout).unwrap();
        let link = self.tools().join("python3");
        fs::remove_file(&link).unwrap();
        symlink(python.trim_end(), link).unwrap();
        self
    }

    /// Puts a program on the host's search path, before those of this machine.
    pub(crate) fn add_tool(&self, name: &str, script: &str) {
        let path = self.tools().join(name);
        fs::write(&path, script).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn repository(&self, name: &str) -> Repository {
        Repository::new(self.path("repositories").join(name))
    }

    pub(crate) fn job_folder(&self, id: &str) -> PathBuf {
        self.home().join(".cache/labwright/jobs").join(id)
    }

    /// Sends a job, but does not start it.
    pub(crate) fn send(&self, id: &str, plan: &str) -> PathBuf {
        let folder = self.job_folder(id);
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in [("runner", RUNNER), ("verify.py", VERIFY), ("plan", plan)] {
            fs::write(folder.join(name), text).unwrap();
        }
        folder
    }

    /// A command on the host, in a session of its own, as the client starts the runner.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                "umask 077; PATH=$1:$PATH; export PATH; shift; exec setsid \"$@\"",
                "sh",
            ])
            .arg(self.tools())
            .args(words)
            .current_dir(self.folder.path())
            .env("HOME", self.home())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("PIP_NO_INDEX", "1")
            .env("PIP_CONFIG_FILE", "/dev/null")
            .env(
                "PIP_FIND_LINKS",
                format!("file://{}", self.path("wheels").display()).replace(' ', "%20"),
            )
            .stdin(Stdio::null());
        for name in [
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "VIRTUAL_ENV",
            "PYTHONPATH",
            "GIT_CONFIG_GLOBAL",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// The words that start the host's shell.
    pub(crate) fn shell(&self) -> &'static [&'static str] {
        self.shell.command
    }

    /// Starts the runner of a job that was sent.
    pub(crate) fn launch(&self, folder: &Path) -> Job {
        let runner = folder.join("runner");
        let mut words = self.shell().to_vec();
        words.extend([runner.to_str().unwrap(), folder.to_str().unwrap()]);
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join("log"))
            .unwrap();
        let mut command = self.command(&words);
        command.stdout(log.try_clone().unwrap()).stderr(log);
        Job {
            folder: folder.to_owned(),
            process: command.spawn().unwrap(),
        }
    }

    pub(crate) fn start(&self, id: &str, plan: &Plan) -> Job {
        self.launch(&self.send(id, &plan.text()))
    }

    /// Does a whole job.
    pub(crate) fn run(&self, id: &str, plan: &Plan) -> Report {
        self.start(id, plan).finish()
    }
}
