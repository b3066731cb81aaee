//! Pulls that succeed: every figure is the manifest's, and the last event comes when the image can be run.

use super::bench::{Bench, Told, image, layers};
use labwright_jobs::{Change, Outcome, StepOutcome, Unit};
use labwright_testbed::archives::Compression;
use labwright_testbed::registry::{Fault, PushedImage};
use labwright_testbed::{Kind, Registry, RegistryImage};

const MIB: u64 = 1 << 20;

/// What must be true of every pull that brought an image.
fn check(told: &Told, pushed: &PushedImage, there_before: usize) {
    told.check_figures();
    let manifest = pushed.first();
    let sum: u64 = manifest.layers.iter().map(|layer| layer.size).sum();
    let download = told.step("Download").progress.unwrap();
    assert_eq!((download.done, download.total), (sum, Some(sum)));
    assert_eq!(download.unit, Unit::Bytes);
    let steps = told.layers();
    assert_eq!(steps.len(), manifest.layers.len());
    let mut had = 0;
    for (step, layer) in steps.iter().zip(&manifest.layers) {
        assert!(
            layer.digest["sha256:".len()..].starts_with(&step.name),
            "in the manifest's order"
        );
        match &step.outcome {
            Some(StepOutcome::Succeeded) => {
                let progress = step.progress.unwrap();
                assert_eq!(
                    (progress.done, progress.total),
                    (layer.size, Some(layer.size))
                );
            }
            Some(StepOutcome::Skipped { .. }) => had += 1,
            other => panic!("{other:?}: {step:#?}"),
        }
    }
    assert_eq!(had, there_before);
    let result = told.result();
    assert_eq!(result.layers, manifest.layers.len());
    assert_eq!(result.layers_before, there_before);
    assert_eq!(result.digest.as_ref(), Some(&pushed.target.digest));
    assert!(matches!(
        told.events.last().unwrap().change,
        Change::Finished { .. }
    ));
}

/// 300 MB in twelve layers over a slow line; once more; and another image that shares half of them.
async fn twelve_layers(kind: Kind) {
    let bench = Bench::new(kind).await;
    let sizes = [25 * MIB; 12];
    let first = image("net/router:1", &sizes).push(&bench.registry);
    bench.gate.bytes_per_second(Some(60 * MIB));
    let (result, told) = bench.pull("net/router:1").await;
    check(&told, &first, 0);
    assert!(!result.already_there);
    assert_eq!(
        result.downloaded,
        first
            .first()
            .layers
            .iter()
            .map(|layer| layer.size)
            .sum::<u64>()
    );
    let between = told
        .events
        .iter()
        .filter(|event| matches!(event.change, Change::Progress { .. }));
    assert!(between.count() > 20, "progress is seen while it goes on");
    let reference = bench.gate.reference("net/router:1");
    let said = bench.host.run(&reference, &["/bin/cat", "/etc/layer-12"]);
    assert_eq!(said.trim(), "net/router:1 12");

    bench.gate.bytes_per_second(None);
    let (again, told) = bench.pull("net/router:1").await;
    check(&told, &first, 12);
    assert!(again.already_there);
    assert_eq!((again.downloaded, again.image_id), (0, result.image_id));

    let half = RegistryImage::new("net/router", "2").compression(Compression::None);
    let half = layers(
        layers(half, "net/router:1", &sizes[..6]),
        "other",
        &[MIB, 2 * MIB],
    );
    let half = half.push(&bench.registry);
    let (_, told) = bench.pull("net/router:2").await;
    check(&told, &half, 6);
}

/// The engine's own platform of an index, and another one when it is asked for.
async fn an_index(kind: Kind) {
    let bench = Bench::new(kind).await;
    let index = RegistryImage::new("net/multi", "1").platform("linux/amd64");
    let index = layers(index, "amd64", &[2 * MIB, MIB]).platform("linux/arm64");
    let index = layers(index, "arm64", &[3 * MIB, MIB, MIB])
        .attestation()
        .push(&bench.registry);
    let (result, told) = bench.pull("net/multi:1").await;
    check(&told, &index, 0);
    assert_eq!((result.architecture.as_str(), result.layers), ("amd64", 2));
    assert_eq!(result.warnings, [""; 0]);

    let mut request = bench.request("net/multi:1");
    request.platform = Some("linux/arm64".to_owned());
    let told = bench.told(request).await;
    let result = told.result();
    told.check_figures();
    assert_eq!((result.architecture.as_str(), result.layers), ("arm64", 3));
    assert_eq!(result.warnings.len(), 1, "{:?}", result.warnings);
}

/// By digest, and layers of zstd: Docker 20.10 cannot unpack those, and that is said.
async fn zstd_and_digests(kind: Kind) {
    let bench = Bench::new(kind).await;
    let zstd = RegistryImage::new("net/zstd", "1").compression(Compression::Zstd);
    let zstd = layers(zstd, "zstd", &[2 * MIB, MIB]).push(&bench.registry);
    let told = bench.told(bench.request("net/zstd:1")).await;
    if kind == Kind::Classic {
        assert_eq!(told.error().code, "pull_layer_unreadable");
        assert!(!bench.has("net/zstd:1").await);
    } else {
        check(&told, &zstd, 0);
    }
    let plain = image("net/plain:1", &[MIB]).docker().push(&bench.registry);
    let name = format!("net/plain@{}", plain.target.digest);
    let (_, told) = bench.pull(&name).await;
    check(&told, &plain, 0);
}

/// A layer that the manifest names twice is one layer.
async fn a_layer_twice(kind: Kind) {
    let bench = Bench::new(kind).await;
    let twice = RegistryImage::new("net/twice", "1").compression(Compression::None);
    let twice = layers(twice, "base", &[MIB]);
    let twice = layers(layers(twice, "same", &[2 * MIB]), "same", &[2 * MIB]);
    let pushed = twice.push(&bench.registry);
    let (result, told) = bench.pull("net/twice:1").await;
    told.check_figures();
    let distinct = [0, 1].map(|at| pushed.first().layers[at].size);
    let download = told.step("Download").progress.unwrap();
    assert_eq!(download.total, Some(distinct.iter().sum()));
    assert_eq!(result.layers, 2);
}

/// The registry wants a login, which is in Docker's own file.
async fn with_a_login(kind: Kind) {
    let bench = Bench::before(kind, || Registry::with_password("lab", "s3cret")).await;
    let pushed = image("net/private:1", &[2 * MIB, MIB]).push(&bench.registry);
    bench.log_in("lab", "s3cret");
    let (_, told) = bench.pull("net/private:1").await;
    check(&told, &pushed, 0);
}

/// A registry that answers only the engine: amounts, and no total before the engine tells it.
async fn without_a_manifest(kind: Kind) {
    let bench = Bench::new(kind).await;
    let pushed = image("net/hidden:1", &[4 * MIB, 6 * MIB]).push(&bench.registry);
    // We ask twice, the second time by the engine's settings, and each time with and without a login. With a platform the engine begins only then.
    bench
        .gate
        .fault("/v2/net/hidden/manifests/", Fault::answer(500).times(4));
    let mut request = bench.request("net/hidden:1");
    request.platform = Some("linux/amd64".to_owned());
    let told = bench.told(request).await;
    told.check_figures();
    let result = told.result();
    assert_eq!(
        result.layers,
        pushed.first().layers.len(),
        "{:#?}",
        told.state
    );
    let manifest = told.step("Manifest");
    assert!(
        matches!(manifest.outcome, Some(StepOutcome::Skipped { .. })),
        "{manifest:#?}"
    );
}

/// A tag that moved in the registry moves here too, and what had it is named.
async fn a_tag_that_moved(kind: Kind) {
    let bench = Bench::new(kind).await;
    image("net/moving:1", &[MIB]).push(&bench.registry);
    let (before, _) = bench.pull("net/moving:1").await;
    let moved = RegistryImage::new("net/moving", "1").compression(Compression::None);
    let moved = layers(moved, "moved", &[2 * MIB]).push(&bench.registry);
    let (after, told) = bench.pull("net/moving:1").await;
    check(&told, &moved, 0);
    assert_eq!(after.untagged, Some(before.image_id));
}

/// A second request joins the pull that runs.
async fn asked_for_twice(kind: Kind) {
    let bench = Bench::new(kind).await;
    image("net/once:1", &[8 * MIB]).push(&bench.registry);
    bench.gate.bytes_per_second(Some(8 * MIB));
    let first = bench.submit(bench.request("net/once:1")).await;
    let second = bench.submit(bench.request("net/once:1")).await;
    assert_eq!(first.id(), second.id());
    assert!(matches!(second.outcome().await, Outcome::Succeeded { .. }));
}

on_every_engine! {
    twelve_layers an_index zstd_and_digests a_layer_twice with_a_login without_a_manifest
    a_tag_that_moved asked_for_twice
}
