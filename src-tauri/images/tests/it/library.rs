//! The library: listing, renaming and removing; and the sweep of what was left.

use crate::harness::Bench;
use labwright_engine::ImageReference;
use labwright_images::library::{self, KnownArchitectures, Origins};
use labwright_images::{LibraryError, Rules, sweep};
use labwright_testbed::Kind;
use labwright_testbed::archives::{DockerArchive, RootFs};

/// An archive of a vendor's images bears no labels of ours: the history knows its file.
async fn an_image_that_says_nothing_of_its_origin_is_known_by_the_history(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let archive =
        DockerArchive::new().image(&["vendor/origin:1"], &[RootFs::tiny().marker("origin")]);
    let path = bench.file("vendor-origin-1.tar", &archive.tar());
    let imported = bench.import(bench.request(&path)).await;
    let (rules, mut known) = (Rules::built_in().unwrap(), KnownArchitectures::default());
    let history = bench.monitor.history().succeeded("import").unwrap();
    for (origins, source) in [
        (Origins::default(), None),
        (
            Origins::of(history, Vec::new()),
            Some("vendor-origin-1.tar"),
        ),
    ] {
        let listed = library::list(&bench.engine, &rules, &origins, &mut known)
            .await
            .unwrap();
        let image = listed
            .iter()
            .find(|image| image.id == imported.image_id)
            .unwrap();
        assert_eq!(image.source.as_deref(), source);
        assert_eq!(image.imported.is_some(), source.is_some());
    }
}

async fn listed_renamed_and_removed(kind: Kind) {
    let bench = Bench::private(kind).await;
    let rules = Rules::built_in().unwrap();
    let path = bench.file("vyos-1.4.0-amd64.tar", &RootFs::tiny().marker("vyos").tar());
    let imported = bench.import(bench.request(&path)).await;
    library::retag(&bench.engine, "vyos:1.4.0", "lab/vyos:mine", false)
        .await
        .unwrap();
    let mut known = KnownArchitectures::default();
    let listed = library::list(&bench.engine, &rules, &Origins::default(), &mut known)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    let image = &listed[0];
    assert_eq!(image.references, ["lab/vyos:mine", "vyos:1.4.0"]);
    assert_eq!(image.id, imported.image_id);
    assert_eq!(image.kind.as_deref(), Some("vyosnetworks_vyos"));
    assert_eq!(image.version.as_deref(), Some("1.4.0"));
    assert_eq!(image.architecture.as_deref(), Some("amd64"));
    assert_eq!(image.source.as_deref(), Some("vyos-1.4.0-amd64.tar"));
    assert_eq!(image.title.as_deref(), Some("VyOS"));
    assert!(image.imported.is_some(), "{image:?}");
    assert!(image.size > 100_000, "{}", image.size);

    library::rename(&bench.engine, "lab/vyos:mine", "lab/vyos:ours", false)
        .await
        .unwrap();
    let listed = library::list(&bench.engine, &rules, &Origins::default(), &mut known)
        .await
        .unwrap();
    assert_eq!(listed[0].references, ["lab/vyos:ours", "vyos:1.4.0"]);
    library::rename(&bench.engine, "vyos:1.4.0", "vyos:1.4.0", false)
        .await
        .unwrap();

    let other = bench.file("other-1.tar", &RootFs::tiny().marker("other").tar());
    bench.import(bench.request(&other)).await;
    let taken = library::retag(&bench.engine, "other:1", "vyos:1.4.0", false).await;
    assert!(
        matches!(taken, Err(LibraryError::Taken { .. })),
        "{taken:?}"
    );

    bench.host.exec_cli(&[
        "create",
        "--name",
        "user-of-vyos",
        "--network",
        "none",
        "vyos:1.4.0",
        "/bin/true",
    ]);
    let renamed = library::rename(&bench.engine, "other:1", "vyos:1.4.0", false).await;
    assert!(
        matches!(renamed, Err(LibraryError::Taken { .. })),
        "{renamed:?}"
    );
    let listed = library::list(&bench.engine, &rules, &Origins::default(), &mut known)
        .await
        .unwrap();
    assert!(
        listed.iter().any(|image| image.references == ["other:1"]),
        "what could not be renamed keeps its name: {listed:?}"
    );
    assert!(
        listed.iter().any(|image| image.used_by == ["user-of-vyos"]),
        "{listed:?}"
    );
    let used = library::remove(&bench.engine, &imported.image_id, true)
        .await
        .unwrap_err();
    assert_eq!(used.code(), "engine_image_in_use");
    bench.host.exec_cli(&["rm", "user-of-vyos"]);
    library::remove(&bench.engine, &imported.image_id, true)
        .await
        .unwrap();
    let listed = library::list(&bench.engine, &rules, &Origins::default(), &mut known)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
}

async fn leftovers_are_swept(kind: Kind) {
    let bench = Bench::private(kind).await;
    let path = bench.file("kept-1.tar", &RootFs::tiny().marker("kept").tar());
    bench.import(bench.request(&path)).await;
    let names = ["0123456789abcdef0123", "fedcba98765432100123"];
    for job in names {
        let leftover: ImageReference = format!("localhost/labwright-import/{job}:incomplete-0")
            .parse()
            .unwrap();
        bench.engine.tag("kept:1", &leftover).await.unwrap();
    }
    sweep(&bench.engine, |job| job.as_str() == names[0])
        .await
        .unwrap();
    let left: Vec<_> = bench
        .host
        .images()
        .into_iter()
        .filter(|name| name.contains("labwright-import"))
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(
        left[0].contains(names[1]),
        "another's work is left alone: {left:?}"
    );
    assert_eq!(bench.marker("kept:1"), "kept");
}

on_every_engine! {
    listed_renamed_and_removed
    leftovers_are_swept
    an_image_that_says_nothing_of_its_origin_is_known_by_the_history
}
