//! Archives that mean harm, or only claim much.

use crate::harness::{Bench, SEND};
use labwright_jobs::{Change, Outcome};
use labwright_testbed::archives::{Compression, RootFs, hostile, xz_bomb};
use labwright_testbed::{Engine, Kind};
use std::fs::File;
use std::path::Path;

const GIB: u64 = 1 << 30;

async fn names_and_devices(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let path = bench.file("parent.tar", &hostile::parent_names());
    assert_eq!(
        bench.fail(bench.request(&path)).await.code,
        "archive_escapes"
    );
    assert!(!Path::new("/tmp/labwright-escaped").exists());

    let path = bench.file("absolute-1.tar", &hostile::absolute_names());
    bench.import(bench.request(&path)).await;
    assert_eq!(
        bench
            .host
            .run("absolute:1", &["/bin/cat", "/etc/absolute"])
            .trim(),
        "abs"
    );
    assert!(!Path::new("/etc/absolute").exists());

    let path = bench.file("devices-1.tar", &hostile::device_nodes());
    bench.import(bench.request(&path)).await;
    assert_eq!(
        bench
            .host
            .run("devices:1", &["/bin/ls", "/dev/../etc/marker"])
            .trim(),
        "/dev/../etc/marker"
    );

    let path = bench.file("links-1.tar", &hostile::links_outside());
    // An engine may refuse such links or keep them inside; what matters is that nothing gets out.
    bench.submit(bench.request(&path)).await.outcome().await;
    assert!(!Path::new("/tmp/labwright-escaped").exists());

    let path = bench.file("checksum.tar", &hostile::wrong_checksum());
    assert_eq!(
        bench.fail(bench.request(&path)).await.code,
        "archive_damaged"
    );
    let path = bench.file("claimed.tar", &hostile::claimed_size(GIB));
    assert_eq!(
        bench.fail(bench.request(&path)).await.code,
        "archive_damaged"
    );
}

/// What does not fit is refused before or while it is sent, whoever notices first.
async fn too_large_for_the_disk(kind: Kind) {
    let host = tokio::task::spawn_blocking(move || Engine::with_small_disk(kind, 256 << 20))
        .await
        .unwrap();
    let bench = Bench::of(host).await;
    let no_space = ["no_space", "engine_disk_full"];
    let path = bench.file("sparse.tar", &hostile::sparse(10 * GIB));
    let report = bench.fail(bench.request(&path)).await;
    assert!(no_space.contains(&report.code.as_str()), "{report:?}");

    let path = bench.file(
        "big.tar.gz",
        &Compression::Gzip.compress(&RootFs::tiny().padding(400 << 20).tar()),
    );
    let report = bench.fail(bench.request(&path)).await;
    assert!(no_space.contains(&report.code.as_str()), "{report:?}");

    let path = bench.folder.path().join("bomb.tar.xz");
    xz_bomb(File::create(&path).unwrap(), 20 * GIB).unwrap();
    let report = bench.fail(bench.request(&path)).await;
    assert!(no_space.contains(&report.code.as_str()), "{report:?}");

    let path = bench.file("small-1.tar", &RootFs::tiny().marker("fits").tar());
    bench.import(bench.request(&path)).await;
    assert_eq!(bench.marker("small:1"), "fits");
}

/// A bomb that would fit can be stopped at once.
async fn a_bomb_is_cancelled(kind: Kind) {
    let bench = Bench::private(kind).await;
    let path = bench.folder.path().join("bomb.tar.xz");
    xz_bomb(File::create(&path).unwrap(), 6 * GIB).unwrap();
    let before = bench.host.images();
    let (_, mut events) = bench.monitor.subscribe().await;
    let handle = bench.submit(bench.request(&path)).await;
    loop {
        match events.next().await.unwrap().unwrap().change {
            Change::Progress { step, .. } if step == SEND => break,
            Change::Finished { outcome } => panic!("{outcome:?}"),
            _ => {}
        }
    }
    bench.cancel(&handle).await;
    assert_eq!(bench.host.images(), before);
    assert!(matches!(handle.outcome().await, Outcome::Cancelled { .. }));
}

on_every_engine! { names_and_devices too_large_for_the_disk a_bomb_is_cancelled }
