//! Runs `lw` in a home of its own.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A home with nothing in it, and `lw` in it.
pub(crate) struct Home {
    folder: TempDir,
}

/// How a run of `lw` ended, and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The file of the history.
    pub(crate) fn history(&self) -> std::path::PathBuf {
        self.path().join("data/history.sqlite3")
    }

    /// `lw`, with nothing of the environment that could reach an engine or a user's files.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lw"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("PATH", "/no-such-folder")
            .env("XDG_RUNTIME_DIR", self.path().join("run"))
            .env("LABWRIGHT_DATA_DIR", self.path().join("data"))
            .env("LABWRIGHT_CONFIG_DIR", self.path().join("config"))
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.end(&mut self.command(arguments))
    }

    pub(crate) fn end(&self, command: &mut Command) -> Run {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().expect("lw runs");
        let home = self.path().to_str().expect("a plain path");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("text");
            text.replace(home, "HOME")
        };
        Run {
            code: status.code(),
            stdout: text(stdout),
            stderr: text(stderr),
        }
    }
}

impl std::fmt::Display for Run {
    /// All that a user sees of it.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "exit {:?}", self.code)?;
        writeln!(formatter, "--- stdout\n{}", self.stdout)?;
        write!(formatter, "--- stderr\n{}", self.stderr)
    }
}
