//! Loading archives of whole images.

use labwright_engine::{EngineError, ImportSettings, same_reference};
use labwright_testbed::Engine as Testbed;

use crate::bench::{self, Kind, body, on_each_engine, reference, root_file_system};

on_each_engine! {
    a_saved_image_comes_back
    garbage_is_refused
    a_layer_that_cannot_be_unpacked_is_a_failure
}

async fn a_saved_image_comes_back(kind: Kind) {
    let (testbed, engine) = bench::private(kind).await;
    let name = reference("engine-load:1");
    let settings = ImportSettings::default();
    let id = engine
        .import(&name, &settings, body(root_file_system("x")))
        .await
        .unwrap();
    let archive = saved(&testbed, "engine-load:1");
    engine.remove(id.as_str(), true).await.unwrap();
    assert_eq!(engine.inspect("engine-load:1").await.unwrap(), None);

    let loaded = engine.load(body(archive)).await.unwrap();
    let [loaded] = loaded.as_slice() else {
        panic!("{loaded:?}")
    };
    assert!(
        same_reference(engine.info().kind, loaded, "engine-load:1"),
        "{loaded}"
    );
    assert_eq!(
        testbed.run("engine-load:1", &["/busybox", "cat", "/text"]),
        "x"
    );
}

fn saved(testbed: &Testbed, name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.tar");
    testbed.exec_cli(&["save", "--output", file.to_str().unwrap(), name]);
    std::fs::read(file).unwrap()
}

async fn garbage_is_refused(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let error = engine
        .load(body(b"not an archive".repeat(100)))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "engine_load_refused", "{error:?}");
}

/// A `docker save` archive whose one layer has the right digest and is no tar.
fn broken_layer(name: &str) -> Vec<u8> {
    // sha256 of 14,000 bytes: "garbage" two thousand times.
    let layer = b"garbage".repeat(2000);
    let digest = "536a77c2704bc2600e58c7cd6832bb0bf703582e8a89ba4a83790551e755545a";
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":["sha256:{digest}"]}}}}"#
    );
    let manifest = format!(
        r#"[{{"Config":"config.json","RepoTags":["{name}"],"Layers":["layer/layer.tar"]}}]"#
    );
    let mut archive = tar::Builder::new(Vec::new());
    let entries: [(&str, &[u8]); 3] = [
        ("config.json", config.as_bytes()),
        ("layer/layer.tar", &layer),
        ("manifest.json", manifest.as_bytes()),
    ];
    for (path, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, path, bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

async fn a_layer_that_cannot_be_unpacked_is_a_failure(kind: Kind) {
    let (_testbed, engine) = bench::private(kind).await;
    let error = engine
        .load(body(broken_layer("engine-broken-layer:1")))
        .await
        .unwrap_err();
    let EngineError::LoadRefused {
        left_behind,
        source,
        ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert!(
        source.to_string().contains("invalid tar header"),
        "{source}"
    );
    match kind {
        // It names the image first: the caller has to clear up, and is told what.
        Kind::Containerd => {
            assert_eq!(left_behind.as_slice(), ["engine-broken-layer:1"]);
            engine
                .untag(&reference("engine-broken-layer:1"))
                .await
                .unwrap();
        }
        Kind::Classic | Kind::Podman => assert!(left_behind.is_empty(), "{left_behind:?}"),
    }
    assert_eq!(engine.inspect("engine-broken-layer:1").await.unwrap(), None);
}
