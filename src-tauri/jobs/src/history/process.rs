//! Telling processes apart, across reuse of their numbers and restarts of the machine.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One process, and no other that may get its number later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ProcessIdentity {
    /// Its number.
    pub pid: u32,
    /// When it started, in the system's own counting; 0 where the system does not say.
    #[ts(type = "number")]
    pub started: u64,
    /// Names the run of the machine it belongs to; empty where the system does not say.
    pub boot: String,
}

impl ProcessIdentity {
    /// This process.
    pub fn current() -> Self {
        Self::of(std::process::id())
    }

    /// The process that has this number now, whether there is one or not.
    pub fn of(pid: u32) -> Self {
        Self {
            pid,
            started: start_time(pid).unwrap_or_default(),
            boot: boot(),
        }
    }

    /// Whether it still runs.
    pub fn is_alive(&self) -> bool {
        *self == Self::of(self.pid) && exists(self)
    }
}

/// Field 22 of `/proc/PID/stat` (proc(5)), in clock ticks since the boot. A process that ended, but
/// whose parent did not look yet, has none.
#[cfg(target_os = "linux")]
fn start_time(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is a name in parentheses, that may have any character in it.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let has_ended = matches!(fields.next()?, "Z" | "X");
    let started = fields.nth(18)?.parse().ok();
    started.filter(|_| !has_ended)
}

#[cfg(target_os = "linux")]
fn boot() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    boot.unwrap_or_default().trim().to_owned()
}

#[cfg(target_os = "linux")]
fn exists(process: &ProcessIdentity) -> bool {
    process.started != 0
}

#[cfg(not(target_os = "linux"))]
fn start_time(_pid: u32) -> Option<u64> {
    None
}

#[cfg(not(target_os = "linux"))]
fn boot() -> String {
    String::new()
}

/// Elsewhere on Unix a signal that is none tells whether the number is taken, maybe by another.
#[cfg(all(unix, not(target_os = "linux")))]
fn exists(process: &ProcessIdentity) -> bool {
    let pid = i32::try_from(process.pid).ok();
    let pid = pid.and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| {
        let answer = rustix::process::test_kill_process(pid);
        !matches!(answer, Err(rustix::io::Errno::SRCH))
    })
}

/// Where there is no way to ask, a job is not called interrupted by a guess.
#[cfg(not(unix))]
fn exists(_process: &ProcessIdentity) -> bool {
    true
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::process::{Command, Stdio};
    use std::thread;
    use std::time::Duration;

    use super::ProcessIdentity;

    #[test]
    fn this_process_is_alive_and_one_of_another_boot_is_not() {
        let this = ProcessIdentity::current();
        assert!(this.is_alive());
        let boot = "another".to_owned();
        assert!(!ProcessIdentity { boot, ..this }.is_alive());
    }

    #[test]
    fn one_with_the_same_number_is_another() {
        let this = ProcessIdentity::current();
        let started = this.started + 1;
        assert!(!ProcessIdentity { started, ..this }.is_alive());
    }

    #[test]
    fn a_child_is_alive_until_it_ended_whether_its_parent_looked_or_not() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let identity = ProcessIdentity::of(child.id());
        assert!(identity.is_alive());
        child.kill().unwrap();
        while identity.is_alive() {
            thread::sleep(Duration::from_millis(10));
        }
        child.wait().unwrap();
        assert!(!identity.is_alive());
    }
}
