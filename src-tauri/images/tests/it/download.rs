//! URLs: servers that cut, crawl, lie and refuse.

use crate::harness::{Bench, SEND};
use labwright_jobs::{Change, Outcome};
use labwright_testbed::Kind;
use labwright_testbed::archives::{Compression, RootFs, hostile};
use labwright_testbed::servers::HttpServer;
use sha2::{Digest, Sha256};

const NAME: &str = "router-7.1.tar.gz";

fn archive() -> Vec<u8> {
    Compression::Gzip.compress(&RootFs::tiny().marker("downloaded").padding(6 << 20).tar())
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_download_goes_on_where_it_was() {
    let bench = Bench::shared(Kind::Podman).await;
    let bytes = archive();
    let third = bytes.len() as u64 / 3;
    let server = HttpServer::bytes(bytes.clone())
        .file_name(NAME)
        .cut_times(third, 2)
        .start();
    let result = bench.import(bench.request_for(&server.url())).await;
    assert_eq!(result.references, ["router:7.1"]);
    assert_eq!(result.sha256, sha256(&bytes));
    assert_eq!(bench.marker("router:7.1"), "downloaded");
    let ranges: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.range().map_or(0, |range| range.0))
        .collect();
    assert_eq!(ranges, [0, third, 2 * third]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_ranges_is_asked_again_and_the_known_part_skipped() {
    let bench = Bench::shared(Kind::Podman).await;
    let bytes = archive();
    let server = HttpServer::bytes(bytes.clone())
        .file_name(NAME)
        .without_ranges()
        .cut_after(1 << 20)
        .start();
    let result = bench.import(bench.request_for(&server.url())).await;
    assert_eq!(result.sha256, sha256(&bytes));
    assert_eq!(bench.marker("router:7.1"), "downloaded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_that_is_not_told_is_not_invented() {
    let bench = Bench::shared(Kind::Podman).await;
    let server = HttpServer::bytes(archive())
        .file_name(NAME)
        .chunked()
        .start();
    let (_, mut events) = bench.monitor.subscribe().await;
    bench.import(bench.request_for(&server.url())).await;
    let mut seen = 0;
    while let Some(Ok(event)) = events.next().await {
        match event.change {
            Change::Progress { step, progress } if step <= SEND => {
                assert_eq!(progress.total, None);
                seen += 1;
            }
            Change::Finished { .. } => break,
            _ => {}
        }
    }
    assert!(seen > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_is_not_sewn_together() {
    let bench = Bench::shared(Kind::Podman).await;
    let server = HttpServer::bytes(archive())
        .file_name(NAME)
        .cut_after(1 << 20)
        // Seconds lie between the part that is waited for and the cut: a busy machine notices in time.
        .bytes_per_second(256 << 10)
        .start();
    let handle = bench.submit(bench.request_for(&server.url())).await;
    while server.bytes_sent() < 128 << 10 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    server.replace(
        Compression::Gzip.compress(&RootFs::tiny().marker("another").padding(6 << 20).tar()),
        "\"another\"",
    );
    let outcome = handle.outcome().await;
    assert!(
        matches!(&outcome, Outcome::Failed { error } if error.code == "download_changed"),
        "{outcome:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_is_shown_as_such_and_can_be_left() {
    let bench = Bench::shared(Kind::Podman).await;
    let server = HttpServer::bytes(archive())
        .file_name(NAME)
        .bytes_per_second(20)
        .start();
    let (_, mut events) = bench.monitor.subscribe().await;
    let handle = bench.submit(bench.request_for(&server.url())).await;
    loop {
        match events.next().await.unwrap().unwrap().change {
            Change::Progress { .. } => break,
            Change::Finished { outcome } => panic!("{outcome:?}"),
            _ => {}
        }
    }
    bench.cancel(&handle).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_refuse_or_lie() {
    let bench = Bench::shared(Kind::Podman).await;
    let bytes = archive();
    let servers = [
        HttpServer::bytes("").status(401).file_name(NAME).start(),
        HttpServer::bytes("").status(404).file_name(NAME).start(),
        HttpServer::bytes("").status(503).file_name(NAME).start(),
        HttpServer::bytes(hostile::html_login_page())
            .content_type("text/html")
            .file_name(NAME)
            .start(),
        HttpServer::bytes(bytes.clone())
            .claimed_length(bytes.len() as u64 + 1000)
            .without_ranges()
            .file_name(NAME)
            .start(),
    ];
    let mut reports = Vec::new();
    for server in &servers {
        let report = bench.fail(bench.request_for(&server.url())).await;
        let text = format!(
            "{}: {} | {}",
            report.code,
            report.in_one_line(),
            report.hints.join(" | ")
        );
        reports.push(text.replace(&server.url(), "URL"));
    }
    let gone = HttpServer::serve(bytes.clone());
    let url = gone.url();
    drop(gone);
    reports.push(bench.fail(bench.request_for(&url)).await.code);

    let server = HttpServer::bytes(bytes).file_name(NAME).start();
    let mut request = bench.request_for(&server.url());
    request.sha256 = Some("0".repeat(64));
    reports.push(bench.fail(request.clone()).await.code);
    request.sha256 = Some("xyz".to_owned());
    reports.push(bench.fail(request).await.code);
    insta::assert_snapshot!(reports.join("\n"));
}
