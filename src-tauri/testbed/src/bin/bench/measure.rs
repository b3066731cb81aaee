//! One import, measured.

use labwright_testbed::Engine;
use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What an import by `lw` took.
pub(crate) struct Imported {
    took: Duration,
    /// From the start of the program.
    pub(crate) first_progress: Duration,
    /// Progress events in the busiest second.
    pub(crate) most_events: usize,
    /// KiB.
    pub(crate) peak_memory: u64,
}

impl Imported {
    /// Its duration in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.took.as_secs_f64()
    }
}

/// Reads the archive, so that both sides find it in the page cache.
fn warm(archive: &Path) {
    let mut file = fs::File::open(archive).expect("the archive can be read");
    std::io::copy(&mut file, &mut std::io::sink()).expect("the archive can be read");
}

/// The engine's own import, as its user would type it.
pub(crate) fn own_import(engine: &Engine, archive: &Path) -> Duration {
    warm(archive);
    let started = Instant::now();
    engine.exec_cli(&[
        "import",
        archive.to_str().expect("a UTF-8 path"),
        "bench:own",
    ]);
    started.elapsed()
}

/// The import by `lw`, with a history of its own on the disk.
pub(crate) fn our_import(engine: &Engine, program: &Path, archive: &Path) -> Imported {
    warm(archive);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let started = Instant::now();
    let mut child = Command::new(program)
        .args([
            "import",
            archive.to_str().expect("a UTF-8 path"),
            "--as",
            "bench:lw",
            "--json",
        ])
        .args(["--engine", &engine.address()])
        .env("LABWRIGHT_DATA_DIR", folder.path())
        .env("LABWRIGHT_CONFIG_DIR", folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("lw starts");
    let status = format!("/proc/{}/status", child.id());
    let output = child.stdout.take().expect("its output is a pipe");
    let mut imported = Imported {
        took: Duration::ZERO,
        first_progress: Duration::ZERO,
        most_events: 0,
        peak_memory: 0,
    };
    let mut recent = VecDeque::new();
    for line in BufReader::new(output).lines() {
        let line = line.expect("events are text");
        let event: serde_json::Value = serde_json::from_str(&line).expect("events are JSON");
        if let Some(memory) = peak_memory(&status) {
            imported.peak_memory = memory;
        }
        if event["change"]["type"] != "progress" {
            continue;
        }
        if imported.first_progress.is_zero() {
            imported.first_progress = started.elapsed();
        }
        let at = event["at"].as_u64().expect("events have a time");
        recent.push_back(at);
        while recent.front().is_some_and(|first| first + 1000 <= at) {
            recent.pop_front();
        }
        imported.most_events = imported.most_events.max(recent.len());
    }
    let status = child.wait().expect("lw ends");
    assert!(status.success(), "lw did not import: {status}");
    imported.took = started.elapsed();
    imported
}

/// The largest resident memory so far, in KiB.
fn peak_memory(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    text.lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .ok()
}
