//! What is kept of jobs.

use std::path::Path;

use labwright_jobs::{
    CancelToken, ErrorReport, Failure, History, HistoryError, JobFilter, JobId, JobSpec, Monitor,
    MonitorOptions, ProcessIdentity,
};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::bench::{spec, submit, succeeded, until_cancelled};

pub(crate) fn open(path: &Path) -> History {
    History::open(path, ProcessIdentity::current()).unwrap()
}

fn kind(kind: &str) -> JobSpec {
    JobSpec {
        kind: kind.to_owned(),
        ..spec(kind)
    }
}

async fn run(monitor: &Monitor, spec: JobSpec, result: Result<Value, Failure>) -> JobId {
    let job = submit(monitor, spec, |_| async { result }).await;
    job.outcome().await;
    job.id().clone()
}

#[tokio::test]
async fn an_ended_job_is_there_after_a_restart_with_all_it_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not there yet/history.db");
    let monitor = Monitor::start(open(&path), MonitorOptions::default());
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let step = context.reporter.step("Send");
        step.log("hello");
        step.succeed();
        Ok(json!({"reference": "ceos"}))
    })
    .await;
    job.outcome().await;
    let (snapshot, _) = monitor.subscribe().await;
    let again = open(&path);
    let record = again.get(job.id().as_str()).unwrap();
    let mut announced = snapshot.jobs[0].clone();
    announced.seq = record.job.seq;
    assert_eq!(record.job, announced);
    assert_eq!(record.process, ProcessIdentity::current());
    assert_eq!(
        again.request_of(job.id()).unwrap(),
        json!({"title": "cEOS"})
    );
}

#[tokio::test]
async fn jobs_are_listed_newest_first_by_kind_and_activity() {
    let history = History::in_memory().unwrap();
    let monitor = Monitor::start(history.clone(), MonitorOptions::default());
    let import = run(&monitor, kind("import"), Ok(json!(1))).await;
    let pull = run(&monitor, kind("pull"), Ok(json!(2))).await;
    let failure = Failure::Failed(ErrorReport::new("code", "message"));
    run(&monitor, kind("import"), Err(failure)).await;
    let later = run(&monitor, kind("import"), Ok(json!(4))).await;
    let active = submit(&monitor, kind("import"), until_cancelled).await;

    let names = |limit, filter: &JobFilter| -> Vec<JobId> {
        let listed = history.list(limit, filter).unwrap();
        listed.into_iter().map(|record| record.job.id).collect()
    };
    let all = JobFilter::default();
    assert_eq!(names(2, &all), [active.id().clone(), later.clone()]);
    let pulls = JobFilter {
        kind: Some("pull".to_owned()),
        ..JobFilter::default()
    };
    assert_eq!(names(9, &pulls), [pull]);
    let running = JobFilter {
        active: true,
        ..JobFilter::default()
    };
    assert_eq!(names(9, &running), [active.id().clone()]);
    assert_eq!(
        history.succeeded_results("import").unwrap(),
        [json!(4), json!(1)]
    );
    assert_eq!(history.prune(1).unwrap(), 3);
    assert_eq!(names(9, &all), [active.id().clone(), later]);
    assert!(matches!(
        history.get(import.as_str()),
        Err(HistoryError::NotFound { .. })
    ));
}

#[tokio::test]
async fn a_job_is_found_by_the_beginning_of_its_name() {
    let history = History::in_memory().unwrap();
    let monitor = Monitor::start(history.clone(), MonitorOptions::default());
    let one = run(&monitor, spec("one"), Ok(Value::Null)).await;
    let two = run(&monitor, spec("two"), Ok(Value::Null)).await;
    let error = history.get("0").unwrap_err();
    assert!(
        matches!(&error, HistoryError::Ambiguous { candidates, .. } if *candidates == [one.clone(), two]),
        "{error}"
    );
    assert_eq!(history.get(&one.as_str()[..12]).unwrap().job.id, one);
    for nothing in ["", "x", "%", "_"] {
        assert!(matches!(
            history.get(nothing),
            Err(HistoryError::NotFound { .. })
        ));
    }
}

/// The tables of the first version, as they were.
const VERSION_1: &str = "
    CREATE TABLE jobs (
        id TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        key TEXT,
        request TEXT NOT NULL,
        state TEXT NOT NULL,
        outcome TEXT,
        queued_at INTEGER NOT NULL,
        started_at INTEGER,
        finished_at INTEGER,
        pid INTEGER NOT NULL,
        process_started INTEGER NOT NULL,
        boot TEXT NOT NULL
    ) STRICT;
    INSERT INTO jobs VALUES ('000001', 'import', 'cEOS', 'k', '{\"file\":\"ceos.tar\"}',
        '{\"id\":\"000001\",\"seq\":2,\"kind\":\"import\",\"title\":\"cEOS\",\"queued_at\":1,
          \"started_at\":2,\"finished_at\":3,\"steps\":[],\"log\":[],\"log_dropped\":0,
          \"outcome\":{\"type\":\"succeeded\",\"result\":7}}',
        '{\"type\":\"succeeded\",\"result\":7}', 1, 2, 3, 1, 1, 'boot');
    PRAGMA user_version = 1;";

#[tokio::test]
async fn an_older_file_becomes_a_present_one_and_keeps_its_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch(VERSION_1)
        .unwrap();
    let history = open(&path);
    assert_eq!(
        history.request_of(&JobId::from("000001")).unwrap(),
        json!({"file": "ceos.tar"})
    );
    assert_eq!(history.succeeded_results("import").unwrap(), [json!(7)]);
    assert!(!history.request_cancel(&JobId::from("000001")).unwrap());
    let monitor = Monitor::start(history, MonitorOptions::default());
    run(&monitor, spec("new"), Ok(json!(8))).await;
    assert_eq!(
        open(&path).succeeded_results("import").unwrap(),
        [json!(8), json!(7)]
    );
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("CREATE TABLE strange (a); PRAGMA user_version = 99;")
        .unwrap();
    let error = History::open(&path, ProcessIdentity::current()).unwrap_err();
    assert!(
        matches!(error, HistoryError::Newer { found: 99, .. }),
        "{error}"
    );
    assert!(error.hints()[0].contains("Update"));
    assert_eq!(error.report().code, "history_newer");
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_file_that_is_no_history_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    std::fs::write(
        &path,
        "this is no database, whatever its name says".repeat(100),
    )
    .unwrap();
    let error = History::open(&path, ProcessIdentity::current()).unwrap_err();
    assert!(
        matches!(
            error,
            HistoryError::Open { .. } | HistoryError::Migrate { .. }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn following_a_job_that_is_not_there_is_an_error() {
    let history = History::in_memory().unwrap();
    let followed = history
        .follow(&JobId::from("abc"), &CancelToken::new(), |_| {})
        .await;
    assert!(matches!(followed, Err(HistoryError::NotFound { .. })));
}

/// Rare enough that one round would not show it: making the file is what they compete for.
#[test]
fn many_may_make_the_file_at_once() {
    for _ in 0..60 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let opening = (0..12).map(|_| {
            let path = path.clone();
            std::thread::spawn(move || drop(open(&path)))
        });
        for opened in opening.collect::<Vec<_>>() {
            opened.join().unwrap();
        }
    }
}

#[tokio::test]
async fn many_may_open_and_write_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let opening = (0..6).map(|_| {
        let path = path.clone();
        tokio::task::spawn_blocking(move || open(&path))
    });
    let mut jobs = Vec::new();
    for history in opening.collect::<Vec<_>>() {
        let monitor = Monitor::start(history.await.unwrap(), MonitorOptions::default());
        jobs.push(run(&monitor, spec("one of many"), Ok(Value::Null)).await);
    }
    let listed = open(&path).list(99, &JobFilter::default()).unwrap();
    assert!(
        listed
            .iter()
            .all(|record| record.job.outcome == Some(succeeded(Value::Null)))
    );
    assert_eq!(listed.len(), jobs.len());
}
