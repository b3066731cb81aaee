//! What `lw --json` said, as `docs/events.md` describes it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

/// A second, in the unit of the events' times.
const SECOND: i64 = 1000;

/// One import as its events tell it.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// From the program's start to its first `progress`.
    pub(crate) first_progress: Option<Duration>,
    /// The most `progress` events in any second.
    pub(crate) most_in_a_second: usize,
    /// Where the time went: each phase and its seconds.
    phases: Vec<(String, f64)>,
}

impl Story {
    /// Reads the lines that were printed, with the time at which each came.
    pub(crate) fn read(lines: &[(Duration, String)]) -> Self {
        let mut story = Self::default();
        let mut progress = Vec::new();
        let mut names = BTreeMap::new();
        let mut begun = BTreeMap::new();
        let mut ended = 0;
        for (came, line) in lines {
            let event: Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("lw printed no event: {error}: {line}"));
            let (change, at) = (&event["change"], event["at"].as_i64().unwrap_or_default());
            let step = change["step"].as_u64().unwrap_or_default();
            match change["type"].as_str().unwrap_or_default() {
                "started" => story.phases.push(("begin".to_owned(), came.as_secs_f64())),
                "progress" => {
                    story.first_progress.get_or_insert(*came);
                    progress.push(at);
                }
                "step_added" => {
                    let name = change["name"].as_str().unwrap_or_default().to_owned();
                    names.insert(step, name);
                }
                "step_started" => {
                    begun.insert(step, at);
                }
                "step_finished" => {
                    if let (Some(name), Some(begun)) = (names.get(&step), begun.get(&step)) {
                        story.phases.push((name.clone(), seconds(at - begun)));
                    }
                    ended = at;
                }
                "finished" => story.phases.push(("end".to_owned(), seconds(at - ended))),
                _ => {}
            }
        }
        story.most_in_a_second = most_in_a_second(&progress);
        story
    }

    /// Where the time went, in a line: until the job began, its steps, and from the last one to the job's end.
    pub(crate) fn phases(&self) -> String {
        let phases = self.phases.iter();
        let phases: Vec<_> = phases
            .map(|(name, seconds)| format!("{name} {seconds:.2} s"))
            .collect();
        phases.join(", ")
    }
}

/// The most events in any second that begins with one of them.
fn most_in_a_second(times: &[i64]) -> usize {
    let within = |start: i64| {
        let later = times
            .iter()
            .filter(|time| (start..start + SECOND).contains(*time));
        later.count()
    };
    times
        .iter()
        .map(|start| within(*start))
        .max()
        .unwrap_or_default()
}

fn seconds(milliseconds: i64) -> f64 {
    i32::try_from(milliseconds).map_or(f64::INFINITY, f64::from) / 1000.0
}
