//! What breaks in the middle: it is told as it is, and the same pull works once the fault is gone.

use super::bench::{Bench, image};
use labwright_testbed::Kind;
use labwright_testbed::registry::Fault;
use std::time::Duration;

const MIB: u64 = 1 << 20;

/// Whatever happened, the reference means nothing, or the whole image; and a second pull brings it.
async fn recovers(bench: &Bench, name: &str) {
    bench.gate.clear();
    bench.gate.bytes_per_second(None);
    let (_, told) = bench.pull(name).await;
    told.check_figures();
    let reference = bench.gate.reference(name);
    assert_eq!(
        bench
            .host
            .run(&reference, &["/bin/cat", "/etc/layer-1"])
            .trim(),
        format!("{name} 1")
    );
}

/// All connections break in the middle. A classic store tries again, and no figure falls; the others may give up.
async fn a_cut(kind: Kind) {
    let bench = Bench::new(kind).await;
    image("net/cut:1", &[6 * MIB, 20 * MIB, 4 * MIB]).push(&bench.registry);
    bench.gate.bytes_per_second(Some(10 * MIB));
    let told = bench
        .pull_until(bench.request("net/cut:1"), 40, |_| bench.gate.cut())
        .await;
    told.check_figures();
    if kind == Kind::Classic {
        told.result();
        assert!(
            told.log().contains("the engine tries again in"),
            "{}",
            told.log()
        );
    }
    if !told.outcome.is_success() {
        assert_eq!(
            told.error().code,
            "registry_unreachable",
            "{:?}",
            told.error()
        );
        assert!(!bench.has("net/cut:1").await);
    }
    recovers(&bench, "net/cut:1").await;
}

/// The registry is killed in the middle, and back after two seconds.
async fn the_registry_restarts(kind: Kind) {
    let bench = Bench::new(kind).await;
    image("net/restart:1", &[6 * MIB, 20 * MIB, 4 * MIB]).push(&bench.registry);
    bench.gate.bytes_per_second(Some(10 * MIB));
    let told = bench
        .pull_until(bench.request("net/restart:1"), 40, |_| {
            bench.registry.kill();
            bench.gate.cut();
            std::thread::sleep(Duration::from_secs(2));
            bench.registry.restart();
        })
        .await;
    told.check_figures();
    if !told.outcome.is_success() {
        assert_eq!(
            told.error().code,
            "registry_unreachable",
            "{:?}",
            told.error()
        );
    }
    recovers(&bench, "net/restart:1").await;
}

/// A layer whose bytes are not what its digest says.
async fn a_damaged_layer(kind: Kind) {
    let bench = Bench::new(kind).await;
    let pushed = image("net/damaged:1", &[MIB, 4 * MIB]).push(&bench.registry);
    bench
        .registry
        .corrupt_blob(&pushed.first().layers[1].digest);
    let error = bench.fail(bench.request("net/damaged:1")).await;
    assert_eq!(error.code, "registry_layer_damaged", "{error:?}");
    assert!(!bench.has("net/damaged:1").await);
}

/// A layer that the registry does not have any more.
async fn a_lost_layer(kind: Kind) {
    let bench = Bench::new(kind).await;
    let pushed = image("net/lost:1", &[MIB, 4 * MIB]).push(&bench.registry);
    bench.registry.remove_blob(&pushed.first().layers[1].digest);
    let error = bench.fail(bench.request("net/lost:1")).await;
    assert_eq!(error.code, "registry_layer_missing", "{error:?}");
    assert!(!bench.has("net/lost:1").await);
}

/// The registry answers layers with what registries say when they refuse.
async fn refused_in_the_middle(kind: Kind) {
    let bench = Bench::new(kind).await;
    image("net/refused:1", &[MIB, 4 * MIB]).push(&bench.registry);
    let unauthorized =
        r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#;
    let busy = r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"too many requests"}]}"#;
    for (status, body, code) in [
        (401, unauthorized, "registry_unauthorized"),
        (429, busy, "registry_rate_limited"),
        (500, "", "registry_server"),
    ] {
        bench.gate.fault(
            "/v2/net/refused/blobs/",
            Fault::answer(status).body(body).method("GET"),
        );
        let error = bench.fail(bench.request("net/refused:1")).await;
        assert_eq!(error.code, code, "{error:?}");
        assert!(!bench.has("net/refused:1").await, "{status}");
        bench.gate.clear();
    }
    recovers(&bench, "net/refused:1").await;
}

/// The engine is killed in the middle, and started again.
async fn the_engine_is_killed(kind: Kind) {
    let bench = Bench::new(kind).await;
    image("net/killed:1", &[6 * MIB, 20 * MIB]).push(&bench.registry);
    bench.gate.bytes_per_second(Some(10 * MIB));
    let host = bench.host.clone();
    let told = bench
        .pull_until(bench.request("net/killed:1"), 40, move |_| host.kill())
        .await;
    assert_eq!(told.error().code, "engine_went_away", "{:?}", told.error());
    let host = bench.host.clone();
    tokio::task::spawn_blocking(move || host.start())
        .await
        .unwrap();
    assert!(!bench.has("net/killed:1").await);
    recovers(&bench, "net/killed:1").await;
}

/// The engine's disk has no room for the image.
async fn the_disk_is_full(kind: Kind) {
    let bench = Bench::with_small_disk(kind, 48 * MIB).await;
    image("net/large:1", &[20 * MIB, 60 * MIB]).push(&bench.registry);
    let error = bench.fail(bench.request("net/large:1")).await;
    assert_eq!(error.code, "engine_disk_full", "{error:?}");
    assert!(!bench.has("net/large:1").await);
}

on_every_engine! {
    a_cut the_registry_restarts a_damaged_layer a_lost_layer refused_in_the_middle
    the_engine_is_killed the_disk_is_full
}
