//! `lw jobs`: lists, shows, cancels and retries what the history has.

use labwright_jobs::{
    ErrorReport, Failure, History, JobContext, JobId, JobSpec, Monitor, MonitorOptions,
    ProcessIdentity, Unit,
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::program::Home;

fn open(home: &Home) -> History {
    History::open(&home.history(), ProcessIdentity::current()).unwrap()
}

fn import(title: &str, engine: &str) -> JobSpec {
    JobSpec {
        kind: "import".to_owned(),
        title: title.to_owned(),
        request: json!({
            "source": "/no-such-folder/a.tar",
            "reference": null,
            "kind": null,
            "replace": false,
            "sha256": null,
            "engine": engine,
        }),
        ..JobSpec::default()
    }
}

/// Work that ends at once, after one step.
fn works(context: &JobContext, result: Result<Value, Failure>) -> Result<Value, Failure> {
    let step = context.reporter.step("Send");
    step.progress(10 << 20, Some(20 << 20), Unit::Bytes);
    step.log("the engine said this");
    result
}

/// A history with a job that succeeded and one that failed, the newest first.
fn two_jobs(home: &Home) -> [JobId; 2] {
    let engine = format!("unix://{}/none.sock", home.path().display());
    let result = json!({
        "references": ["lab:1"], "image_id": "sha256:abc", "size": 1 << 20,
        "architecture": "amd64", "kind": "linux", "version": "1", "sha256": "0",
        "source": "/no-such-folder/b.tar", "engine": "docker", "engine_id": "A",
        "already_there": false, "warnings": [], "untagged": null,
    });
    let error = ErrorReport::new("file_open", "cannot open /no-such-folder/a.tar")
        .with_cause("No such file or directory")
        .with_hint("Check the path.");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let monitor = Monitor::start(open(home), MonitorOptions::default());
        let mut ids = Vec::new();
        for (title, result) in [
            ("Import b.tar into docker", Ok(result)),
            (
                "Import a\u{1b}[31m.tar into docker",
                Err(Failure::Failed(error)),
            ),
        ] {
            let spec = import(title, &engine);
            let work = |context: JobContext| async move { works(&context, result) };
            let submitted = monitor.submit(spec, work).await;
            let handle = submitted.unwrap().handle;
            handle.outcome().await;
            ids.insert(0, handle.id().clone());
        }
        ids.try_into().expect("two jobs")
    })
}

/// What differs from run to run, and what stands for it. Columns are as wide as what is in them.
const DIFFERS: [(&str, &str); 5] = [
    (r"\b[0-9a-f]{9,20}\b", "[id]"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "[moment]"),
    (r"\d\d:\d\d:\d\d", "[time]"),
    (r"\d+\.\d s", "[seconds]"),
    (r" {2,}", "  "),
];

#[test]
fn an_empty_history_is_no_error() {
    let home = Home::new();
    let run = home.run(&["jobs"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    assert_eq!(run.stderr, "no jobs\n");
    let run = home.run(&["jobs", "list", "--json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "[]\n"));
}

#[test]
fn jobs_are_listed_and_shown() {
    let home = Home::new();
    let ids = two_jobs(&home);
    let mut said = home.run(&["jobs"]).to_string();
    for id in &ids {
        said += &home.run(&["jobs", "show", id.as_str()]).to_string();
    }
    assert!(!said.contains('\u{1b}'), "no title colours the screen");
    insta::with_settings!({ filters => DIFFERS }, {
        insta::assert_snapshot!(said);
    });
}

#[test]
fn lists_can_be_narrowed() {
    let home = Home::new();
    two_jobs(&home);
    let count = |arguments: &[&str]| {
        let run = home.run(&[&["jobs", "list", "--json"], arguments].concat());
        let listed: Value = serde_json::from_str(&run.stdout).unwrap();
        listed.as_array().unwrap().len()
    };
    assert_eq!(count(&[]), 2);
    assert_eq!(count(&["-n", "1"]), 1);
    assert_eq!(count(&["--kind", "pull"]), 0);
    assert_eq!(count(&["--active"]), 0);
}

#[test]
fn programs_get_a_job_with_its_moments_in_iso_8601() {
    let home = Home::new();
    let [failed, _] = two_jobs(&home);
    let run = home.run(&["jobs", "show", failed.as_str(), "--json"]);
    let record: Value = serde_json::from_str(&run.stdout).unwrap();
    let job = &record["job"];
    assert_eq!(job["outcome"]["error"]["code"], "file_open");
    let moments = [
        &job["queued_at"],
        &job["finished_at"],
        &job["steps"][0]["started_at"],
        &job["log"][0]["at"],
    ];
    for moment in moments {
        let text = moment.as_str().unwrap();
        assert!(text.parse::<jiff::Timestamp>().is_ok(), "{text}");
    }
}

#[test]
fn a_job_that_is_not_there_or_has_ended_is_said() {
    let home = Home::new();
    let [failed, succeeded] = two_jobs(&home);
    for command in ["show", "cancel", "retry"] {
        let run = home.run(&["jobs", command, "f00"]);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(
            run.stderr.starts_with("error: there is no job f00\n"),
            "{run}"
        );
    }
    let run = home.run(&["jobs", "cancel", succeeded.as_str()]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("has ended already: it succeeded"),
        "{run}"
    );
    let run = home.run(&["jobs", "retry", failed.as_str()]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("HOME/none.sock"),
        "the engine of the request is looked for\n{run}"
    );
}

#[test]
fn a_job_of_another_process_can_be_cancelled() {
    let home = Home::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let monitor = Monitor::start(open(&home), MonitorOptions::default());
        let (began, begins) = oneshot::channel();
        let waits = |context: JobContext| async move {
            let _listener_gone = began.send(());
            context.cancel.cancelled().await;
            Err(Failure::Cancelled)
        };
        let spec = import("Import a.tar into docker", "unix:///none.sock");
        let handle = monitor.submit(spec, waits).await.unwrap().handle;
        begins.await.unwrap();
        let id = handle.id().as_str().to_owned();
        let run = tokio::task::spawn_blocking(move || {
            let retried = home.run(&["jobs", "retry", &id]);
            assert_eq!(retried.code, Some(1));
            assert!(retried.stderr.contains("did not end yet"), "{retried}");
            home.run(&["jobs", "cancel", &id])
        });
        let run = run.await.unwrap();
        assert_eq!(run.code, Some(0), "{run}");
        assert_eq!(run.stdout, "Import a.tar into docker: cancelled\n");
    });
}

#[test]
fn old_jobs_are_forgotten() {
    let home = Home::new();
    two_jobs(&home);
    let database = rusqlite::Connection::open(home.history()).unwrap();
    let copy = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers
                    WHERE n < 1100)
                INSERT INTO jobs SELECT printf('0000%016x', n), kind, title, key, request, state,
                    outcome, queued_at, started_at, finished_at, pid, process_started, boot,
                    cancel_requested, checkpoint
                FROM numbers, (SELECT * FROM jobs LIMIT 1)";
    database.execute(copy, []).unwrap();
    home.run(&["jobs"]);
    let left = "SELECT count(*), min(id) FROM jobs";
    let (count, oldest): (i64, String) = database
        .query_row(left, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(count, 1000);
    assert_eq!(oldest, format!("0000{:016x}", 103));
}
