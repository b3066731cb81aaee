//! What a log file shows while jobs run.

use labwright_jobs::{ErrorReport, JobEvent, JobState, Outcome};

use super::Plain;
use crate::view::story::Story;

const MIB: u64 = 1 << 20;

fn lines(story: &Story, several: bool) -> Vec<String> {
    let mut plain = Plain::new(several);
    let mut job: Option<JobState> = None;
    let mut line = |event: &JobEvent| {
        match &mut job {
            Some(job) => assert!(job.apply(event)),
            None => job = JobState::begin(event),
        }
        plain.line(job.as_ref()?, event)
    };
    story.events.iter().filter_map(&mut line).collect()
}

#[test]
fn everything_that_happens_has_a_line() {
    let mut story = Story::import("Import cEOS64-lab.tar.xz into docker");
    story.starts(1).passes(340).ends(1).starts(2);
    for tick in 1..=120_u64 {
        story.passes(100);
        story.moves(2, tick * MIB, Some(462 * MIB), Some(10 * MIB));
    }
    story.waits(2, Some("its\nturn")).waits(2, None);
    story.passes(30_000).stalls(2, "the engine to take more");
    story.says(2, "the engine said:\x1b[2J hello\r");
    let error = ErrorReport::new("engine_went_away", "the engine went away");
    story.passes(1_000).finishes(&Outcome::Failed { error });
    let shown = [false, true].map(|several| lines(&story, several).join("\n"));
    let controls = |shown: &String| shown.replace('\n', "").contains(char::is_control);
    assert!(!shown.iter().any(controls));
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn progress_has_a_line_every_few_seconds_only() {
    let mut story = Story::import("Import x");
    story.starts(2);
    for tick in 1..=600_u64 {
        story.passes(100);
        story.moves(2, tick, None, None);
    }
    let progress = lines(&story, false);
    let progress = progress.iter().filter(|line| line.contains(" B"));
    assert_eq!(progress.count(), 12, "in a minute");
}
