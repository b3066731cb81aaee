//! The program under test: its own folders, its output, its signals.

use labwright_testbed::Engine;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use tempfile::TempDir;

/// `lw` with a history and a configuration of its own.
pub(crate) struct Program {
    /// Where its files and the test's lie.
    pub(crate) folder: TempDir,
    engine: String,
}

impl Program {
    /// A program that talks to this engine.
    pub(crate) fn for_engine(engine: &Engine) -> Self {
        Self::for_address(&engine.address())
    }

    /// A program that talks to the engine at this address.
    pub(crate) fn for_address(address: &str) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            engine: address.to_owned(),
        }
    }

    /// Writes a file for the test.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A command line, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_lw")), arguments)
    }

    /// The same with another path to the program.
    pub(crate) fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .args(["--engine", &self.engine])
            .env("LABWRIGHT_DATA_DIR", self.folder.path().join("data"))
            .env("LABWRIGHT_CONFIG_DIR", self.folder.path().join("config"))
            .env_remove("LW_ENGINE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs to the end, which must be good; returns what was printed.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts an import with events on its output.
    pub(crate) fn import(&self, path: &Path, more: &[&str]) -> Running {
        self.start(&[&["import", path.to_str().unwrap()], more].concat())
    }

    /// Starts a command with events on its output.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let arguments = [arguments, &["--json"]].concat();
        let mut child = self.command(&arguments).spawn().unwrap();
        let events = BufReader::new(child.stdout.take().unwrap());
        Running { child, events }
    }

    /// The jobs that the history tells of.
    pub(crate) fn jobs(&self) -> Vec<Value> {
        let list: Value = serde_json::from_str(&self.succeed(&["jobs", "list", "--json"])).unwrap();
        list.as_array().unwrap().clone()
    }
}

/// A program that runs, and its events.
pub(crate) struct Running {
    child: Child,
    events: BufReader<ChildStdout>,
}

impl Running {
    /// The next event; none at the end.
    pub(crate) fn event(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.events.read_line(&mut line).unwrap();
        (!line.is_empty()).then(|| serde_json::from_str(&line).unwrap())
    }

    /// Waits until bytes are sent.
    pub(crate) fn wait_until_it_sends(&mut self) {
        while let Some(event) = self.event() {
            let change = &event["change"];
            assert_ne!(change["type"], "finished", "{change}");
            if change["type"] == "progress" && change["step"] == 2 {
                return;
            }
        }
        panic!("lw ended without sending anything");
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    /// The largest resident memory so far, in KiB (Linux: `VmHWM`); 0 once it has ended.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.map_or(0, |line| {
            line.trim().trim_end_matches(" kB").parse().unwrap()
        })
    }

    /// Waits for its end: the exit code, and the last event.
    pub(crate) fn end(mut self) -> (Option<i32>, Option<Value>) {
        let mut last = None;
        while let Some(event) = self.event() {
            last = Some(event);
        }
        (self.child.wait().unwrap().code(), last)
    }
}
