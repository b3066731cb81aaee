//! Jobs of a session, and what is kept of them.

use labwright_jobs::{HistoryQuery, JobId, Outcome};
use labwright_testbed::Kind;

use crate::desk::{Desk, ended, image, import, wish};

#[tokio::test]
async fn an_import_that_failed_can_be_retried_once_the_cause_is_gone() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let whole = image("frr");
    let file = desk.file("frr-1.tar", &whole[..whole.len() / 2]);
    let job = session.import(wish(&file)).await.unwrap().job;
    let failed = ended(&session, &job).await;
    assert!(
        matches!(&failed.outcome, Some(Outcome::Failed { error }) if error.code == "archive_damaged"),
        "{failed:?}"
    );

    desk.file("frr-1.tar", &whole);
    let again = session.retry(&job).await.unwrap();
    assert_ne!(again.job, job);
    let retried = ended(&session, &again.job).await;
    assert!(
        matches!(retried.outcome, Some(Outcome::Succeeded { .. })),
        "{retried:?}"
    );
}

#[tokio::test]
async fn the_next_session_has_the_past_ones() {
    let desk = Desk::with(Kind::Classic).await;
    let file = desk.file("frr-1.tar", &image("frr"));
    let job = {
        let session = desk.session().await;
        let job = import(&session, &file).await;
        session.shutdown().await;
        job
    };
    let session = desk.session().await;
    let (now, _) = session.jobs().await;
    assert!(now.jobs.is_empty(), "it has none of its own yet");
    let query = HistoryQuery {
        limit: 10,
        ..HistoryQuery::default()
    };
    let page = session.history(query).await.unwrap();
    let jobs: Vec<&JobId> = page.records.iter().map(|record| &record.job.id).collect();
    assert_eq!(jobs, [&job]);
    assert_eq!(page.counts.succeeded, 1);
}

#[tokio::test]
async fn a_history_that_cannot_be_read_is_told_and_imports_work() {
    let desk = Desk::with(Kind::Classic).await;
    desk.file(
        "data/history.sqlite3",
        b"this is no database, and longer than its header would be",
    );
    let session = desk.session().await;
    let settings = session.settings().borrow().clone();
    let error = settings.history_error.expect("it is told");
    assert!(!error.hints.is_empty(), "{error:?}");

    let file = desk.file("frr-1.tar", &image("frr"));
    import(&session, &file).await;
}

#[tokio::test]
async fn without_an_engine_an_import_says_so() {
    let desk = Desk::without_engine();
    let session = desk.session().await;
    let file = desk.file("frr-1.tar", &image("frr"));
    let error = session.import(wish(&file)).await.unwrap_err();
    assert_eq!(error.code, "engine_socket_missing");
    assert!(!error.hints.is_empty(), "{error:?}");
}
