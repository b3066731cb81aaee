//! Cancelling at any moment: gone within two seconds, and nothing left behind.

use crate::harness::Bench;
use labwright_jobs::{CancelReason, Outcome};
use labwright_testbed::Kind;
use labwright_testbed::archives::{Compression, DockerArchive, RootFs};
use std::time::{Duration, Instant};

/// Cancels imports of one file after more and more time, until one is through before.
async fn at_any_moment(kind: Kind) {
    let bench = Bench::private(kind).await;
    let root = Compression::Zstd.compress(&RootFs::tiny().marker("root").padding(48 << 20).tar());
    let docker = DockerArchive::new()
        .image(&["vendor:1"], &[RootFs::tiny().padding(48 << 20)])
        .tar();
    for (name, bytes) in [("root-1.tar.zst", root), ("docker-1.tar", docker)] {
        let path = bench.file(name, &bytes);
        let mut request = bench.request(&path);
        request.reference = Some("cancelled:1".to_owned());
        let mut wait = Duration::ZERO;
        loop {
            let handle = bench.submit(request.clone()).await;
            tokio::time::sleep(wait).await;
            let asked = Instant::now();
            handle.cancel(CancelReason::User);
            let outcome = tokio::time::timeout(Duration::from_secs(2), handle.outcome()).await;
            let outcome = outcome.unwrap_or_else(|_| {
                panic!(
                    "{name}: not gone {:?} after a cancel at {wait:?}",
                    asked.elapsed()
                )
            });
            if outcome.is_success() {
                break;
            }
            assert_eq!(
                outcome,
                Outcome::Cancelled {
                    by: CancelReason::User
                },
                "{name} after {wait:?}"
            );
            nothing_is_left(&bench, &format!("{name} after {wait:?}")).await;
            wait += Duration::from_millis(110) + wait / 16;
        }
        // Nothing that was cancelled comes back later.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(bench.host.images().len(), 1, "{:?}", bench.host.images());
        labwright_images::library::remove(&bench.engine, "cancelled:1", false)
            .await
            .unwrap();
    }
}

/// An engine that had everything may need a while to notice that nobody wants the image.
async fn nothing_is_left(bench: &Bench, case: &str) {
    let asked = Instant::now();
    while !bench.host.images().is_empty() {
        assert!(
            asked.elapsed() < Duration::from_secs(45),
            "{case}: {:?}",
            bench.host.images()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

on_every_engine! { at_any_moment }
