//! Images from one engine to another, in one stream.

use crate::harness::Bench;
use crate::transfers::{error_of, fresh, layers, result_of, said};
use labwright_images::{CopiedImage, CopyResult};
use labwright_jobs::StepOutcome;
use labwright_testbed::Kind;
use labwright_testbed::archives::{DockerArchive, RootFs};

/// From each engine to the two others, with layers, and once more.
async fn from_one_to_the_others(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let name = fresh("copied-from", kind);
    bench.two_layers(&name, "copied").await;
    let there = bench.engine.inspect(&name).await.unwrap().unwrap();
    for target in Kind::ALL.into_iter().filter(|target| *target != kind) {
        let other = Bench::shared(target).await;
        let result = bench.copy(&[&name], &other).await;
        let image = &result.images[0];
        assert_eq!((&image.reference, image.already_there), (&name, false));
        let came = other.engine.inspect(&name).await.unwrap().unwrap();
        assert_eq!(came.layers, there.layers, "{target}");
        assert_eq!(image.image_id, came.id.to_string());
        assert_eq!(other.marker(&name), "copied", "{target}");
        let temporary = |name: &&String| name.contains("labwright-import");
        assert_eq!(came.references.iter().find(temporary), None, "{target}");

        let again = bench.copy(&[&name], &other).await;
        assert!(again.images[0].already_there, "{target}");
        assert_eq!(again.images[0].image_id, image.image_id);
        assert!(nothing_was_sent(&bench).await, "{target}");
    }
}

/// What the last job of the bench did not need.
async fn nothing_was_sent(bench: &Bench) -> bool {
    let (snapshot, _) = bench.monitor.subscribe().await;
    let last = snapshot.jobs.into_iter().max_by_key(|job| job.id.clone());
    let outcome = last.unwrap().steps[1].outcome.clone();
    matches!(outcome, Some(StepOutcome::Skipped { .. }))
}

/// A containerd store keeps what was imported into it as zstd, which a classic one cannot unpack.
async fn an_imported_root_file_system(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let name = fresh("copied-root-from", kind);
    let root = bench.file(
        "root.tar",
        &RootFs::tiny().marker("root").padding(3 << 20).tar(),
    );
    let mut request = bench.request(&root);
    request.reference = Some(name.clone());
    bench.import(request).await;
    for target in Kind::ALL.into_iter().filter(|target| *target != kind) {
        let other = Bench::shared(target).await;
        bench.copy(&[&name], &other).await;
        assert_eq!(other.marker(&name), "root", "{target}");
        let image = other.engine.inspect(&name).await.unwrap().unwrap();
        let labels = bench.engine.inspect(&name).await.unwrap().unwrap().labels;
        assert_eq!(image.labels, labels, "{target}");
    }
}

/// What a copy made can be copied on, though a layer was in zstd where it came from first: Podman
/// 4.3 keeps such layers, and cannot save them.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_can_be_copied_on() {
    let name = fresh("copied-on", Kind::Containerd);
    let first = Bench::shared(Kind::Containerd).await;
    let root = first.file("root.tar", &RootFs::tiny().marker("on and on").tar());
    let mut request = first.request(&root);
    request.reference = Some(name.clone());
    first.import(request).await;
    let second = Bench::shared(Kind::Podman).await;
    first.copy(&[&name], &second).await;
    let third = Bench::shared(Kind::Classic).await;
    second.copy(&[&name], &third).await;
    assert_eq!(third.marker(&name), "on and on");
    let again = third.copy(&[&name], &first).await;
    assert!(again.images[0].already_there, "it is still the same image");
}

/// Only what is missing is sent, and each image gets its own name.
async fn several_images(kind: Kind) {
    let bench = Bench::private(Kind::Containerd).await;
    let other = Bench::private(kind).await;
    let names = ["lab/one:1", "lab/two:2", "lab/three:3", "lab/four:4"];
    for name in names {
        bench.two_layers(name, name).await;
    }
    bench.copy(&["lab/two:2"], &other).await;
    let result = bench.copy(&names, &other).await;
    let came: Vec<_> = result
        .images
        .iter()
        .map(|it| it.reference.as_str())
        .collect();
    assert_eq!(came, names, "in the order in which they were asked for");
    let there: Vec<_> = result.images.iter().map(|it| it.already_there).collect();
    assert_eq!(there, [false, true, false, false]);
    for name in names {
        assert_eq!(other.marker(name), name);
    }
}

/// A name that another image has is found before anything is sent, and moves only if it may.
async fn a_name_that_is_taken(kind: Kind) {
    let bench = Bench::shared(if kind == Kind::Podman {
        Kind::Classic
    } else {
        Kind::Podman
    })
    .await;
    let other = Bench::private(kind).await;
    let name = fresh("taken-to", kind);
    bench.two_layers(&name, "theirs").await;
    other.two_layers(&name, "ours").await;
    let ours = other.engine.inspect(&name).await.unwrap().unwrap();
    let error = bench.fail_copy(&[&name], &other).await;
    assert_eq!(error.code, "reference_taken", "{error:?}");
    assert!(error.message.starts_with(other.engine.title()), "{error:?}");
    assert!(nothing_was_sent(&bench).await);
    assert_eq!(other.marker(&name), "ours");

    let outcome = bench
        .submit_copy(&[&name], &other, true)
        .await
        .outcome()
        .await;
    let result: CopyResult = serde_json::from_value(result_of(outcome)).unwrap();
    let [CopiedImage { untagged, .. }] = &result.images[..] else {
        panic!("{result:?}")
    };
    assert_eq!(untagged.as_deref(), Some(ours.id.as_str()));
    assert_eq!(other.marker(&name), "theirs");
    assert!(
        other
            .engine
            .inspect(ours.id.as_str())
            .await
            .unwrap()
            .is_some()
    );
}

/// The same layers do not make the same image.
async fn another_configuration_is_another_image(kind: Kind) {
    let from = if kind == Kind::Containerd {
        Kind::Classic
    } else {
        Kind::Containerd
    };
    let (bench, other) = (Bench::shared(from).await, Bench::private(kind).await);
    let name = fresh("configured-to", kind);
    let archive = |architecture: &str| {
        DockerArchive::new().image_for(architecture, &[&name], &layers("the same"))
    };
    for (bench, architecture) in [(&bench, "amd64"), (&other, "arm64")] {
        let path = bench.file("configured.tar", &archive(architecture).tar());
        let mut request = bench.request(&path);
        request.reference = Some(name.clone());
        bench.import(request).await;
    }
    let error = bench.fail_copy(&[&name], &other).await;
    assert_eq!(error.code, "reference_taken", "{error:?}");
}

on_every_engine! {
    from_one_to_the_others
    an_imported_root_file_system
    several_images
    a_name_that_is_taken
    another_configuration_is_another_image
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_said() {
    let (bench, other) = (
        Bench::private(Kind::Classic).await,
        Bench::private(Kind::Podman).await,
    );
    bench.two_layers("lab/one:1", "one").await;
    other.two_layers("lab/one:1", "another").await;
    let missing = bench.fail_copy(&["lab/one:2", "none:1"], &other).await;
    let taken = bench.fail_copy(&["lab/one:1"], &other).await;
    let same = bench.submit_copy(&["lab/one:1"], &bench, false).await;
    let same = error_of(same.outcome().await);
    let text = [missing, taken, same]
        .map(|report| said(&report))
        .join("\n");
    insta::assert_snapshot!(text);
}
