//! Looking for past jobs.

use labwright_jobs::{
    CancelReason, ErrorReport, Failure, History, HistoryPage, HistoryQuery, Monitor,
    MonitorOptions, OutcomeCounts, OutcomeKind,
};
use serde_json::{Value, json};

use crate::bench::{spec, submit, until_cancelled};

async fn run(monitor: &Monitor, title: &str, result: Result<Value, Failure>) {
    let job = submit(monitor, spec(title), |_| async { result }).await;
    job.outcome().await;
}

/// Two that succeeded, one that failed, one that was cancelled, one that runs.
async fn past() -> History {
    let history = History::in_memory().unwrap();
    let monitor = Monitor::start(history.clone(), MonitorOptions::default());
    run(
        &monitor,
        "Import ceos_100%.tar",
        Ok(json!({"reference": "ceos:1"})),
    )
    .await;
    run(
        &monitor,
        "Import xrd.tgz",
        Ok(json!({"reference": "xrd:2"})),
    )
    .await;
    let failure = ErrorReport::new("no_space", "xrd.tgz does not fit").with_cause("Disk full");
    run(&monitor, "Import xrd.tgz", Err(Failure::Failed(failure))).await;
    let cancelled = submit(&monitor, spec("Import crpd.tgz"), until_cancelled).await;
    cancelled.cancel(CancelReason::User);
    cancelled.outcome().await;
    let running = submit(&monitor, spec("Import now"), until_cancelled).await;
    // It outlives this function and stays what it is: not a past job.
    running.detach();
    history
}

fn titles(page: &HistoryPage) -> Vec<&str> {
    let jobs = page.records.iter().map(|record| &record.job);
    jobs.map(|job| job.title.as_str()).collect()
}

fn about(text: &str) -> HistoryQuery {
    HistoryQuery {
        text: text.to_owned(),
        limit: 10,
        ..HistoryQuery::default()
    }
}

#[tokio::test]
async fn words_are_found_in_titles_results_and_errors() {
    let history = past().await;
    let found = |text: &str| {
        let page = history.search(&about(text)).unwrap();
        titles(&page).join(", ")
    };
    assert_eq!(
        found(""),
        "Import crpd.tgz, Import xrd.tgz, Import xrd.tgz, Import ceos_100%.tar"
    );
    assert_eq!(found("XRD"), "Import xrd.tgz, Import xrd.tgz");
    assert_eq!(found("xrd full"), "Import xrd.tgz");
    assert_eq!(found("xrd:2"), "Import xrd.tgz");
    assert_eq!(found("ceos_100%"), "Import ceos_100%.tar");
    assert_eq!(found("ceosx100"), "");
    assert_eq!(found("%"), "Import ceos_100%.tar", "no word is a pattern");
    assert_eq!(found("ceos xrd"), "");
}

#[tokio::test]
async fn they_come_in_pages_with_the_numbers_of_all() {
    let history = past().await;
    let counts = OutcomeCounts {
        succeeded: 2,
        failed: 1,
        cancelled: 1,
        lost: 0,
    };
    let first = history
        .search(&HistoryQuery {
            limit: 3,
            ..about("")
        })
        .unwrap();
    assert_eq!((first.records.len(), first.more), (3, true));
    assert_eq!(first.counts, counts);
    let rest = history
        .search(&HistoryQuery {
            before: Some(first.records[2].job.id.clone()),
            ..about("")
        })
        .unwrap();
    assert_eq!(titles(&rest), ["Import ceos_100%.tar"]);
    assert!(!rest.more);
    assert_eq!(rest.counts, counts);
}

#[tokio::test]
async fn one_outcome_can_be_asked_for() {
    let history = past().await;
    for (outcome, expected) in [
        (OutcomeKind::Succeeded, 2),
        (OutcomeKind::Failed, 1),
        (OutcomeKind::Cancelled, 1),
        (OutcomeKind::Lost, 0),
    ] {
        let query = HistoryQuery {
            outcome: Some(outcome),
            ..about("import")
        };
        let page = history.search(&query).unwrap();
        assert_eq!(page.records.len(), expected, "{outcome:?}");
        assert_eq!(page.counts.succeeded, 2, "the numbers are of all outcomes");
    }
}
