//! The examples of `docs/events.md` are events.

use std::collections::BTreeSet;

use labwright_jobs::{Change, JobEvent, Snapshot};
use serde_json::Value;

/// The document, as it is committed.
fn document() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/events.md");
    std::fs::read_to_string(path).unwrap()
}

/// The lines of all code blocks that are marked with `language`.
fn examples(language: &str) -> Vec<String> {
    let (text, fence) = (document(), format!("```{language}"));
    let mut lines = text.lines();
    let mut found = Vec::new();
    while lines.any(|line| line == fence) {
        let block = lines.by_ref().take_while(|line| *line != "```");
        found.extend(block.map(str::to_owned));
    }
    found
}

/// Names every variant: a new one must be named here, and then documented.
fn name(change: &Change) -> &'static str {
    match change {
        Change::Queued { .. } => "queued",
        Change::Started => "started",
        Change::Subject { .. } => "subject",
        Change::StepAdded { .. } => "step_added",
        Change::StepStarted { .. } => "step_started",
        Change::Progress { .. } => "progress",
        Change::Waiting { .. } => "waiting",
        Change::Stalled { .. } => "stalled",
        Change::Log { .. } => "log",
        Change::StepFinished { .. } => "step_finished",
        Change::Finished { .. } => "finished",
    }
}

const NAMES: [&str; 11] = [
    "queued",
    "started",
    "subject",
    "step_added",
    "step_started",
    "progress",
    "waiting",
    "stalled",
    "log",
    "step_finished",
    "finished",
];

#[test]
fn every_change_has_an_example_that_is_one() {
    let mut seen = BTreeSet::new();
    for line in examples("json").into_iter().chain(examples("ndjson")) {
        let event: JobEvent =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let again = serde_json::to_value(&event).unwrap();
        assert_eq!(again, serde_json::from_str::<Value>(&line).unwrap());
        seen.insert(name(&event.change));
    }
    assert_eq!(seen, BTreeSet::from(NAMES));
}

#[test]
fn every_change_has_a_section_with_its_example() {
    let text = document();
    for name in NAMES {
        let heading = format!("\n### `{name}`\n");
        let (_, section) = text
            .split_once(&heading)
            .unwrap_or_else(|| panic!("no section for {name}"));
        let section = section.split("\n#").next().unwrap();
        let example = format!(r#""type":"{name}""#);
        assert!(
            section.contains(&example),
            "no example in the section of {name}"
        );
    }
}

#[test]
fn every_way_to_end_has_an_example() {
    let text = examples("json").concat();
    let ways = [
        r#""outcome":{"type":"succeeded","result""#,
        r#""outcome":{"type":"failed","error""#,
        r#""outcome":{"type":"cancelled","by""#,
        r#""outcome":{"type":"lost","why""#,
        r#""outcome":{"type":"succeeded"}"#,
        r#""outcome":{"type":"failed","message""#,
        r#""outcome":{"type":"cancelled"}"#,
        r#""outcome":{"type":"skipped","why""#,
    ];
    for way in ways {
        assert!(text.contains(way), "{way}");
    }
}

#[test]
fn the_whole_run_is_a_run() {
    let lines = examples("ndjson");
    let mut snapshot = Snapshot::default();
    for line in &lines {
        let event: JobEvent = serde_json::from_str(line).unwrap();
        snapshot.apply(&event).unwrap();
        let taken = snapshot.job(&event.job).map(|job| job.seq);
        assert_eq!(taken, Some(event.seq), "refused: {line}");
    }
    let job = snapshot.jobs.first().unwrap();
    assert!(job.outcome.as_ref().unwrap().is_success());
    assert!(job.steps.iter().all(|step| !step.is_open()));
}
