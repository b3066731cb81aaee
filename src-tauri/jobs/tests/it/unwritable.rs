//! A history that cannot be written loses nobody the truth.

use std::time::Duration;

use labwright_jobs::{
    Change, History, JobFilter, Monitor, MonitorOptions, Outcome, ProcessIdentity,
};
use rusqlite::Connection;
use serde_json::json;

use crate::bench::{Watcher, keyed, spec, submit, succeeded, until_cancelled};
use crate::history::open;

/// Makes every write fail as a full disk does, until it is made to pass again.
struct FullDisk(Connection);

impl FullDisk {
    fn new(path: &std::path::Path) -> Self {
        let connection = Connection::open(path).unwrap();
        let fail = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;";
        for (name, when) in [("a", "INSERT"), ("b", "UPDATE")] {
            let trigger = format!("CREATE TRIGGER {name} BEFORE {when} ON jobs {fail}");
            connection.execute_batch(&trigger).unwrap();
        }
        Self(connection)
    }

    fn relieve(&self) {
        self.0
            .execute_batch("DROP TRIGGER a; DROP TRIGGER b;")
            .unwrap();
    }
}

#[tokio::test]
async fn a_job_is_announced_though_it_cannot_be_written_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let monitor = Monitor::start(open(&path), MonitorOptions::default());
    let disk = FullDisk::new(&path);
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, keyed("cEOS", "k"), |context| async move {
        context.reporter.step("Send").succeed();
        Ok(json!(1))
    })
    .await;
    assert_eq!(job.outcome().await, succeeded(json!(1)));
    watcher.until_finished(job.id()).await;
    let story = watcher.story(job.id());
    let said = &story[story.len() - 2];
    assert!(
        said.contains("1 says this job is not in the history"),
        "{said}"
    );
    assert!(said.contains("database or disk is full"), "{said}");
    assert!(open_while_full(&monitor).is_empty());

    disk.relieve();
    let again = submit(&monitor, keyed("cEOS", "k"), |_| async { Ok(json!(2)) }).await;
    assert_eq!(again.outcome().await, succeeded(json!(2)));
    let results = monitor.history().succeeded_results("import").unwrap();
    assert_eq!(
        results,
        [json!(2), json!(1)],
        "what could not be written is written later"
    );
}

fn open_while_full(monitor: &Monitor) -> Vec<labwright_jobs::JobRecord> {
    monitor.history().list(9, &JobFilter::default()).unwrap()
}

#[tokio::test]
async fn a_job_without_steps_says_so_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let monitor = Monitor::start(open(&path), MonitorOptions::default());
    let _disk = FullDisk::new(&path);
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |_| async { Ok(json!(1)) }).await;
    watcher.until_finished(job.id()).await;
    let state = watcher.state.job(job.id()).unwrap();
    assert!(state.log[0].line.contains("not in the history"));
    assert!(state.steps.iter().all(|step| !step.is_open()));
}

#[tokio::test]
async fn the_end_is_written_before_it_is_announced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let monitor = Monitor::start(open(&path), MonitorOptions::default());
    let reader = open(&path);
    for number in 0..20 {
        let mut watcher = Watcher::new(&monitor).await;
        let job = submit(
            &monitor,
            spec("cEOS"),
            move |_| async move { Ok(json!(number)) },
        )
        .await;
        watcher.until_finished(job.id()).await;
        let written = reader.get(job.id().as_str()).unwrap().job.outcome;
        assert_eq!(written, Some(succeeded(json!(number))));
    }
}

#[tokio::test]
async fn a_history_that_is_held_by_another_process_holds_up_no_producer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let monitor = Monitor::start(open(&path), MonitorOptions::default());
    let (held, holding) = tokio::sync::oneshot::channel();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let step = context.reporter.step("Send");
        step.start();
        holding.await.unwrap();
        step.log("sent while the history was held");
        Ok(json!(1))
    })
    .await;
    let holder = Connection::open(&path).unwrap();
    holder.busy_timeout(Duration::from_secs(60)).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    held.send(()).unwrap();
    watcher
        .until(|change| matches!(change, Change::Log { .. }))
        .await;
    holder.execute_batch("ROLLBACK").unwrap();
    assert_eq!(job.outcome().await, succeeded(json!(1)));
}

#[tokio::test]
async fn what_is_read_of_an_interrupted_job_is_true_though_it_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let gone = ProcessIdentity {
        boot: "another".to_owned(),
        ..ProcessIdentity::current()
    };
    let theirs = History::open(&path, gone).unwrap();
    let monitor = Monitor::start(theirs, MonitorOptions::default());
    let job = submit(&monitor, spec("cEOS"), until_cancelled).await;
    let _disk = FullDisk::new(&path);
    let record = open(&path).get(job.id().as_str()).unwrap();
    let outcome = record.job.outcome.unwrap();
    assert!(matches!(outcome, Outcome::Failed { error } if error.code == "interrupted"));
}
