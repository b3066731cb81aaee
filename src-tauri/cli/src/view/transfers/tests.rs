//! What is left on the screen when images were saved or copied.

use labwright_images::{CopiedImage, CopyResult, Packing, SaveResult};
use labwright_jobs::{Change, JobEvent, JobId, JobState, Outcome, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::view::Palette;
use crate::view::ending::{problem_lines, reference, result_lines};
use crate::view::story::BEGIN;

/// Standard output, standard error, and what is left of them with `--quiet`.
fn shown(kind: &str, result: &impl Serialize) -> String {
    let changes = [
        Change::Queued {
            kind: kind.to_owned(),
            title: "something".to_owned(),
        },
        Change::Started,
        Change::Finished {
            outcome: Outcome::Succeeded {
                result: serde_json::to_value(result).unwrap_or(Value::Null),
            },
        },
    ];
    let mut job: Option<JobState> = None;
    for (seq, change) in (1..).zip(changes) {
        let event = JobEvent {
            job: JobId::from("01a1fd1e8c001f00ab37"),
            seq,
            at: Timestamp(BEGIN + 1700 * i64::try_from(seq).unwrap_or_default()),
            change,
        };
        match &mut job {
            None => job = JobState::begin(&event),
            Some(job) => assert!(job.apply(&event)),
        }
    }
    let palette = Palette::new(false);
    let shown = job.map(|job| {
        let results = result_lines(&job, palette).join("\n");
        let problems = problem_lines(&job, false, palette).join("\n");
        let quiet = reference(&job).unwrap_or_default();
        format!("{results}\n--\n{problems}\n--\n{quiet}")
    });
    shown.unwrap_or_default()
}

fn saved(file: Option<&str>) -> SaveResult {
    SaveResult {
        references: vec!["frr:10.2".to_owned(), "ceos:4.35.1F".to_owned()],
        image_ids: vec!["sha256:3f1c0a9d8e7b".to_owned(); 2],
        file: file.map(str::to_owned),
        packing: file.map_or(Packing::Plain, |_| Packing::Zstd),
        size: 731_906_048,
        archive_size: 2_791_728_742,
        sha256: "9f86d081884c7d659a2feaa0c55ad015".repeat(2),
        engine: "docker".to_owned(),
        engine_id: "A:B".to_owned(),
    }
}

#[test]
fn a_file_is_there() {
    insta::assert_snapshot!(shown("save", &saved(Some("/images/lab.tar.zst"))));
}

#[test]
fn an_archive_went_into_a_pipe() {
    insta::assert_snapshot!(shown("save", &saved(None)));
}

fn copied(reference: &str, already_there: bool) -> CopiedImage {
    CopiedImage {
        reference: reference.to_owned(),
        image_id: format!("sha256:{}", "3f".repeat(32)),
        size: 2_791_728_742,
        already_there,
        untagged: (!already_there).then(|| format!("sha256:{}", "7b".repeat(32))),
    }
}

#[test]
fn images_are_in_the_other_engine() {
    let result = CopyResult {
        images: vec![copied("ceos:4.35.1F", false), copied("frr:10.2", true)],
        from: "docker".to_owned(),
        from_id: "A:B".to_owned(),
        engine: "podman".to_owned(),
        engine_id: "C:D".to_owned(),
        warnings: vec!["the image is for arm64 and the engine runs amd64".to_owned()],
    };
    insta::assert_snapshot!(shown("copy", &result));
}
