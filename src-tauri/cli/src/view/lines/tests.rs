//! What a terminal shows while jobs run.

use labwright_jobs::{
    CancelReason, Change, ErrorReport, JobState, Outcome, Progress, StepId, StepOutcome, Timestamp,
    Unit,
};

use super::{Screen, frame, state_name};
use crate::view::Palette;
use crate::view::story::Story;

const MIB: u64 = 1 << 20;

fn screen(width: usize, height: usize) -> Screen {
    Screen {
        width,
        height,
        palette: Palette::new(false),
    }
}

fn shown(stories: &[&Story], now: Timestamp, screen: &Screen) -> String {
    let jobs: Vec<&JobState> = stories.iter().map(|story| &story.job).collect();
    let lines = frame(&jobs, now, screen);
    for line in &lines {
        let width = console::measure_text_width(line);
        assert!(width <= screen.width, "{width} columns: {line}");
    }
    // The edge of the screen, so that spaces at the end are seen.
    let edge = |line: &String| format!("{}|", crate::view::text::pad(line, screen.width));
    lines.iter().map(edge).collect::<Vec<_>>().join("\n")
}

fn ceos() -> Story {
    let title = "Import cEOS64-lab-4.35.1F.tar.xz into docker";
    Story::sending(title, 231 * MIB, Some(462 * MIB), Some(38 * MIB))
}

#[test]
fn a_running_import() {
    let story = ceos();
    insta::assert_snapshot!(shown(&[&story], story.now(), &screen(90, 24)));
}

#[test]
fn the_engine_is_at_work() {
    let mut story = ceos();
    story
        .moves(2, 462 * MIB, Some(462 * MIB), None)
        .ends(2)
        .starts(3)
        .passes(75_000);
    story.ticks(3, 75);
    insta::assert_snapshot!(shown(&[&story], story.now(), &screen(90, 24)));
}

#[test]
fn an_unknown_total_has_no_bar_and_no_time_left() {
    let story = Story::sending("Import frr.tar into podman", 3 * MIB, None, Some(MIB / 2));
    insta::assert_snapshot!(shown(&[&story], story.now(), &screen(90, 24)));
}

#[test]
fn a_bar_is_not_full_before_the_step_has_ended() {
    let full = Story::sending("Import frr.tar into docker", MIB, Some(MIB), None);
    let shown = shown(&[&full], full.now(), &screen(90, 24));
    assert!(shown.contains("━─"), "{shown}");
    assert!(!shown.contains('%'), "{shown}");
}

#[test]
fn a_stall_says_what_it_waits_for() {
    let mut story = ceos();
    story
        .passes(30_000)
        .stalls(2, "the engine to take more of the image");
    insta::assert_snapshot!(shown(&[&story], story.now(), &screen(110, 24)));
    assert_eq!(state_name(&story.job), "stalled");
}

#[test]
fn what_a_step_waits_for_stands_beside_its_time() {
    let mut story = ceos();
    story.waits(2, Some("its turn\nto start")).passes(4_000);
    insta::assert_snapshot!(shown(&[&story], story.now(), &screen(110, 24)));
    assert_eq!(state_name(&story.job), "running");
}

#[test]
fn a_step_can_fail_be_skipped_or_have_steps_of_its_own() {
    let mut story = Story::import("Import xrd.tgz into docker");
    story.starts(1);
    for (step, name) in [(5, "Decode"), (6, "Convert")] {
        story.then(Change::StepAdded {
            step: StepId(step),
            parent: Some(StepId(2)),
            name: name.to_owned(),
        });
    }
    story.passes(200).ends(1).starts(2).starts(5);
    let progress = Progress {
        done: 3,
        total: Some(7),
        unit: Unit::Items,
        rate: None,
    };
    let step = StepId(5);
    story.then(Change::Progress { step, progress });
    let skipped = StepOutcome::Skipped {
        why: "the engine takes it as it is".to_owned(),
    };
    story.then(Change::StepFinished {
        step: StepId(6),
        outcome: skipped,
    });
    let failed = StepOutcome::Failed {
        message: "damaged".to_owned(),
    };
    story.passes(900).then(Change::StepFinished {
        step: StepId(5),
        outcome: failed,
    });
    insta::assert_snapshot!(shown(&[&story], story.now(), &screen(90, 24)));
}

fn four() -> [Story; 4] {
    let long = "Import a-vendor-image-with-a-name-that-goes-on-and-on-10.2.1-release-candidate.tar.gz \
                into docker";
    let mut stalled = Story::sending(long, 5 * MIB, None, None);
    stalled.stalls(2, "the engine to take more of the image");
    [
        ceos(),
        stalled,
        Story::queued("01a1fd1e8c011f00ab37", "Import 漢字-router.tar into docker"),
        Story::queued(
            "01a1fd1e8c021f00ab37",
            "Import frr\x1b[31m\n.tar into docker",
        ),
    ]
}

#[test]
fn four_jobs_at_once() {
    let four = four();
    let four: Vec<&Story> = four.iter().collect();
    insta::assert_snapshot!(shown(&four, ceos().now(), &screen(90, 24)));
}

#[test]
fn four_jobs_on_a_low_screen_have_a_line_each() {
    let four = four();
    let four: Vec<&Story> = four.iter().collect();
    insta::assert_snapshot!(shown(&four, ceos().now(), &screen(90, 6)));
}

#[test]
fn what_does_not_fit_at_all_is_counted() {
    let four = four();
    let four: Vec<&Story> = four.iter().collect();
    insta::assert_snapshot!(shown(&four, ceos().now(), &screen(60, 4)));
}

#[test]
fn names_are_cut_to_a_narrow_screen() {
    let four = four();
    let four: Vec<&Story> = four.iter().take(2).collect();
    insta::assert_snapshot!(shown(&four, ceos().now(), &screen(40, 24)));
}

#[test]
fn no_screen_is_too_small() {
    let four = four();
    let four: Vec<&Story> = four.iter().collect();
    for width in 1..12 {
        for height in 0..4 {
            shown(&four, ceos().now(), &screen(width, height));
        }
    }
}

#[test]
fn every_end_has_a_name() {
    let error = ErrorReport::new("interrupted", "the program ended");
    let ends = [
        Outcome::Failed { error },
        Outcome::Cancelled {
            by: CancelReason::User,
        },
        Outcome::Lost {
            why: "gone".to_owned(),
        },
    ];
    let names = ends.map(|outcome| state_name(&ceos().finishes(&outcome).job));
    assert_eq!(names, ["interrupted", "cancelled", "lost"]);
}
