//! A disk that fills up: events wait for room, none is lost, and none comes twice.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::bench::{Bench, under_each_shell};
use crate::job::{Job, wait_until};
use crate::plan::{Node, Plan};

/// Mounts a small disk, puts the job there, and becomes its runner.
const ON_A_SMALL_DISK: &str = r#"
cache=$1 folder=$2 sent=$3
shift 3
mount -t tmpfs -o size=1m,nr_inodes=4000 small "$cache" && mkdir -p "$folder" && cp "$sent"/* "$folder" &&
    exec "$@" "$folder/runner" "$folder"
"#;

/// Prints for two seconds, a kilobyte at a time.
const SCRIPT: &str = "
import time
for n in range(60):
    print('line', n, 'x' * 900, flush=True)
    time.sleep(0.03)
";

/// Starts a job whose folders are on a small disk of their own, in a namespace that only the job's processes see.
fn start(bench: &Bench, plan: &Plan) -> Job {
    let folder = bench.send("job", &plan.text());
    let (cache, sent) = (bench.home().join(".cache"), bench.path("sent"));
    fs::rename(&folder, &sent).unwrap();
    let namespace = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        ON_A_SMALL_DISK,
        "sh",
    ];
    let mut command = bench.command(&namespace);
    let command = command.args([&cache, &folder, &sent]).args(bench.shell());
    let process = command.spawn().unwrap();
    let folder = format!("/proc/{}/root{}", process.id(), folder.display()).into();
    Job { folder, process }
}

/// Takes all the room there is, to the last byte, for a while.
fn fill(folder: &Path) {
    let ballast = folder.join("ballast");
    let mut dd = Command::new("dd");
    dd.args([
        "if=/dev/zero",
        &format!("of={}", ballast.display()),
        "bs=4096",
    ]);
    assert!(
        !dd.stderr(Stdio::null()).status().unwrap().success(),
        "the disk is not full"
    );
    thread::sleep(Duration::from_secs(3));
    assert!(!folder.join("exit").exists());
    fs::remove_file(ballast).unwrap();
}

/// The events of a job to its end. The disk is gone with the last process that sees it, so they are read while it works.
fn follow(mut job: Job) -> Vec<Value> {
    let mut seen = String::new();
    wait_until("the runner ends", || {
        let now = fs::read_to_string(job.folder.join("events.ndjson")).unwrap_or_default();
        if now.len() > seen.len() {
            seen = now;
        }
        job.process.try_wait().unwrap().is_some()
    });
    let (whole, _) = seen.rsplit_once('\n').unwrap();
    whole
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn events_wait_for_room_and_none_is_lost_or_doubled() {
    under_each_shell(|bench| {
        let repository = bench
            .with_python()
            .repository("loud")
            .with("install.py", SCRIPT);
        let job = start(bench, &Plan::install([Node::git("loud", &repository)]));
        let events = job.folder.join("events.ndjson");
        wait_until("the script prints", || {
            fs::read_to_string(&events).is_ok_and(|text| text.contains("line 3 "))
        });
        fill(&job.folder);
        let events = follow(job);
        let numbers: Vec<u64> = events
            .iter()
            .map(|event| event["seq"].as_u64().unwrap())
            .collect();
        assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>());
        assert!(
            events.iter().any(|event| event["type"] == "node"),
            "it never came to an end"
        );
    });
}
