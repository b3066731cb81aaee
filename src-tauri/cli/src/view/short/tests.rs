//! The short view on many nodes.

use labwright_jobs::{Change, JobState, Progress, StepId, StepOutcome, Unit};
use proptest::prelude::*;
use proptest::sample::select;

use super::{Row, rows, short_lines};
use crate::view::Palette;
use crate::view::story::Story;

/// The first of the nodes' steps.
const FIRST: u32 = 5;

fn names(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("node-{number:02}"))
        .collect()
}

/// An install of so many nodes, in the moment when its runner has said what the host has.
fn prepared(count: usize) -> Story {
    let names = names(count);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut story = Story::on_host("install", &names);
    story.starts(1).passes(300).ends(1);
    story.starts(2).passes(200).ends(2).starts(3);
    story
}

fn ends(story: &mut Story, node: u32, outcome: StepOutcome) {
    story.passes(100).then(Change::StepFinished {
        step: StepId(FIRST + node),
        outcome,
    });
}

fn failed() -> StepOutcome {
    let message = "clone: fatal: repository not found".to_owned();
    StepOutcome::Failed { message }
}

fn shown(story: &Story, width: usize) -> String {
    short_lines(&story.job, story.now(), width, Palette::new(false)).join("\n")
}

/// Twelve are done, one of them badly; three are on their way, eighteen to come.
fn on_its_way() -> Story {
    let mut story = prepared(34);
    for node in 0..12 {
        story.starts(FIRST + node);
        let outcome = if node == 4 {
            failed()
        } else {
            StepOutcome::Succeeded
        };
        ends(&mut story, node, outcome);
    }
    for node in [12, 13, 15] {
        story.starts(FIRST + node);
    }
    story
        .adds(100, Some(StepId(FIRST + 12)), "Requirements")
        .starts(100);
    story
        .adds(101, Some(StepId(FIRST + 13)), "Receiving objects")
        .starts(101);
    let progress = Progress {
        done: 450,
        total: Some(1000),
        unit: Unit::Items,
        rate: None,
    };
    let step = StepId(101);
    story.then(Change::Progress { step, progress });
    story
        .adds(102, Some(StepId(FIRST + 15)), "Requirements")
        .starts(102);
    story.waits(102, Some("the pip of node-12")).passes(4_000);
    story
}

#[test]
fn four_nodes_around_those_that_run_and_the_others_counted() {
    insta::assert_snapshot!([shown(&on_its_way(), 100), shown(&on_its_way(), 60)].join("\n\n"));
}

#[test]
fn all_nodes_of_a_small_plan_are_shown() {
    let mut story = prepared(3);
    story.starts(FIRST);
    ends(&mut story, 0, StepOutcome::Succeeded);
    story.starts(FIRST + 1);
    insta::assert_snapshot!(shown(&story, 100));
}

#[test]
fn what_no_node_runs_for_is_told_above_them() {
    let mut story = prepared(2);
    story.waits(
        3,
        Some("the connection to gpu-7: trying again in 4 s; the work goes on there"),
    );
    insta::assert_snapshot!(shown(&story, 100));
}

#[test]
fn before_the_host_is_reached_that_is_what_is_shown() {
    let names = names(6);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut story = Story::on_host("install", &names);
    story.starts(1).passes(1_000);
    insta::assert_snapshot!(shown(&story, 100));
}

/// A node as it may be at any moment.
#[derive(Clone, Copy, Debug)]
enum State {
    Pending,
    Running,
    Works,
    Waits,
    Succeeded,
    Failed,
    Skipped,
    Cancelled,
}

fn states() -> impl Strategy<Value = Vec<State>> {
    let one = select(vec![
        State::Pending,
        State::Running,
        State::Works,
        State::Waits,
        State::Succeeded,
        State::Failed,
        State::Skipped,
        State::Cancelled,
    ]);
    prop::collection::vec(one, 0..60)
}

fn job_of(states: &[State]) -> JobState {
    let mut story = prepared(states.len());
    for (number, state) in (0..).zip(states) {
        let step = FIRST + number;
        if !matches!(state, State::Pending | State::Skipped) {
            story.starts(step);
        }
        match state {
            State::Pending | State::Running => {}
            State::Works | State::Waits => {
                let part = 1000 + number;
                story
                    .adds(part, Some(StepId(step)), "Requirements")
                    .starts(part);
                if matches!(state, State::Waits) {
                    story.waits(part, Some("its turn"));
                }
            }
            State::Succeeded => ends(&mut story, number, StepOutcome::Succeeded),
            State::Failed => ends(&mut story, number, failed()),
            State::Cancelled => ends(&mut story, number, StepOutcome::Cancelled),
            State::Skipped => {
                let why = "already installed".to_owned();
                ends(&mut story, number, StepOutcome::Skipped { why });
            }
        }
    }
    story.job
}

proptest! {
    #[test]
    fn never_more_than_four_nodes_and_none_is_forgotten(states in states()) {
        let job = job_of(&states);
        let (mut nodes, mut others) = (Vec::new(), Vec::new());
        for row in rows(&job) {
            match row {
                Row::Node(node, _) => nodes.push(node),
                Row::Others(tally) => others.push(tally),
                Row::Step(_) | Row::Requirements(_) => {}
            }
        }
        prop_assert!(nodes.len() <= 4);
        prop_assert!(others.len() <= 2);
        let hidden: usize = others.iter().map(|tally| tally.total).sum();
        prop_assert_eq!(nodes.len() + hidden, states.len());
        prop_assert!(others.iter().all(|tally| tally.total > 0 && tally.done <= tally.total));
        prop_assert!(nodes.is_sorted_by_key(|node| node.id));
        // What is told of the others is what the whole list says.
        let all = job.children(Some(StepId(3)));
        let ended = all.filter(|node| !node.is_open()).count();
        let told: usize = others.iter().map(|tally| tally.done).sum();
        let shown = nodes.iter().filter(|node| !node.is_open()).count();
        prop_assert_eq!(told + shown, ended);
        // No node that runs is hidden while one is shown that does not.
        let running: usize = others.iter().map(|tally| tally.running).sum();
        let idle = nodes.iter().any(|node| node.started_at.is_none() || !node.is_open());
        prop_assert!(running == 0 || !idle);
    }
}
