//! What `lw jobs show` shows.

use jiff::tz::TimeZone;
use labwright_jobs::{ErrorReport, JobRecord, Outcome, ProcessIdentity};
use serde_json::json;

use super::job_sheet;
use crate::view::Palette;
use crate::view::story::Story;

fn shown(story: &Story, width: Option<usize>) -> String {
    sheet(story, false, width)
}

fn sheet(story: &Story, left: bool, width: Option<usize>) -> String {
    let record = JobRecord {
        job: story.job.clone(),
        key: None,
        checkpoint: None,
        request: json!({
            "source": "/images/cEOS64-lab-4.35.1F.tar.xz",
            "reference": null,
            "replace": true,
            "engine": "unix:///run/docker.sock",
        }),
        process: ProcessIdentity {
            pid: 1234,
            started: 1,
            boot: String::new(),
        },
    };
    let palette = Palette::new(false);
    job_sheet(&record, left, story.now(), &TimeZone::UTC, width, palette).join("\n")
}

#[test]
fn all_that_is_known_of_a_job_that_failed() {
    let mut story = Story::sending("Import cEOS64-lab.tar.xz", 231 << 20, Some(462 << 20), None);
    story.says(
        2,
        "the engine said something that is too long for a narrow terminal",
    );
    let error = ErrorReport::new("engine_went_away", "the import failed at docker")
        .with_cause("connection closed before message completed")
        .with_hint("Check the engine's log, start it again, and retry.");
    story.passes(400).finishes(&Outcome::Failed { error });
    insta::assert_snapshot!([shown(&story, None), shown(&story, Some(40))].join("\n\n"));
}

#[test]
fn all_that_is_known_of_a_job_that_waits_or_runs() {
    let waits = Story::queued("01a1fd1e8c001f00ab37", "Import frr.tar");
    let mut runs = Story::sending("Import frr.tar", 5 << 20, None, None);
    runs.passes(3_000);
    insta::assert_snapshot!([shown(&waits, None), shown(&runs, None)].join("\n\n"));
}

#[test]
fn a_job_that_was_left_says_how_to_follow_it() {
    let mut story = Story::on_host("install", &["a", "b"]);
    story.starts(1).ends(1).starts(2);
    insta::assert_snapshot!(sheet(&story, true, None));
}
