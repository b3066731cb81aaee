//! A follower that is gone after any of the runner's events, and the one that joins: what it shows in the end is what one
//! shows that saw all of it.
//!
//! The host is a folder: ssh is a shell here, and what a runner would write is written by the test, line by line.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use labwright_jobs::{JobState, StepOutcome};
use labwright_remote::Access;
use labwright_remote::install::{InstallMode, InstallRequest};
use labwright_remote::ssh::{Target, Transport};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::runtime::Runtime;

use crate::again::{Again, essence};
use crate::bench::{git, nodes_done};
use crate::comfy::{failed_with, outcome};

/// Runs on this machine what was meant for a host.
#[derive(Debug)]
struct Shell {
    home: PathBuf,
}

impl Transport for Shell {
    fn ssh(&self, arguments: &[&OsStr]) -> Command {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(arguments.last().unwrap())
            .env("HOME", &self.home)
            .env_remove("XDG_CACHE_HOME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    fn sockets(&self) -> Option<PathBuf> {
        None
    }
}

/// A job's folder, with a process that stands for its runner.
struct Stage {
    access: Access,
    request: InstallRequest,
    home: TempDir,
    runner: Child,
}

impl Stage {
    fn new(mode: InstallMode) -> Self {
        let home = tempfile::tempdir().unwrap();
        let target = Target::new("nowhere", None).unwrap();
        let names = ["one", "two", "three"];
        let nodes = names.map(|name| git(name, &format!("https://git.lab/{name}")));
        let request = InstallRequest {
            host: "gpu-7".to_owned(),
            target: target.clone(),
            mode,
            plan: "plan.toml".to_owned(),
            folder: "/opt/nodes".to_owned(),
            given: None,
            venv: None,
            jobs: 4,
            nodes: nodes.into(),
        };
        let transport = Arc::new(Shell {
            home: home.path().to_owned(),
        });
        Self {
            access: Access {
                transport,
                host: "gpu-7".to_owned(),
                target,
                home: None,
                scratch: home.path().to_owned(),
            },
            request,
            runner: std::process::Command::new("sleep")
                .arg("600")
                .spawn()
                .unwrap(),
            home,
        }
    }

    /// The folder of a job whose runner works, and has written nothing.
    fn folder(&self, job: &str) -> PathBuf {
        let folder = self.home.path().join(".cache/labwright/jobs").join(job);
        fs::create_dir_all(folder.join("lock")).unwrap();
        let id = self.runner.id();
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let since = fields.split(' ').nth(19).unwrap();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
        fs::write(folder.join("pid"), format!("{id} {since} {boot}")).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        folder
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _gone = self.runner.kill();
        let _gone = self.runner.wait();
    }
}

/// Numbers events, and writes each as a line.
fn lines(events: &[Value]) -> Vec<String> {
    let numbered = events.iter().zip(1..).map(|(event, seq)| {
        let mut event = event.clone();
        event["seq"] = json!(seq);
        event["at"] = json!(1_700_000_000);
        format!("{event}\n")
    });
    numbered.collect()
}

fn append(folder: &Path, lines: &[String]) {
    let file = folder.join("events.ndjson");
    let opened = File::options().append(true).create(true).open(file);
    opened
        .unwrap()
        .write_all(lines.concat().as_bytes())
        .unwrap();
}

fn finish(folder: &Path) {
    let size = fs::metadata(folder.join("events.ndjson")).unwrap().len();
    fs::write(folder.join("exit"), format!("succeeded {size}\n")).unwrap();
}

/// One job, whose first follower is gone after `cut` events: it ends as one that is read in one go.
fn cut_and_joined(mode: InstallMode, lines: &[String], cut: usize) -> JobState {
    let stage = Stage::new(mode);
    let (access, request) = (&stage.access, &stage.request);
    let first = Runtime::new().unwrap();
    let (again, folder) = first.block_on(async {
        let again = Again::new(access, request).await;
        let watch = again.join(access, request).await;
        let folder = stage.folder(watch.handle.id().as_str());
        append(&folder, &lines[..cut]);
        let size: usize = lines[..cut].iter().map(String::len).sum();
        watch.noted(|noted| noted["offset"] == size).await;
        watch.handle.clone().detach();
        (again, folder)
    });
    first.shutdown_timeout(Duration::from_secs(10));
    append(&folder, &lines[cut..]);
    finish(&folder);
    Runtime::new().unwrap().block_on(async {
        let job = again.join(access, request).await.followed().await;
        let read = again.read(access, request).await;
        assert_eq!(essence(&job), essence(&read), "cut after {cut} events");
        job
    })
}

/// The same for every number of events, a few at a time.
fn cut_everywhere(mode: InstallMode, events: &[Value], check: impl Fn(&JobState) + Sync) {
    let lines = lines(events);
    let cuts: Vec<usize> = (0..=lines.len()).collect();
    for some in cuts.chunks(8) {
        thread::scope(|scope| {
            for cut in some {
                scope.spawn(|| check(&cut_and_joined(mode, &lines, *cut)));
            }
        });
    }
}

fn phase(node: usize, phase: &str, state: &str) -> Value {
    json!({ "type": "phase", "node": node, "phase": phase, "state": state })
}

fn said(kind: &str, node: usize, phase: &str, text: &str) -> Value {
    json!({ "type": kind, "node": node, "phase": phase, "text": text })
}

fn ended(node: usize, outcome: &str, code: &str, text: &str) -> Value {
    json!({ "type": "node", "node": node, "outcome": outcome, "code": code, "text": text, "commit": "" })
}

fn finding(node: usize, requirement: &str, state: &str, found: &str) -> Value {
    json!({ "type": "finding", "node": node, "requirement": requirement, "state": state, "found": found, "text": "" })
}

fn head(node: usize, state: &str) -> Value {
    json!({ "type": "head", "node": node, "state": state, "found": "0123abc", "text": "" })
}

fn beginning(mode: &str) -> [Value; 2] {
    [
        json!({ "type": "begun", "boot": "b", "mode": mode, "nodes": 3 }),
        json!({ "type": "prepared", "target": "/opt/nodes", "git": "2.47", "python": "3.13", "engine": "", "free": 9 }),
    ]
}

fn ending(outcome: &str) -> [Value; 3] {
    [
        json!({ "type": "conflict", "nodes": [1, 3], "text": "tiny 1.0 requires other" }),
        json!({ "type": "checked", "conflicts": "some" }),
        json!({ "type": "finished", "outcome": outcome, "failed": 0 }),
    ]
}

#[test]
fn an_install_that_is_joined_anywhere_shows_all_and_nothing_twice() {
    let mut events = Vec::from(beginning("install"));
    let way = |node| {
        ["examine started", "examine succeeded", "clone started"].map(|words| {
            let (name, state) = words.split_once(' ').unwrap();
            phase(node, name, state)
        })
    };
    events.extend(way(1));
    events.push(said(
        "progress",
        1,
        "clone",
        "Receiving objects:  10% (1/10), 1 KiB | 1 KiB/s",
    ));
    events.extend(way(2));
    events.extend([
        said("progress", 2, "clone", "Receiving objects:  37% (3/8), 1 KiB | 1 KiB/s"),
        said("progress", 1, "clone", "Receiving objects: 100% (10/10), 9 KiB | 1 KiB/s, done."),
        said("progress", 1, "clone", "Resolving deltas:  50% (1/2)"),
        said("progress", 1, "clone", "Receiving objects:  50% (2/4)"),
        phase(1, "clone", "succeeded"),
        phase(1, "requirements", "started"),
        said("line", 1, "requirements", "Collecting tiny"),
        said("line", 1, "requirements", "Installing tiny"),
        phase(1, "requirements", "succeeded"),
        phase(1, "script", "skipped"),
        ended(1, "installed", "", ""),
        json!({ "type": "phase", "node": 2, "phase": "clone", "state": "failed", "code": "clone_failed", "text": "fatal: no" }),
        ended(2, "failed", "clone_failed", "fatal: no\nbye"),
        phase(3, "examine", "started"),
        phase(3, "clone", "skipped"),
        ended(3, "present", "", ""),
        phase(1, "verify", "started"),
        finding(1, "tiny==2", "mismatch", "1"),
        phase(1, "verify", "succeeded"),
    ]);
    events.extend(ending("failed"));
    cut_everywhere(InstallMode::Install, &events, |job| {
        let lines: Vec<&str> = job.log.iter().map(|line| line.line.as_str()).collect();
        let told = [
            "Collecting tiny",
            "Installing tiny",
            "fatal: no",
            "bye",
            "tiny==2: 1 is installed",
        ];
        assert_eq!(lines[1..lines.len() - 1], told);
        failed_with(job, "two", "clone: fatal: no");
        assert_eq!(nodes_done(job), 3);
    });
}

#[test]
fn a_verification_that_is_joined_anywhere_forgets_no_fault() {
    let mut events = Vec::from(beginning("verify"));
    events.extend([1, 2, 3].map(|node| phase(node, "verify", "started")));
    events.extend([
        head(1, "other"),
        finding(1, "tiny==2", "mismatch", "1"),
        head(2, "as_pinned"),
        finding(2, "tiny", "satisfied", "1"),
        head(3, "missing"),
    ]);
    events.extend(ending("succeeded"));
    cut_everywhere(InstallMode::Verify, &events, |job| {
        failed_with(job, "one", "at 0123abc, which is not its pin, and 1 more");
        assert_eq!(*outcome(job, "two"), StepOutcome::Succeeded);
        failed_with(job, "three", "not there");
    });
}
