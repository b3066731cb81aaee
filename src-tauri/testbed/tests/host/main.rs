//! The host, the wire, the repositories and the package index are what they say, and leave nothing behind.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed step is a failed test; a test that is killed says what it started"
)]

mod endings;
mod installs;
mod machine;
mod wires;

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::host::Host;

/// Runs a command by a client that knows only what this configuration says: its output, or what it complained of.
fn ssh(configuration: &Path, command: &str) -> Result<String, String> {
    let output = Command::new("ssh")
        .arg("-F")
        .arg(configuration)
        .args(["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"])
        .args(["testhost", command])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() {
        return Ok(text(output.stdout));
    }
    Err(text(output.stderr))
}

/// Starts a sleeper that no connection holds; its number.
fn start_sleeper(host: &Host) -> String {
    let id = host.run("setsid sleep 4321 </dev/null >/dev/null 2>&1 & echo $!");
    wait_for(|| sleepers(host) == 1);
    id.trim().to_owned()
}

fn sleepers(host: &Host) -> usize {
    let running = host.processes();
    running
        .iter()
        .filter(|process| process.command == "sleep 4321")
        .count()
}

#[track_caller]
fn wait_for(mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain");
        thread::sleep(Duration::from_millis(10));
    }
}
