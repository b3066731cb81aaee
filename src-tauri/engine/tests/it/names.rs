//! Tagging, untagging and removing.

use labwright_engine::{Engine, EngineError, ImageId, ImportSettings, same_reference};

use crate::bench::{self, Kind, body, on_each_engine, reference, root_file_system};

on_each_engine! {
    names_come_and_go_one_by_one
    the_last_name_takes_the_image_along
    an_id_with_several_names_needs_force
    what_is_not_there_is_said_to_be_missing
    an_image_in_use_stays
    an_import_moves_the_name
    a_list_is_whole_while_images_go
}

async fn imported(engine: &Engine, name: &str) -> ImageId {
    let archive = body(root_file_system(name));
    engine
        .import(&reference(name), &ImportSettings::default(), archive)
        .await
        .unwrap()
}

async fn has(engine: &Engine, id: &ImageId, name: &str) -> bool {
    let detail = engine.inspect(id.as_str()).await.unwrap().unwrap();
    let kind = engine.info().kind;
    detail
        .references
        .iter()
        .any(|known| same_reference(kind, known, name))
}

async fn names_come_and_go_one_by_one(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let id = imported(&engine, "engine-names:1").await;
    engine.tag(&id, &reference("engine-names:2")).await.unwrap();
    engine
        .tag(
            "engine-names:1",
            &reference("127.0.0.1:5000/lab/engine-names:3"),
        )
        .await
        .unwrap();
    for name in [
        "engine-names:1",
        "engine-names:2",
        "127.0.0.1:5000/lab/engine-names:3",
    ] {
        assert!(has(&engine, &id, name).await, "{name}");
        assert_eq!(
            engine.inspect(name).await.unwrap().unwrap().id,
            id,
            "{name}"
        );
    }
    engine.untag(&reference("engine-names:1")).await.unwrap();
    assert_eq!(engine.inspect("engine-names:1").await.unwrap(), None);
    engine
        .untag(&reference("127.0.0.1:5000/lab/engine-names:3"))
        .await
        .unwrap();
    assert!(has(&engine, &id, "engine-names:2").await);
    assert!(!has(&engine, &id, "127.0.0.1:5000/lab/engine-names:3").await);
    engine.untag(&reference("engine-names:2")).await.unwrap();
}

async fn the_last_name_takes_the_image_along(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let id = imported(&engine, "engine-last:1").await;
    engine.untag(&reference("engine-last:1")).await.unwrap();
    assert_eq!(engine.inspect(id.as_str()).await.unwrap(), None);
}

async fn an_id_with_several_names_needs_force(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let id = imported(&engine, "engine-several:1").await;
    engine
        .tag(&id, &reference("engine-several-more:1"))
        .await
        .unwrap();
    let error = engine.remove(id.as_str(), false).await.unwrap_err();
    assert_eq!(error.code(), "engine_remove_image", "{error:?}");
    engine.remove(id.as_str(), true).await.unwrap();
    assert_eq!(engine.inspect(id.as_str()).await.unwrap(), None);
}

async fn what_is_not_there_is_said_to_be_missing(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let absent = reference("engine-absent:1");
    for error in [
        engine
            .tag("engine-absent:1", &reference("engine-absent:2"))
            .await
            .unwrap_err(),
        engine.untag(&absent).await.unwrap_err(),
        engine.remove("engine-absent:1", false).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), "engine_image_missing", "{error:?}");
    }
}

async fn an_image_in_use_stays(kind: Kind) {
    let (testbed, engine) = bench::shared(kind).await;
    let id = imported(&engine, "engine-used:1").await;
    testbed.exec_cli(&[
        "create",
        "--name",
        "engine-user",
        "--network",
        "none",
        "engine-used:1",
        "/busybox",
    ]);
    let images = engine.images().await.unwrap();
    let used_by = &images.iter().find(|image| image.id == id).unwrap().used_by;
    assert_eq!(used_by.as_slice(), ["engine-user"]);
    for error in [
        engine.remove(id.as_str(), true).await.unwrap_err(),
        engine.remove("engine-used:1", false).await.unwrap_err(),
        engine.untag(&reference("engine-used:1")).await.unwrap_err(),
    ] {
        let EngineError::ImageInUse { containers, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(containers.as_slice(), ["engine-user"]);
    }
    assert!(has(&engine, &id, "engine-used:1").await);
    testbed.exec_cli(&["rm", "engine-user"]);
    engine.remove(id.as_str(), true).await.unwrap();
}

async fn an_import_moves_the_name(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let old = imported(&engine, "engine-moved:1").await;
    let archive = body(root_file_system("another"));
    let name = reference("engine-moved:1");
    let new = engine
        .import(&name, &ImportSettings::default(), archive)
        .await
        .unwrap();
    assert_ne!(old, new);
    assert!(!has(&engine, &old, "engine-moved:1").await);
    assert!(has(&engine, &new, "engine-moved:1").await);
    engine.tag(&old, &name).await.unwrap();
    assert!(has(&engine, &old, "engine-moved:1").await);
    for id in [old, new] {
        engine.remove(id.as_str(), true).await.unwrap();
    }
}

async fn a_list_is_whole_while_images_go(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let stays = imported(&engine, "engine-stays:1").await;
    let coming_and_going = async {
        for number in 0..40 {
            let name = format!("engine-goes:{number}");
            imported(&engine, &name).await;
            engine.untag(&reference(&name)).await.unwrap();
        }
    };
    let listing = async {
        loop {
            let images = engine.images().await.unwrap();
            assert!(images.iter().any(|image| image.id == stays), "{images:?}");
        }
    };
    tokio::select! {
        () = coming_and_going => {}
        () = listing => {}
    }
    engine.untag(&reference("engine-stays:1")).await.unwrap();
}
