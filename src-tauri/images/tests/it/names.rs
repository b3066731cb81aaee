//! Names: found before sending, kept, replaced, given back; and the same file again.

use crate::harness::Bench;
use labwright_jobs::{JobState, Outcome, StepOutcome};
use labwright_testbed::Kind;
use labwright_testbed::archives::{Compression, DockerArchive, RootFs, hostile};

async fn kept_and_replaced(kind: Kind) {
    let bench = Bench::private(kind).await;
    let first = bench.file("router-1.tar", &RootFs::tiny().marker("first").tar());
    let old = bench.import(bench.request(&first)).await;
    let second = bench.file("router-1.tar", &RootFs::tiny().marker("second").tar());

    let report = bench.fail(bench.request(&second)).await;
    assert_eq!(report.code, "reference_taken");
    assert!(sent_nothing(&bench).await, "found before anything was sent");
    assert_eq!(bench.marker("router:1"), "first");

    let mut replace = bench.request(&second);
    replace.replace = true;
    let broken = bench.file(
        "router-1.tar.gz",
        &hostile::truncated(
            &Compression::Gzip.compress(&RootFs::tiny().marker("broken").padding(1 << 20).tar()),
            80,
        ),
    );
    let mut broken = bench.request(&broken);
    broken.replace = true;
    bench.fail(broken).await;
    assert_eq!(
        bench.marker("router:1"),
        "first",
        "a failed replacement changes nothing"
    );

    let new = bench.import(replace).await;
    assert_eq!(new.untagged.as_deref(), Some(old.image_id.as_str()));
    assert_eq!(bench.marker("router:1"), "second");
    assert!(
        bench.engine.inspect(&old.image_id).await.unwrap().is_some(),
        "the old image is still there, without its name"
    );
}

async fn the_same_file_again(kind: Kind) {
    let bench = Bench::private(kind).await;
    let root = bench.file(
        "router-2.tar.gz",
        &Compression::Gzip.compress(&RootFs::tiny().marker("again").tar()),
    );
    let docker = bench.file(
        "vendor-3.tar",
        &DockerArchive::new()
            .image(&["vendor:3"], &[RootFs::tiny().marker("loaded")])
            .tar(),
    );
    for path in [root, docker] {
        let first = bench.import(bench.request(&path)).await;
        assert!(!first.already_there);
        let second = bench.import(bench.request(&path)).await;
        assert!(second.already_there);
        assert_eq!(second.image_id, first.image_id);
        assert!(sent_nothing(&bench).await);
        let mut renamed = bench.request(&path);
        renamed.reference = Some("another/name:9".to_owned());
        renamed.replace = true;
        let third = bench.import(renamed).await;
        assert_eq!(
            (third.already_there, third.image_id),
            (true, first.image_id)
        );
    }
    assert_eq!(bench.marker("another/name:9"), "loaded");
}

/// An archive's own names never move anything by themselves.
async fn the_archives_own_names(kind: Kind) {
    let bench = Bench::private(kind).await;
    let mine = bench.file("mine-1.tar", &RootFs::tiny().marker("mine").tar());
    let mut request = bench.request(&mine);
    request.reference = Some("vendor/router:1.0".to_owned());
    bench.import(request).await;
    let images = DockerArchive::new()
        .image(&["vendor/router:1.0"], &[RootFs::tiny().marker("theirs")])
        .image(
            &["vendor/switch:1.0", "vendor/switch:latest"],
            &[RootFs::tiny().marker("switch")],
        )
        .manifest_last();
    let path = bench.file("vendor.tar", &images.tar());
    assert_eq!(
        bench.fail(bench.request(&path)).await.code,
        "reference_taken"
    );
    assert_eq!(bench.marker("vendor/router:1.0"), "mine");

    let mut named = bench.request(&path);
    named.reference = Some("both:1".to_owned());
    assert_eq!(bench.fail(named).await.code, "several_images");

    let mut replace = bench.request(&path);
    replace.replace = true;
    let result = bench.import(replace).await;
    assert_eq!(
        result.references,
        [
            "vendor/router:1.0",
            "vendor/switch:1.0",
            "vendor/switch:latest"
        ]
    );
    assert_eq!(bench.marker("vendor/router:1.0"), "theirs");
    assert_eq!(bench.marker("vendor/switch:latest"), "switch");
}

async fn what_an_image_tells_of_itself(kind: Kind) {
    let bench = Bench::private(kind).await;
    let path = bench.file(
        "cEOS64-lab-4.35.1F.tar.xz",
        &Compression::XzMultiStream.compress(&RootFs::tiny().marker("ceos").tar()),
    );
    let result = bench.import(bench.request(&path)).await;
    assert_eq!(result.references, ["ceos:4.35.1F"]);
    assert_eq!(result.architecture, "amd64");
    assert_eq!(result.warnings, Vec::<String>::new());
    let image = bench.engine.inspect("ceos:4.35.1F").await.unwrap().unwrap();
    let mut labels = image.labels;
    assert_eq!(
        labels.remove("labwright.source.sha256").as_ref(),
        Some(&result.sha256)
    );
    assert!(labels.remove("labwright.imported").unwrap().ends_with('Z'));
    insta::assert_debug_snapshot!("labels", labels);

    let arm = bench.file(
        "cEOSarm-lab-4.35.1F.tar",
        &RootFs::empty()
            .file("etc/marker", "arm")
            .file("bin/sh", arm_elf())
            .tar(),
    );
    let mut request = bench.request(&arm);
    request.reference = Some("ceos:arm".to_owned());
    let result = bench.import(request).await;
    assert!(
        result.warnings[0].contains("arm64"),
        "{:?}",
        result.warnings
    );
}

fn arm_elf() -> Vec<u8> {
    let mut elf = b"\x7fELF\x02\x01\x01".to_vec();
    elf.resize(64, 0);
    elf[18] = 183;
    elf
}

/// Whether the newest job's Send step did not begin.
async fn sent_nothing(bench: &Bench) -> bool {
    let (snapshot, _) = bench.monitor.subscribe().await;
    let newest: &JobState = snapshot.jobs.iter().max_by_key(|job| job.seq).unwrap();
    matches!(
        &newest.steps[1].outcome,
        Some(StepOutcome::Skipped { .. } | StepOutcome::Cancelled)
    ) || newest.steps[1].started_at.is_none()
}

on_every_engine! { kept_and_replaced the_same_file_again the_archives_own_names what_an_image_tells_of_itself }

#[tokio::test(flavor = "multi_thread")]
async fn references_that_cannot_be() {
    let bench = Bench::shared(Kind::Podman).await;
    let path = bench.file("router-1.tar", &RootFs::tiny().tar());
    let mut texts = Vec::new();
    for reference in [
        "Ceos:4.35",
        "ceos:",
        "a b",
        &format!("ceos:{}", "x".repeat(129)),
        &"x".repeat(300),
    ] {
        let mut request = bench.request(&path);
        request.reference = Some(reference.to_owned());
        let report = bench.fail(request).await;
        texts.push(format!(
            "{}: {} | {}",
            report.code,
            report.in_one_line(),
            report.hints.join(" | ")
        ));
    }
    let mut request = bench.request(&path);
    request.kind = Some("toaster".to_owned());
    texts.push(bench.fail(request).await.code);
    insta::assert_snapshot!(texts.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_of_one_file_are_one_job() {
    let bench = Bench::shared(Kind::Podman).await;
    let path = bench.file(
        "twice-1.tar",
        &RootFs::tiny().marker("twice").padding(64 << 20).tar(),
    );
    let first = bench.submit(bench.request(&path)).await;
    let second = bench.submit(bench.request(&path)).await;
    assert_eq!(first.id(), second.id());
    assert!(first.outcome().await.is_success());
    assert_eq!(second.outcome().await, first.outcome().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_want_one_name_are_jobs_of_their_own_and_one_gets_it() {
    let bench = Bench::private(Kind::Podman).await;
    let mut handles = Vec::new();
    for folder in ["one", "two", "three", "four", "five", "six"] {
        std::fs::create_dir(bench.folder.path().join(folder)).unwrap();
        let path = bench.file(
            &format!("{folder}/router-1.tar"),
            &RootFs::tiny().marker(folder).padding(8 << 20).tar(),
        );
        handles.push(bench.submit(bench.request(&path)).await);
    }
    let mut winners = Vec::new();
    for handle in &handles {
        match handle.outcome().await {
            Outcome::Succeeded { result } => winners.push(result["image_id"].clone()),
            Outcome::Failed { error } => assert_eq!(error.code, "reference_taken", "{error:?}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(winners.len(), 1, "{winners:?}");
    let named = bench.host.images();
    assert_eq!(named.len(), 1, "{named:?}");
    let there = bench.engine.inspect("router:1").await.unwrap().unwrap();
    assert_eq!(winners[0], there.id.to_string());
}
