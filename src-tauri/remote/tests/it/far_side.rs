//! What a job left on its host, read there and judged without the code that is tested.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use labwright_jobs::{Change, JobEvent, JobId, JobState, StepId};
use labwright_testbed::host::Process;
use serde_json::Value;

use crate::bench::Bench;

/// A job's folder on the host.
pub(crate) fn job_folder(bench: &Bench, job: &JobId) -> PathBuf {
    let jobs = bench.host.home().join(".cache/labwright/jobs");
    jobs.join(job.as_str())
}

/// All that the runner wrote: numbered without a gap, in whole lines, and as much as its last word says.
pub(crate) fn events(bench: &Bench, job: &JobId) -> Vec<Value> {
    let folder = job_folder(bench, job);
    let text = fs::read_to_string(folder.join("events.ndjson")).unwrap();
    assert!(text.ends_with('\n'));
    let events: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (event, number) in events.iter().zip(1_u64..) {
        assert_eq!(event["seq"], number, "{event}");
    }
    if let Ok(exit) = fs::read_to_string(folder.join("exit")) {
        let (_, size) = exit.trim().split_once(' ').unwrap();
        assert_eq!(size, text.len().to_string());
    }
    events
}

/// The lines that a watcher must have been shown, by the name of the node, in their order.
pub(crate) fn lines_told(events: &[Value], nodes: &[&str]) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for event in events {
        let number = event["node"].as_u64().unwrap_or_default();
        let text = event["text"].as_str().unwrap_or_default();
        let is_told = match event["type"].as_str().unwrap() {
            "line" => true,
            "node" => event["outcome"] == "failed",
            _ => false,
        };
        if is_told {
            let node = nodes[usize::try_from(number).unwrap() - 1];
            lines.extend(text.lines().map(|line| (node.to_owned(), line.to_owned())));
        }
    }
    lines
}

/// The lines that a job has, by the name of the node. What was found at first is left out.
pub(crate) fn lines_shown(job: &JobState) -> Vec<(String, String)> {
    assert_eq!(job.log_dropped, 0, "a job this short keeps all its lines");
    let nodes = job.children(None).find(|step| step.name == "Nodes");
    let nodes = nodes.unwrap().id;
    let node_of = |step: StepId| {
        let mut step = job.step(step).unwrap();
        while let Some(parent) = step.parent.filter(|parent| *parent != nodes) {
            step = job.step(parent).unwrap();
        }
        step.parent.map(|_| step.name.clone())
    };
    let lines = job.log.iter();
    lines
        .filter_map(|line| Some((node_of(line.step)?, line.line.clone())))
        .collect()
}

/// The most that ever were in a phase at once.
pub(crate) fn most_at_once(events: &[Value], phase: &str) -> i32 {
    let (mut now, mut most) = (0, 0);
    for event in events {
        if event["type"] == "phase" && event["phase"] == phase {
            match event["state"].as_str().unwrap() {
                "started" => now += 1,
                "skipped" => {}
                _ => now -= 1,
            }
            most = most.max(now);
        }
    }
    most
}

/// Every step is told in its order: announced, begun, moved onwards, ended, and nothing after that.
pub(crate) fn told_in_order(seen: &[JobEvent], job: &JobId) {
    let mut stages: BTreeMap<StepId, (u8, u64)> = BTreeMap::new();
    let mut ended = false;
    for event in seen.iter().filter(|event| event.job == *job) {
        assert!(!ended, "after the end: {event:?}");
        ended = matches!(event.change, Change::Finished { .. });
        let Some(step) = event.change.step() else {
            continue;
        };
        let (stage, done) = stages.get(&step).copied().unwrap_or_default();
        let after = match &event.change {
            Change::StepAdded { .. } => (stage == 0).then_some((1, 0)),
            Change::StepStarted { .. } => (stage == 1).then_some((2, 0)),
            Change::Progress { progress, .. } => {
                let onwards = stage == 2 && progress.done >= done;
                onwards.then_some((2, progress.done))
            }
            Change::StepFinished { .. } => matches!(stage, 1 | 2).then_some((3, done)),
            _ => matches!(stage, 1 | 2).then_some((stage, done)),
        };
        let after = after.unwrap_or_else(|| panic!("at stage {stage}, {done}: {event:?}"));
        stages.insert(step, after);
    }
    assert!(ended, "it ended");
    assert!(stages.values().all(|(stage, _)| *stage == 3));
}

/// What of a host is not its server.
pub(crate) fn at_work(bench: &Bench) -> Vec<Process> {
    let mut processes = bench.host.processes();
    processes.retain(|process| !process.command.contains("sshd"));
    processes
}

/// Waits until nothing runs there any more but its server.
pub(crate) async fn at_rest(bench: &Bench, limit: Duration) {
    let begun = Instant::now();
    loop {
        let left = at_work(bench);
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < limit, "still there: {left:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
