//! Engines that die, come back, or never answer.

use crate::harness::{Bench, COMMIT, SEND};
use labwright_engine::{Candidate, Engine};
use labwright_images::{ImportJob, Rules};
use labwright_jobs::{CancelReason, Change, History, Monitor, MonitorOptions, Outcome, StepId};
use labwright_testbed::Kind;
use labwright_testbed::archives::RootFs;
use labwright_testbed::servers::{HttpServer, HungEngine, Upload};
use std::sync::Arc;
use std::time::Duration;

/// A source slow enough to strike at a percentage.
fn slow_server() -> HttpServer {
    let bytes = RootFs::tiny().marker("survived").padding(24 << 20).tar();
    HttpServer::bytes(bytes)
        .file_name("survivor-1.tar")
        .bytes_per_second(12 << 20)
        .start()
}

async fn killed_at_any_moment(kind: Kind) {
    let bench = Bench::private(kind).await;
    let server = slow_server();
    for percent in [10, 50, 95] {
        let request = bench.request_for(&server.url());
        let outcome = bench
            .import_until(request, percent, || bench.host.kill())
            .await;
        let Outcome::Failed { error } = outcome else {
            panic!("{percent} %: {outcome:?}")
        };
        assert_eq!(error.code, "engine_went_away", "{percent} %: {error:?}");
        assert!(!error.hints.is_empty());
        tokio::task::block_in_place(|| bench.host.start());
        assert_eq!(bench.host.images(), Vec::<String>::new(), "{percent} %");
    }
    bench.import(bench.request_for(&server.url())).await;
    assert_eq!(bench.marker("survivor:1"), "survived");
}

async fn restarted_in_the_middle(kind: Kind) {
    let bench = Bench::private(kind).await;
    let server = slow_server();
    let outcome = bench
        .import_until(bench.request_for(&server.url()), 30, || {
            bench.host.restart();
        })
        .await;
    let Outcome::Failed { error } = outcome else {
        panic!("{outcome:?}")
    };
    // An engine that is stopped in peace may find the time to say so.
    let known = ["engine_went_away", "engine_import_refused"].contains(&error.code.as_str());
    assert!(known && !error.hints.is_empty(), "{error:?}");
    assert_eq!(bench.host.images(), Vec::<String>::new());
    bench.import(bench.request_for(&server.url())).await;
    assert_eq!(bench.marker("survivor:1"), "survived");
}

on_every_engine! { killed_at_any_moment restarted_in_the_middle }

/// Imports into an engine that hangs, until the step of that number is shown as stalled; then
/// cancels, and returns what it waited for.
async fn stall(upload: Upload, stalling: StepId) -> String {
    let host = HungEngine::start(upload);
    let engine = Engine::connect(&Candidate::explicit(&host.address()).unwrap())
        .await
        .unwrap();
    let options = MonitorOptions {
        stall_after: Duration::from_secs(1),
        ..MonitorOptions::default()
    };
    let monitor = Monitor::start(History::in_memory().unwrap(), options);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("router-1.tar");
    std::fs::write(&path, RootFs::tiny().padding(64 << 20).tar()).unwrap();
    let request = labwright_images::ImportRequest {
        source: path.to_str().unwrap().to_owned(),
        reference: None,
        kind: None,
        replace: false,
        sha256: None,
        engine: host.address(),
    };
    let job = ImportJob {
        engine,
        rules: Arc::new(Rules::built_in().unwrap()),
        earlier: Vec::new(),
        request,
    };
    let (_, mut events) = monitor.subscribe().await;
    let handle = monitor
        .submit(job.spec(), move |context| job.run(context))
        .await
        .unwrap()
        .handle;
    let waiting_for = loop {
        match events.next().await.unwrap().unwrap().change {
            Change::Stalled { step, waiting_for } if step == stalling => break waiting_for,
            Change::Finished { outcome } => panic!("{outcome:?}"),
            _ => {}
        }
    };
    handle.cancel(CancelReason::User);
    let outcome = tokio::time::timeout(Duration::from_secs(2), handle.outcome())
        .await
        .unwrap();
    assert_eq!(
        outcome,
        Outcome::Cancelled {
            by: CancelReason::User
        }
    );
    waiting_for
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_stops_reading_is_shown_and_can_be_left() {
    let waiting_for = stall(Upload::StopsReading(5 << 20), SEND).await;
    assert!(waiting_for.ends_with("to take more data"), "{waiting_for}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_never_answers_is_shown_and_can_be_left() {
    let waiting_for = stall(Upload::NeverAnswers, COMMIT).await;
    assert!(waiting_for.contains("to store the image"), "{waiting_for}");
}
