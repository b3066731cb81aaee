//! The reducer refuses what cannot be.

use labwright_jobs::{
    Change, JobEvent, JobId, JobState, Outcome, Progress, StepId, StepOutcome, StepStatus,
    Timestamp, Unit,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

fn event(seq: u64, change: Change) -> JobEvent {
    JobEvent {
        job: JobId::from("0"),
        seq,
        at: Timestamp(i64::try_from(seq).unwrap()),
        change,
    }
}

fn queued() -> Change {
    let (kind, title) = ("import".to_owned(), "cEOS".to_owned());
    Change::Queued { kind, title }
}

fn added(step: u32, parent: Option<u32>) -> Change {
    Change::StepAdded {
        step: StepId(step),
        parent: parent.map(StepId),
        name: format!("step {step}"),
    }
}

fn progress(step: u32, done: u64, total: Option<u64>, unit: Unit) -> Change {
    let rate = None;
    Change::Progress {
        step: StepId(step),
        progress: Progress {
            done,
            total,
            unit,
            rate,
        },
    }
}

fn started(step: u32) -> Change {
    let step = StepId(step);
    Change::StepStarted { step }
}

/// A job with one step that runs.
fn with_running_step() -> JobState {
    let mut state = JobState::begin(&event(1, queued())).unwrap();
    for (change, seq) in [Change::Started, added(1, None), started(1)]
        .into_iter()
        .zip(2..)
    {
        assert!(state.apply(&event(seq, change)));
    }
    state
}

/// Applies a change to a step that runs and gives what became of its progress.
fn after(changes: impl IntoIterator<Item = Change>) -> Option<Progress> {
    let mut state = with_running_step();
    for (change, seq) in changes.into_iter().zip(10..) {
        state.apply(&event(seq, change));
    }
    state.steps[0].progress
}

#[test]
fn only_queued_begins_a_job() {
    assert!(JobState::begin(&event(1, Change::Started)).is_none());
}

#[test]
fn progress_never_runs_backwards() {
    let bytes = |done| progress(1, done, Some(10), Unit::Bytes);
    assert_eq!(after([bytes(5), bytes(3)]).unwrap().done, 5);
}

#[test]
fn a_total_that_was_passed_is_unknown() {
    let last = after([
        progress(1, 5, Some(10), Unit::Bytes),
        progress(1, 11, Some(10), Unit::Bytes),
    ]);
    assert_eq!((last.unwrap().done, last.unwrap().total), (11, None));
}

#[test]
fn a_clock_gives_way_to_a_measurement_and_not_the_reverse() {
    let (clock, bytes) = (
        progress(1, 50, None, Unit::Seconds),
        progress(1, 3, None, Unit::Bytes),
    );
    assert_eq!(
        after([clock.clone(), bytes.clone()]).unwrap().unit,
        Unit::Bytes
    );
    assert_eq!(after([bytes.clone(), clock]).unwrap().unit, Unit::Bytes);
    assert_eq!(
        after([bytes, progress(1, 9, None, Unit::Items)])
            .unwrap()
            .done,
        3
    );
}

#[test]
fn a_stall_clears_when_something_moves_and_drops_the_rate() {
    let mut state = with_running_step();
    let waiting_for = "the engine".to_owned();
    let step = StepId(1);
    assert!(state.apply(&event(10, progress(1, 5, None, Unit::Bytes))));
    assert!(state.apply(&event(11, Change::Stalled { step, waiting_for })));
    assert_eq!(state.steps[0].stalled.as_deref(), Some("the engine"));
    assert!(state.apply(&event(12, progress(1, 6, None, Unit::Bytes))));
    assert_eq!(state.steps[0].stalled, None);
}

#[test]
fn nothing_happens_after_the_end() {
    let mut state = with_running_step();
    let result = Value::Null;
    let finished = Change::Finished {
        outcome: Outcome::Succeeded { result },
    };
    assert!(state.apply(&event(10, finished.clone())));
    let ended = state.clone();
    for change in [
        finished,
        started(1),
        added(2, None),
        progress(1, 9, None, Unit::Bytes),
    ] {
        assert!(!state.apply(&event(11, change)));
    }
    assert_eq!(state, ended);
}

#[test]
fn an_event_is_taken_once() {
    let mut state = JobState::begin(&event(1, queued())).unwrap();
    assert!(state.apply(&event(2, Change::Started)));
    assert!(!state.apply(&event(2, added(1, None))));
    assert!(state.steps.is_empty());
}

fn any_change() -> impl Strategy<Value = Change> {
    let step = || 0..6_u32;
    let unit = prop_oneof![Just(Unit::Bytes), Just(Unit::Items), Just(Unit::Seconds)];
    prop_oneof![
        1 => Just(queued()),
        2 => Just(Change::Started),
        1 => (0..2_u8).prop_map(|name| Change::Subject { subject: format!("image:{name}") }),
        6 => (step(), proptest::option::of(step())).prop_map(|(step, parent)| added(step, parent)),
        6 => step().prop_map(started),
        12 => (step(), 0..20_u64, proptest::option::of(0..20_u64), unit)
            .prop_map(|(step, done, total, unit)| progress(step, done, total, unit)),
        3 => (step(), proptest::option::of(0..2_u8)).prop_map(|(step, what)| Change::Waiting {
            step: StepId(step),
            waiting_for: what.map(|what| format!("thing {what}")),
        }),
        3 => step().prop_map(|step| Change::Stalled { step: StepId(step), waiting_for: "x".to_owned() }),
        3 => step().prop_map(|step| Change::Log { step: StepId(step), line: "line".to_owned() }),
        4 => step().prop_map(|step| Change::StepFinished {
            step: StepId(step),
            outcome: StepOutcome::Succeeded,
        }),
        1 => Just(Change::Finished { outcome: Outcome::Succeeded { result: Value::Null } }),
    ]
}

/// What must hold of a state before and after any change.
fn check(before: &JobState, state: &JobState, taken: bool) {
    if !taken {
        assert_eq!(before, state, "what is refused has no effect");
    }
    assert!(before.outcome.is_none() || before == state);
    for step in &state.steps {
        assert!(
            step.progress
                .is_none_or(|it| it.total.is_none_or(|total| it.done <= total))
        );
        assert_eq!(step.outcome.is_some(), step.status == StepStatus::Finished);
        let is_running = step.status == StepStatus::Running;
        assert!(is_running || (step.waiting.is_none() && step.stalled.is_none()));
        let depth = std::iter::successors(Some(step), |step| state.step(step.parent?)).count();
        assert!(depth <= 3);
        if let Some(was) = before.step(step.id) {
            assert!(step.status as u8 >= was.status as u8);
            let both = was.progress.zip(step.progress);
            assert!(both.is_none_or(|(was, is)| was.unit != is.unit || was.done <= is.done));
        }
        let below = state
            .children(Some(step.id))
            .any(labwright_jobs::StepState::is_open);
        assert!(step.is_open() || !below);
    }
}

proptest! {
    #[test]
    fn any_nonsense_leaves_a_state_that_makes_sense(changes in vec(any_change(), 0..80)) {
        let mut state = JobState::begin(&event(1, queued())).unwrap();
        for (change, seq) in changes.into_iter().zip(2..) {
            let before = state.clone();
            let taken = state.apply(&event(seq, change));
            check(&before, &state, taken);
        }
        let outcome = Outcome::Succeeded { result: Value::Null };
        if state.is_active() {
            for (change, seq) in state.closing_changes(&outcome).into_iter().zip(1000..) {
                prop_assert!(state.apply(&event(seq, change)));
            }
            prop_assert!(state.steps.iter().all(|step| !step.is_open()));
        }
        let text = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(serde_json::from_str::<JobState>(&text).unwrap(), state);
    }
}
