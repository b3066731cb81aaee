//! Uploads that do not end well: no image may be left, and the error says whose fault it was.

use std::{sync::atomic::Ordering, time::Duration};

use futures_util::StreamExt;
use labwright_engine::{EngineError, ImportSettings};
use labwright_testbed::Engine as Testbed;
use labwright_testbed::archives::noise;

use crate::bench::{
    self, Kind, body, cut_tar, failing_body, on_each_engine, reference, root_file_system,
    stuck_body, until,
};

const MIB: usize = 1 << 20;

on_each_engine! {
    a_source_that_fails_leaves_nothing
    a_whole_archive_that_is_not_ended_leaves_nothing
    a_load_that_fails_in_the_middle_leaves_nothing
    an_import_that_is_dropped_stops_and_leaves_nothing
    an_engine_that_is_killed_went_away
    a_full_disk_is_called_so
}

async fn a_source_that_fails_leaves_nothing(kind: Kind) {
    source_fails(kind, "engine-cut:1", cut_tar(64 << 20, 8 * MIB)).await;
}

/// The engine has seen a whole tar, its end too, when the stream fails: it must not keep it.
async fn a_whole_archive_that_is_not_ended_leaves_nothing(kind: Kind) {
    source_fails(kind, "engine-unended:1", root_file_system("whole")).await;
}

async fn source_fails(kind: Kind, name: &str, bytes: Vec<u8>) {
    let (testbed, engine) = bench::shared(kind).await;
    let body = failing_body(bytes, "crc mismatch in block 7");
    let error = engine
        .import(&reference(name), &ImportSettings::default(), body)
        .await
        .unwrap_err();
    let EngineError::UploadSource { source, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(source.to_string(), "crc mismatch in block 7");
    gone(&testbed, &engine, name).await;
}

async fn a_load_that_fails_in_the_middle_leaves_nothing(kind: Kind) {
    let (testbed, engine) = bench::private(kind).await;
    let name = "engine-load-cut:1";
    let id = engine
        .import(
            &reference(name),
            &ImportSettings::default(),
            body(root_file_system("saved")),
        )
        .await
        .unwrap();
    let archive = saved(&testbed, name);
    engine.remove(id.as_str(), true).await.unwrap();
    let half = archive[..archive.len() / 2].to_vec();
    let error = engine
        .load(failing_body(half, "the disk was pulled out"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "engine_upload_source", "{error:?}");
    gone(&testbed, &engine, name).await;
}

async fn an_import_that_is_dropped_stops_and_leaves_nothing(kind: Kind) {
    let (testbed, engine) = bench::shared(kind).await;
    let name = "engine-dropped:1";
    let (body, dropped) = stuck_body(cut_tar(64 << 20, 8 * MIB));
    let (reference, settings) = (reference(name), ImportSettings::default());
    let import = engine.import(&reference, &settings, body);
    let given_up = tokio::time::timeout(Duration::from_secs(1), import).await;
    assert!(given_up.is_err(), "{given_up:?}");
    until("the stream is dropped", async || {
        dropped.load(Ordering::SeqCst)
    })
    .await;
    gone(&testbed, &engine, name).await;
}

async fn an_engine_that_is_killed_went_away(kind: Kind) {
    let (testbed, engine) = bench::private(kind).await;
    let (body, _dropped) = stuck_body(cut_tar(64 << 20, 8 * MIB));
    let (sent, mut half_way) = tokio::sync::mpsc::unbounded_channel();
    let mut pieces = 0;
    let body = body.inspect(move |_| {
        pieces += 1;
        if pieces == 64 {
            let _received = sent.send(());
        }
    });
    let importing = {
        let engine = engine.clone();
        tokio::spawn(async move {
            engine
                .import(
                    &reference("engine-killed:1"),
                    &ImportSettings::default(),
                    body.boxed(),
                )
                .await
        })
    };
    half_way.recv().await.unwrap();
    tokio::task::spawn_blocking(move || {
        testbed.kill();
        testbed
    })
    .await
    .unwrap();
    let error = tokio::time::timeout(bench::LONG, importing)
        .await
        .unwrap()
        .unwrap()
        .unwrap_err();
    assert_eq!(error.code(), "engine_went_away", "{error:?}");
    assert!(
        error.to_string().contains("import engine-killed:1"),
        "{error}"
    );
    let error = engine.images().await.unwrap_err();
    assert_eq!(error.code(), "engine_went_away", "{error:?}");
}

async fn a_full_disk_is_called_so(kind: Kind) {
    let small = move || Testbed::with_small_disk(kind, 64 << 20);
    let testbed = tokio::task::spawn_blocking(small).await.unwrap();
    let (_testbed, engine) = bench::connected(testbed).await;
    let mut archive = cut_tar(128 << 20, 0);
    archive.extend(noise(128 << 20));
    archive.extend([0; 1024]);
    let name = reference("engine-full:1");
    let error = engine
        .import(&name, &ImportSettings::default(), body(archive))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "engine_disk_full", "{error:?}");
    assert!(!error.hints().is_empty());
}

/// The archive that the engine's own client saves.
fn saved(testbed: &Testbed, name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.tar");
    testbed.exec_cli(&["save", "--output", file.to_str().unwrap(), name]);
    std::fs::read(file).unwrap()
}

/// The engine has noticed the end of the connection when it has no image of the name, and stays so.
async fn gone(testbed: &Testbed, engine: &labwright_engine::Engine, name: &str) {
    for _ in 0..10 {
        assert_eq!(engine.inspect(name).await.unwrap(), None, "{name} is there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let images = testbed.images();
    assert!(
        !images.iter().any(|image| image.contains(name)),
        "{images:?}"
    );
}
