//! The small trait between us and the system's `ssh`.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::Command;

/// What starts `ssh`: the system's own program, or what a test puts in its place.
pub trait Transport: fmt::Debug + Send + Sync {
    /// A command that runs ssh with these arguments; its streams are set by who starts it.
    fn ssh(&self, arguments: &[&OsStr]) -> Command;

    /// The folder for the sockets of shared connections; none where they are not shared.
    fn sockets(&self) -> Option<PathBuf>;
}

/// The system's `ssh`.
#[derive(Clone, Debug)]
pub struct SystemSsh {
    /// The program.
    program: PathBuf,
    /// The folder for sockets: short, and this user's alone.
    sockets: Option<PathBuf>,
}

impl SystemSsh {
    /// The program, and a folder of this user for sockets, made when it is needed.
    pub fn new(program: PathBuf, sockets: Option<PathBuf>) -> Self {
        Self { program, sockets }
    }
}

impl Transport for SystemSsh {
    fn ssh(&self, arguments: &[&OsStr]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // A Ctrl-C in the terminal is for us: we decide what it means for the far side.
        #[cfg(unix)]
        command.process_group(0);
        command
    }

    /// Windows' OpenSSH shares no connections.
    fn sockets(&self) -> Option<PathBuf> {
        self.sockets.clone().filter(|_| cfg!(unix))
    }
}
