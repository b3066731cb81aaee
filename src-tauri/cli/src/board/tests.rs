//! Following a job by its states shows the same job.

use labwright_jobs::{CancelReason, Change, JobState, Outcome, StepId, changes_between};

use super::Board;
use crate::view::story::Story;

/// All states that a job goes through: a tree of steps, stalls, logs, and an end.
fn states() -> Vec<JobState> {
    let mut story = Story::queued("01a1fd1e8c001f00ab37", "Import x.tar");
    let mut states = vec![story.job.clone()];
    let add = |step, parent, name: &str| Change::StepAdded {
        step: StepId(step),
        parent,
        name: name.to_owned(),
    };
    let mut tell = |step: &dyn Fn(&mut Story) -> &mut Story| {
        states.push(step(&mut story).job.clone());
    };
    tell(&|story| story.then(Change::Started));
    let name = |subject: &str| Change::Subject {
        subject: subject.to_owned(),
    };
    tell(&|story| story.then(name("x:1")));
    tell(&|story| story.then(add(1, None, "Inspect")));
    tell(&|story| story.then(add(2, None, "Send")));
    tell(&|story| story.then(add(3, Some(StepId(2)), "Decode")));
    tell(&|story| story.starts(1));
    tell(&|story| story.says(1, "one"));
    tell(&|story| story.ends(1));
    tell(&|story| story.starts(2));
    tell(&|story| story.starts(3));
    tell(&|story| story.moves(3, 10, Some(100), None));
    tell(&|story| story.waits(3, Some("its turn")));
    tell(&|story| story.waits(3, None));
    tell(&|story| story.passes(30_000).stalls(3, "more"));
    tell(&|story| story.waits(3, Some("its end")));
    tell(&|story| story.says(3, "two"));
    tell(&|story| story.moves(3, 50, Some(100), Some(7)));
    tell(&|story| story.then(name("x:2")));
    tell(&|story| story.stalls(3, "even more"));
    let by = CancelReason::Interrupt;
    tell(&|story| story.passes(10).finishes(&Outcome::Cancelled { by }));
    states
}

/// Without the numbers of events, which are anew.
fn unnumbered(state: &JobState) -> JobState {
    JobState {
        seq: 0,
        ..state.clone()
    }
}

#[test]
fn whichever_states_are_seen_the_job_is_the_same() {
    let states = states();
    for first in 0..states.len() {
        for second in first..states.len() {
            let (before, after) = (&states[first], &states[second]);
            let mut board = Board::default();
            let mut taken = Vec::new();
            for (from, to) in [(None, before), (Some(before), after)] {
                for (at, change) in changes_between(from, to) {
                    let told = format!("{change:?}");
                    let event = board.take(after.id.clone(), at, change);
                    taken.push(event.unwrap_or_else(|| panic!("{told} is refused")));
                }
            }
            let seen = board.job(&after.id).map(unnumbered);
            assert_eq!(seen, Some(unnumbered(after)), "from {first} to {second}");
            let numbers: Vec<u64> = taken.iter().map(|event| event.seq).collect();
            let consecutive: Vec<u64> = (1..=taken.len() as u64).collect();
            assert_eq!(numbers, consecutive);
        }
    }
}

#[test]
fn nothing_new_is_no_change() {
    for state in states() {
        assert_eq!(changes_between(Some(&state), &state), []);
    }
}
