//! Copies that do not come to their end leave nothing, and say which of the two engines it was.

use crate::harness::Bench;
use crate::transfers::{error_of, fresh, nothing_is_left, until_moved};
use labwright_jobs::{CancelReason, Outcome};
use labwright_testbed::{Engine, Kind};
use std::time::{Duration, Instant};

fn source_for(kind: Kind) -> Kind {
    match kind {
        Kind::Classic => Kind::Containerd,
        Kind::Containerd => Kind::Podman,
        Kind::Podman => Kind::Classic,
    }
}

/// Cancels copies after more and more time, until one is through before.
async fn cancelled_at_any_moment(kind: Kind) {
    let bench = Bench::private(source_for(kind)).await;
    let other = Bench::private(kind).await;
    bench.large("large:1", 32 << 20).await;
    let before = bench.host.images();
    let mut wait = Duration::ZERO;
    loop {
        let handle = bench.submit_copy(&["large:1"], &other, false).await;
        tokio::time::sleep(wait).await;
        let asked = Instant::now();
        handle.cancel(CancelReason::User);
        let outcome = tokio::time::timeout(Duration::from_secs(2), handle.outcome()).await;
        let outcome = outcome.unwrap_or_else(|_| {
            panic!("not gone {:?} after a cancel at {wait:?}", asked.elapsed())
        });
        if outcome.is_success() {
            break;
        }
        let by = CancelReason::User;
        assert_eq!(outcome, Outcome::Cancelled { by }, "after {wait:?}");
        nothing_is_left(&other, &[], &format!("after {wait:?}")).await;
        wait += Duration::from_millis(60) + wait / 4;
    }
    assert!(
        wait >= Duration::from_millis(200),
        "it was too fast to be cancelled: {wait:?}"
    );
    assert_eq!(bench.host.images(), before, "the source is as it was");
    assert_eq!(other.marker("large:1"), "large");
}

/// Kills the engine that sends, then the one that receives.
async fn either_engine_is_killed(kind: Kind) {
    let bench = Bench::private(source_for(kind)).await;
    let other = Bench::private(kind).await;
    bench.large("large:1", 96 << 20).await;
    for (killed, at) in [(&bench, "cannot be read from"), (&other, "failed at")] {
        let (_, mut events) = bench.monitor.subscribe().await;
        let handle = bench.submit_copy(&["large:1"], &other, false).await;
        until_moved(&mut events, 1 << 20).await;
        tokio::task::block_in_place(|| killed.host.kill());
        let error = error_of(handle.outcome().await);
        assert_eq!(error.code, "engine_went_away", "{error:?}");
        let said = format!("{at} {}", killed.engine.title());
        assert!(error.message.ends_with(&said), "{said}: {error:?}");
        tokio::task::block_in_place(|| killed.host.start());
        nothing_is_left(&other, &[], &said).await;
    }
    bench.copy(&["large:1"], &other).await;
    assert_eq!(other.marker("large:1"), "large");
}

async fn the_other_engines_disk_is_full(kind: Kind) {
    let bench = Bench::shared(source_for(kind)).await;
    let name = fresh("too-large-for", kind);
    bench.large(&name, 96 << 20).await;
    let small = move || Engine::with_small_disk(kind, 64 << 20);
    let small = tokio::task::spawn_blocking(small).await.unwrap();
    let other = Bench::of(small).await;
    let error = bench.fail_copy(&[&name], &other).await;
    let no_space = ["no_space", "engine_disk_full"];
    assert!(no_space.contains(&error.code.as_str()), "{error:?}");
}

on_every_engine! { cancelled_at_any_moment either_engine_is_killed the_other_engines_disk_is_full }
