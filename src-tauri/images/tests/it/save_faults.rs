//! Saves that do not come to their end leave nothing.

use crate::harness::Bench;
use crate::transfers::{error_of, files, fresh, until_moved};
use labwright_jobs::{CancelReason, Outcome};
use labwright_testbed::{Engine, Kind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Cancels saves after more and more time, until one is through before.
async fn cancelled_at_any_moment(kind: Kind) {
    let bench = Bench::private(kind).await;
    bench.large("large:1", 32 << 20).await;
    let path = bench.shelf().join("large.tar.gz");
    let mut wait = Duration::ZERO;
    loop {
        let handle = bench.submit_save(&["large:1"], &path).await;
        tokio::time::sleep(wait).await;
        let asked = Instant::now();
        handle.cancel(CancelReason::User);
        let outcome = tokio::time::timeout(Duration::from_secs(2), handle.outcome()).await;
        let outcome = outcome.unwrap_or_else(|_| {
            panic!("not gone {:?} after a cancel at {wait:?}", asked.elapsed())
        });
        if outcome.is_success() {
            assert_eq!(files(&bench.shelf()), ["large.tar.gz"]);
            break;
        }
        let by = CancelReason::User;
        assert_eq!(outcome, Outcome::Cancelled { by }, "after {wait:?}");
        assert_eq!(
            files(&bench.shelf()),
            Vec::<String>::new(),
            "after {wait:?}"
        );
        wait += Duration::from_millis(100) + wait / 4;
    }
    assert!(
        wait >= Duration::from_millis(300),
        "it was too fast to be cancelled: {wait:?}"
    );
    spools_are_gone(&bench).await;
}

/// Engines that pack to their disk first clear it up, though nobody waits for the archive any more.
async fn spools_are_gone(bench: &Bench) {
    let temporary = bench.host.temporary_folder();
    for _ in 0..100 {
        if files(&temporary).iter().all(|name| !name.contains("api")) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}", files(&temporary));
}

async fn killed_in_the_middle(kind: Kind) {
    let bench = Bench::private(kind).await;
    bench.large("large:1", 96 << 20).await;
    let (_, mut events) = bench.monitor.subscribe().await;
    let path = bench.shelf().join("large.tar.gz");
    let handle = bench.submit_save(&["large:1"], &path).await;
    until_moved(&mut events, 1 << 20).await;
    tokio::task::block_in_place(|| bench.host.kill());
    let error = error_of(handle.outcome().await);
    assert_eq!(error.code, "engine_went_away", "{error:?}");
    assert!(error.message.ends_with(bench.engine.title()), "{error:?}");
    assert!(!error.hints.is_empty());
    assert_eq!(files(&bench.shelf()), Vec::<String>::new());
    tokio::task::block_in_place(|| bench.host.start());
    bench.save(&["large:1"], &path).await;
}

on_every_engine! { cancelled_at_any_moment killed_in_the_middle }

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_left_as_it_was() {
    let bench = Bench::shared(Kind::Podman).await;
    let name = fresh("too-large", Kind::Podman);
    bench.large(&name, 24 << 20).await;
    let small = || Engine::with_small_disk(Kind::Classic, 16 << 20);
    let small = tokio::task::spawn_blocking(small).await.unwrap();
    let folder = small.data_root().join("shelf");
    std::fs::create_dir(&folder).unwrap();

    let request = bench.save_request(&[&name], &folder.join("large.tar"));
    let error = bench.fail_save(request).await;
    assert_eq!(error.code, "no_space", "known before it begins: {error:?}");

    // How well it compresses is not known before.
    let request = bench.save_request(&[&name], &folder.join("large.tar.zst"));
    let error = bench.fail_save(request).await;
    assert_eq!(error.code, "disk_full", "{error:?}");
    assert!(error.message.contains("large.tar.zst"), "{error:?}");
    assert_eq!(files(&folder), Vec::<String>::new());
}

/// Docker says after its success that it failed, behind what it has sent.
#[tokio::test(flavor = "multi_thread")]
async fn an_error_behind_a_success_is_told_whole() {
    let bench = Bench::private(Kind::Containerd).await;
    bench.large("damaged:1", 24 << 20).await;
    let blobs = "containerd/daemon/io.containerd.content.v1.content/blobs/sha256";
    let blobs: PathBuf = bench.host.data_root().join(blobs);
    let layer = files(&blobs)
        .into_iter()
        .map(|name| blobs.join(name))
        .find(|path| path.metadata().unwrap().len() > 20 << 20);
    let file = std::fs::File::options().write(true).open(layer.unwrap());
    file.unwrap().set_len(8 << 20).unwrap();

    let request = bench.save_request(&["damaged:1"], &bench.shelf().join("a.tar"));
    let error = bench.fail_save(request).await;
    assert_eq!(error.code, "engine_save_refused", "{error:?}");
    assert!(
        error.in_one_line().contains("unexpected digest"),
        "{error:?}"
    );
    assert_eq!(files(&bench.shelf()), Vec::<String>::new());

    let other = Bench::shared(Kind::Podman).await;
    let error = bench.fail_copy(&["damaged:1"], &other).await;
    assert_eq!(error.code, "engine_save_refused", "{error:?}");
    assert!(error.message.ends_with(bench.engine.title()), "{error:?}");
}

/// A file may bring layers in zstd into Podman 4.3, which cannot save them.
#[tokio::test(flavor = "multi_thread")]
async fn what_podman_cannot_save_is_explained() {
    let name = fresh("unsavable", Kind::Podman);
    let (other, bench) = (
        Bench::shared(Kind::Containerd).await,
        Bench::shared(Kind::Podman).await,
    );
    other.large(&name, 1 << 20).await;
    let path = other.shelf().join("zstd-inside.tar");
    other.save(&[&name], &path).await;
    let mut request = bench.request(&path);
    request.reference = Some(name.clone());
    bench.import(request).await;
    let request = bench.save_request(&[&name], &bench.shelf().join("a.tar"));
    let error = bench.fail_save(request).await;
    assert_eq!(error.code, "engine_save_refused", "{error:?}");
    assert!(error.hints[0].contains("layers in zstd"), "{error:?}");
    assert_eq!(files(&bench.shelf()), Vec::<String>::new());
}

/// Who writes to a pipe that nobody reads can still be left.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_nobody_reads_can_be_left() {
    use labwright_images::{SaveJob, SaveTarget};

    let bench = Bench::shared(Kind::Podman).await;
    let name = fresh("unread", Kind::Podman);
    bench.large(&name, 4 << 20).await;
    let (_reader, writer) = std::io::pipe().unwrap();
    let mut request = bench.save_request(&[&name], &bench.shelf());
    request.file = None;
    let job = SaveJob {
        engine: bench.engine.clone(),
        target: SaveTarget::Stream(Box::new(writer)),
        request,
    };
    let (_, mut events) = bench.monitor.subscribe().await;
    let submitted = bench.monitor.submit(job.spec(), |context| job.run(context));
    let handle = submitted.await.unwrap().handle;
    until_moved(&mut events, 1 << 10).await;
    bench.cancel(&handle).await;
}
