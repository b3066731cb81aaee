//! What a runner left.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// What a runner left.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) events: Vec<Value>,
    /// `exit`, without the line's end.
    pub(crate) exit: String,
}

impl Report {
    /// Reads it, and checks what is true of every job.
    pub(crate) fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("events.ndjson")).unwrap();
        assert!(text.ends_with('\n'), "the last event is cut");
        assert!(
            text.lines().all(|line| line.len() < 3900),
            "an event is too long"
        );
        let events: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let numbers: Vec<u64> = events
            .iter()
            .map(|event| event["seq"].as_u64().unwrap())
            .collect();
        assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>());
        let last = events.last().unwrap();
        assert_eq!(last["type"], "finished");
        let exit = fs::read_to_string(folder.join("exit")).unwrap();
        assert_eq!(
            exit,
            format!("{} {}\n", last["outcome"].as_str().unwrap(), text.len())
        );
        let left: Vec<&str> = ["work", "fifo", "exit.new"]
            .into_iter()
            .filter(|name| folder.join(name).exists())
            .collect();
        assert_eq!(left, Vec::<&str>::new(), "it left things behind");
        let log = fs::read_to_string(folder.join("log")).unwrap();
        // bash says what it had to kill.
        assert!(
            log.is_empty() || last["outcome"] == "cancelled",
            "the shell complained: {log}"
        );
        Self {
            events,
            exit: exit.trim_end().to_owned(),
        }
    }

    pub(crate) fn of(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.events
            .iter()
            .filter(move |event| event["type"] == kind)
    }

    pub(crate) fn outcome(&self) -> &str {
        self.exit.split(' ').next().unwrap()
    }

    /// What became of each node: its outcome, and a code if it failed.
    pub(crate) fn nodes(&self) -> BTreeMap<u64, String> {
        let word = |event: &Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
        self.of("node")
            .map(|event| {
                let text = format!("{} {}", word(event, "outcome"), word(event, "code"));
                (event["node"].as_u64().unwrap(), text.trim_end().to_owned())
            })
            .collect()
    }

    /// The outcomes in the nodes' order.
    pub(crate) fn outcomes(&self) -> Vec<String> {
        self.nodes().into_values().collect()
    }

    /// What is said of a node's end.
    pub(crate) fn text(&self, node: u64) -> &str {
        let event = self.of("node").find(|event| event["node"] == node).unwrap();
        event["text"].as_str().unwrap_or_default()
    }

    /// The phases of a node, as they began and ended.
    pub(crate) fn phases(&self, node: u64) -> Vec<String> {
        let phases = self.of("phase").filter(|event| event["node"] == node);
        phases
            .map(|event| {
                format!(
                    "{} {}",
                    event["phase"].as_str().unwrap(),
                    event["state"].as_str().unwrap()
                )
            })
            .collect()
    }
}
