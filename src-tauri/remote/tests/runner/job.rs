//! A runner that works.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::report::Report;

/// A liveness limit, not a measurement.
const PATIENCE: Duration = Duration::from_secs(120);

/// A runner that works.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) folder: PathBuf,
    pub(crate) process: Child,
}

impl Job {
    /// Waits for the end, and reads what was written.
    pub(crate) fn finish(mut self) -> Report {
        wait_until("the runner ends", || {
            self.process.try_wait().unwrap().is_some()
        });
        Report::read(&self.folder)
    }

    /// Waits until its events, so far, are as they should be.
    pub(crate) fn wait_for(&self, what: &str, found: impl Fn(&Value) -> bool) {
        let events = self.folder.join("events.ndjson");
        wait_until(what, || {
            let text = fs::read_to_string(&events).unwrap_or_default();
            let (whole, _) = text.rsplit_once('\n').unwrap_or_default();
            whole
                .lines()
                .any(|line| found(&serde_json::from_str(line).unwrap()))
        });
    }

    /// Sends a signal to the runner (`123`) or to its group (`-123`).
    pub(crate) fn signal(&self, name: &str, group: bool) {
        let id = format!("{}{}", if group { "-" } else { "" }, self.process.id());
        let status = Command::new("kill")
            .args(["-s", name, "--", &id])
            .status()
            .unwrap();
        assert!(status.success());
    }
}

/// A test that failed leaves nothing running.
impl Drop for Job {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            let group = format!("-{}", self.process.id());
            drop(
                Command::new("kill")
                    .args(["-s", "KILL", "--", &group])
                    .status(),
            );
            drop(self.process.wait());
        }
    }
}

/// Polls; panics after a long time.
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "it never came to this: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
