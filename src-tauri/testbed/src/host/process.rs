//! What runs on a host.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// What the host's PID 1 waits for, which no test started.
const IDLE: &str = "sleep 2147483647";

/// A process on a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number on the host.
    pub id: u32,
    /// Its program and arguments, separated by spaces.
    pub command: String,
    name: String,
    outside: Pid,
}

impl Process {
    /// Ends it at once, as `kill -9` does.
    pub fn kill(&self) {
        // One that has just ended by itself is no failure.
        let _gone = kill_process(self.outside, Signal::KILL);
    }

    pub(super) fn is_ssh_server(&self) -> bool {
        self.name == "sshd"
    }
}

/// The processes in the PID namespace of this one, but for itself and what it waits for.
pub(super) fn beside(first: Pid) -> Vec<Process> {
    let namespace = namespace(first);
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers
        .filter_map(Pid::from_raw)
        .filter(|&outside| outside != first && namespace_is(outside, namespace.as_deref()))
        .filter_map(read)
        .filter(|process| process.command != IDLE)
        .collect()
}

fn namespace(process: Pid) -> Option<Box<Path>> {
    let link = fs::read_link(format!("/proc/{process}/ns/pid")).ok()?;
    Some(link.into_boxed_path())
}

fn namespace_is(process: Pid, wanted: Option<&Path>) -> bool {
    wanted.is_some() && namespace(process).as_deref() == wanted
}

/// What `/proc` says; nothing of a process that has ended, even if nobody has asked for its status yet.
fn read(outside: Pid) -> Option<Process> {
    let file = |name: &str| {
        let bytes = fs::read(format!("/proc/{outside}/{name}")).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let arguments = file("cmdline").filter(|arguments| !arguments.is_empty())?;
    let status = file("status")?;
    let numbers = status
        .lines()
        .find_map(|line| line.strip_prefix("NSpid:"))?;
    Some(Process {
        id: numbers.split_whitespace().next_back()?.parse().ok()?,
        command: arguments.trim_end_matches('\0').replace('\0', " "),
        name: file("comm")?.trim_end().to_owned(),
        outside,
    })
}
