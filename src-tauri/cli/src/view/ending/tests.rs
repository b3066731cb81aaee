//! What is left on the screen when a job has ended.

use labwright_images::ImportResult;
use labwright_jobs::{CancelReason, ErrorReport, Outcome};
use serde_json::{Value, json};

use super::{problem_lines, reference, result_lines};
use crate::view::Palette;
use crate::view::story::Story;

fn result() -> ImportResult {
    ImportResult {
        references: vec!["ceos:4.35.1F".to_owned()],
        image_id: "sha256:3f1c0a9d8e7b6a5f4e3d2c1b0a99887766554433221100ffeeddccbbaa998877"
            .to_owned(),
        size: 2_791_728_742,
        architecture: "amd64".to_owned(),
        kind: Some("arista_ceos".to_owned()),
        version: Some("4.35.1F".to_owned()),
        sha256: "9f86".to_owned(),
        source: "/images/cEOS64-lab-4.35.1F.tar.xz".to_owned(),
        engine: "docker".to_owned(),
        engine_id: "A:B".to_owned(),
        already_there: false,
        warnings: Vec::new(),
        untagged: None,
    }
}

fn succeeded(result: &ImportResult) -> Outcome {
    let result = serde_json::to_value(result).unwrap_or(Value::Null);
    Outcome::Succeeded { result }
}

/// Standard output, and standard error.
fn shown(outcome: &Outcome, several: bool) -> String {
    let title = "Import cEOS64-lab-4.35.1F.tar.xz into docker";
    let mut story = Story::sending(title, 1 << 20, Some(1 << 29), None);
    story.passes(35_000).finishes(outcome);
    let palette = Palette::new(false);
    let results = result_lines(&story.job, palette).join("\n");
    let problems = problem_lines(&story.job, several, palette).join("\n");
    format!("{results}\n--\n{problems}")
}

#[test]
fn an_image_is_there() {
    insta::assert_snapshot!(shown(&succeeded(&result()), false));
}

#[test]
fn an_image_was_there_already_and_others_had_a_name_before() {
    let there = ImportResult {
        already_there: true,
        kind: None,
        version: None,
        ..result()
    };
    let several = ImportResult {
        references: vec!["xrd:7.11".to_owned(), "xrd:latest".to_owned()],
        warnings: vec!["the image is for arm64 and the engine runs amd64".to_owned()],
        untagged: Some("sha256:00112233445566778899".to_owned()),
        ..result()
    };
    let none = ImportResult {
        references: Vec::new(),
        ..result()
    };
    let all = [there, several, none].map(|result| shown(&succeeded(&result), false));
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn a_failure_with_its_causes_and_hints() {
    let error = ErrorReport::new(
        "engine_went_away",
        "the import of cEOS64-lab-4.35.1F.tar.xz failed at docker",
    )
    .with_cause("engine docker went away while it was asked to import ceos:4.35.1F")
    .with_cause("connection closed before message completed")
    .with_hint("Check the engine's log, start it again, and retry.");
    let failed = Outcome::Failed { error };
    insta::assert_snapshot!([shown(&failed, false), shown(&failed, true)].join("\n\n"));
}

#[test]
fn cancelled_and_lost() {
    let ends = [
        Outcome::Cancelled {
            by: CancelReason::Interrupt,
        },
        Outcome::Lost {
            why: "the host lab-7 does not answer".to_owned(),
        },
    ];
    insta::assert_snapshot!(ends.map(|end| shown(&end, false)).join("\n\n"));
}

#[test]
fn a_result_of_another_kind_of_job_is_no_secret_error() {
    let other = Outcome::Succeeded {
        result: json!({ "anything": 1 }),
    };
    insta::assert_snapshot!(shown(&other, false));
}

#[test]
fn who_reads_only_one_line_gets_the_reference() {
    let of = |result: &ImportResult| {
        let mut story = Story::import("Import x");
        reference(&story.finishes(&succeeded(result)).job)
    };
    assert_eq!(of(&result()).as_deref(), Some("ceos:4.35.1F"));
    let none = ImportResult {
        references: Vec::new(),
        ..result()
    };
    assert_eq!(of(&none), Some(none.image_id));
}
