//! Processes by their numbers outside of the display's namespaces: who started whom, and what they cost.

use std::fs;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// Clock ticks per second in what the kernel tells programs (`USER_HZ`), the same on all of Linux.
const TICKS: u64 = 100;

/// A process of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number, as `/proc` has it where the test runs.
    pub id: u32,
    /// Its name, cut by the kernel to 15 characters: `labwright`, `WebKitWebProces`, `WebKitNetworkPr`.
    pub name: String,
    parent: u32,
}

impl Process {
    /// The memory that it holds, in KiB: what it shares counts by its part (`Pss` of proc(5), `smaps_rollup`).
    ///
    /// Nothing once it has ended.
    pub fn memory(&self) -> Option<u64> {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id)).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }

    /// The CPU time that it has used so far, in user and kernel mode together; to 10 ms. Nothing once it has ended.
    pub fn cpu(&self) -> Option<Duration> {
        let fields = stat(self.id)?.fields;
        // The 14th and 15th field of proc(5); the first two and the state stand before.
        let ticks: u64 =
            fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        Some(Duration::from_millis(ticks * 1000 / TICKS))
    }

    /// When it was started, since 1970; to 10 ms.
    pub fn started(&self) -> Option<Duration> {
        let ticks: u64 = stat(self.id)?.fields.get(19)?.parse().ok()?;
        let text = fs::read_to_string("/proc/stat").ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("btime "))?;
        let boot = Duration::from_secs(line.trim().parse().ok()?);
        Some(boot + Duration::from_millis(ticks * 1000 / TICKS))
    }

    /// Whether it runs. One that ended and was not waited for does not.
    pub fn runs(&self) -> bool {
        stat(self.id).is_some_and(|stat| stat.state != "Z" && stat.name == self.name)
    }
}

/// A line of `/proc/PID/stat`.
struct Stat {
    name: String,
    state: String,
    parent: u32,
    /// What follows the parent, counted from the state as 0.
    fields: Vec<String>,
}

fn stat(process: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may hold anything.
    let (head, rest) = text.rsplit_once(')')?;
    let fields: Vec<_> = rest.split_whitespace().map(str::to_owned).collect();
    Some(Stat {
        name: head.split_once('(')?.1.to_owned(),
        state: fields.first()?.clone(),
        parent: fields.get(1)?.parse().ok()?,
        fields,
    })
}

/// All processes that run now.
fn all() -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let running = numbers.filter_map(|id| Some((id, stat(id)?)));
    running
        .filter(|(_, stat)| stat.state != "Z")
        .map(|(id, stat)| Process {
            id,
            name: stat.name,
            parent: stat.parent,
        })
        .collect()
}

/// The one process that `parent` has started, if there is one.
pub(super) fn child_of(parent: u32) -> Option<u32> {
    let found = all().into_iter().find(|process| process.parent == parent);
    found.map(|process| process.id)
}

/// A process, and all that it and those have started, in this order.
pub(super) fn tree(root: u32) -> Vec<Process> {
    let all = all();
    let mut found: Vec<_> = all.iter().filter(|one| one.id == root).cloned().collect();
    let mut next = 0;
    while let Some(parent) = found.get(next).map(|process| process.id) {
        found.extend(all.iter().filter(|one| one.parent == parent).cloned());
        next += 1;
    }
    found
}

/// Kills a process at once. One that has just ended by itself is no failure.
pub(super) fn kill(process: u32) {
    if let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _gone = kill_process(pid, Signal::KILL);
    }
}
