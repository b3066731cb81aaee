//! `lw` killed again and again while the host works: in the end all is as if nobody had killed it.

use crate::bench::{Bench, row};
use labwright_testbed::host::{Repository, Wire};
use rustix::process::Signal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

/// How often it is killed.
const KILLS: usize = 10;

/// Numbers that are the same in every run.
struct Moments(u64);

impl Moments {
    /// A moment below the limit, in milliseconds.
    fn next(&mut self, limit: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(self.0 % limit)
    }
}

/// Nodes that come slowly, build slowly, or not at all.
fn plan(bench: &Bench, wire: &Wire) -> PathBuf {
    let mut text = "Name,RepoUrl,Subfolder,RequirementsFile\n".to_owned();
    let requirements = ["slow-one\n", "", "slow-two\n", "", "tiny==1.0\n", ""];
    for (number, required) in requirements.into_iter().enumerate() {
        let name = format!("node-{number}");
        let repository = Repository::named(&name).padding(150_000);
        bench.repositories.add(&match required {
            "" => repository,
            some => repository.requirements(some),
        });
        text.push_str(&row(&name, &bench.repositories.url_through(wire, &name)));
    }
    text.push_str(&row("absent", &bench.repositories.url("absent")));
    bench.file("nodes.csv", &text)
}

/// What a job came to: for each step its outcome, but for git's meters, which depend on the moment.
fn end_of(record: &Value) -> (BTreeMap<String, Value>, Value) {
    let job = &record["job"];
    let steps = job["steps"].as_array().unwrap();
    let name = |step: &Value| step["name"].as_str().unwrap().to_owned();
    let above = |step: &Value| steps.iter().find(|other| other["id"] == step["parent"]);
    let is_meter = |step: &Value| {
        let is_part = above(step).is_some_and(|node| !node["parent"].is_null());
        is_part && step["name"] != "Requirements"
    };
    let kept = steps.iter().filter(|step| !is_meter(step));
    let path = |step: &Value| {
        let above = above(step).map(name).unwrap_or_default();
        format!("{above}/{}", name(step))
    };
    let mut outcomes = BTreeMap::new();
    for step in kept {
        let twice = outcomes.insert(path(step), step["outcome"].clone());
        assert_eq!(twice, None, "{} is there twice", path(step));
    }
    (outcomes, job["outcome"].clone())
}

/// The lines that a job's node has logged, by its number in the plan.
fn logged(record: &Value, number: usize) -> Vec<String> {
    let job = &record["job"];
    assert_eq!(job["log_dropped"], 0);
    let steps = job["steps"].as_array().unwrap();
    let nodes = steps.iter().find(|step| step["name"] == "Nodes").unwrap();
    let mut nodes = steps.iter().filter(|step| step["parent"] == nodes["id"]);
    let node = nodes.nth(number - 1).unwrap();
    let is_below = |id: &Value| {
        let step = steps.iter().find(|step| step["id"] == *id).unwrap();
        step["parent"] == node["id"]
    };
    let log = job["log"].as_array().unwrap().iter();
    log.filter(|entry| is_below(&entry["step"]))
        .map(|entry| entry["line"].as_str().unwrap().to_owned())
        .collect()
}

/// The lines that the host has written of a node.
fn written(events: &[Value], number: usize) -> Vec<String> {
    let lines = events
        .iter()
        .filter(|event| event["type"] == "line" && event["node"] == number);
    lines
        .map(|event| event["text"].as_str().unwrap().to_owned())
        .collect()
}

fn nothing_is_doubled(bench: &Bench, id: &str) {
    let (record, events) = (bench.record(id), bench.far_events(id));
    let numbers = events.iter().map(|event| event["seq"].as_u64().unwrap());
    assert!(numbers.eq(1..=events.len() as u64));
    let mut lines = 0;
    for number in 1..=7 {
        assert_eq!(
            logged(&record, number),
            written(&events, number),
            "node {number}"
        );
        lines += written(&events, number).len();
    }
    assert!(
        lines > 8,
        "two packages that build say something in each second"
    );
}

#[test]
fn killed_ten_times_it_ends_as_if_nobody_had() {
    let bench = Bench::new();
    let wire = Wire::to(bench.repositories.port());
    wire.bytes_per_second(Some(150_000));
    let plan = plan(&bench, &wire);
    let install = bench.about("install", &plan);
    let mut moments = Moments(0x9e37_79b9_7f4a_7c15);
    let mut id = String::new();
    for kill in 0..KILLS {
        let attach = ["jobs", "attach", &id];
        let again = kill % 2 == 1;
        let mut running = bench.start(if again { &attach } else { &install });
        let job = running.job();
        assert!(id.is_empty() || id == job, "{job} is another job than {id}");
        id = job;
        thread::sleep(moments.next(700));
        running.signal(Signal::KILL);
        assert_eq!(running.end().code, None, "it ended before kill {kill}");
        assert_eq!(bench.record(&id)["left"], true, "after kill {kill}");
    }
    assert!(
        !bench.far_folder(&id).join("exit").exists(),
        "the host still works after the last kill"
    );
    let ended = bench.start(&["jobs", "attach", &id]).end();
    assert_eq!(ended.outcome(1)["error"]["code"], "install_failed");
    assert_eq!(bench.only_job(), id);
    nothing_is_doubled(&bench, &id);
    assert!(bench.partial().is_empty(), "{:?}", bench.partial());

    // The same without a kill, on the same host, from the same beginning.
    for node in fs::read_dir(bench.comfy.join("custom_nodes")).unwrap() {
        fs::remove_dir_all(node.unwrap().path()).unwrap();
    }
    let python = bench
        .comfy
        .join("venv/bin/python")
        .display()
        .to_string()
        .replace('\'', "'\\''");
    bench.host.run(&format!(
        "'{python}' -m pip uninstall --quiet --yes slow-one slow-two tiny"
    ));
    let mut undisturbed = bench.start(&install);
    let other = undisturbed.job();
    undisturbed.end().outcome(1);
    assert_ne!(other, id);
    nothing_is_doubled(&bench, &other);
    assert_eq!(end_of(&bench.record(&id)), end_of(&bench.record(&other)));
}
