//! Importing a root file system, and reading back what became of it.

use std::collections::BTreeMap;

use labwright_engine::{EngineKind, ImportSettings, Store, same_reference};

use crate::bench::{self, Kind, body, on_each_engine, reference, root_file_system};

on_each_engine! {
    the_engine_says_what_it_is
    an_image_is_made_and_described
    labels_survive_whatever_they_hold
    every_setting_arrives
    garbage_is_refused_with_the_engines_words
    much_garbage_is_refused_with_the_engines_words
}

async fn the_engine_says_what_it_is(kind: Kind) {
    let (testbed, engine) = bench::shared(kind).await;
    let info = engine.info();
    let (expected, store) = match kind {
        Kind::Classic => (EngineKind::Docker, Store::Classic),
        Kind::Containerd => (EngineKind::Docker, Store::Containerd),
        Kind::Podman => (EngineKind::Podman, Store::Podman),
    };
    assert_eq!((info.kind, info.store), (expected, store));
    let info_at_once = (info.id.clone(), info.version.clone(), info.store);
    let info = engine.described().await;
    assert_eq!(
        info_at_once,
        (info.id.clone(), info.version.clone(), info.store)
    );
    let here = labwright_engine::platform_architecture(std::env::consts::ARCH);
    assert_eq!(
        (info.architecture.as_str(), info.os.as_str()),
        (here.as_str(), "linux")
    );
    assert_eq!(info.address, testbed.address());
    assert!(
        info.local && info.version.starts_with(|c: char| c.is_ascii_digit()),
        "{info:?}"
    );
    assert!(engine.free_space().unwrap() > 0);
    let (_, again) = bench::connected(testbed).await;
    assert_eq!(again.info().id, info.id);
}

async fn an_image_is_made_and_described(kind: Kind) {
    let (testbed, engine) = bench::shared(kind).await;
    let name = reference("engine-import:1.0");
    let settings = ImportSettings {
        labels: BTreeMap::from([("title".to_owned(), "one".to_owned())]),
        command: Some(vec!["/busybox".into(), "cat".into(), "/text".into()]),
        ..ImportSettings::default()
    };
    let id = engine
        .import(&name, &settings, body(root_file_system("hello")))
        .await
        .unwrap();

    let detail = engine.inspect(id.as_str()).await.unwrap().unwrap();
    assert_eq!(detail.id, id);
    assert!(detail.size > 0 && !detail.created.is_empty(), "{detail:?}");
    assert_eq!((detail.layers.len(), detail.os.as_str()), (1, "linux"));
    assert_eq!(detail.architecture, engine.info().architecture);
    let named = |known: &String| same_reference(engine.info().kind, known, "engine-import:1.0");
    assert!(detail.references.iter().any(named), "{detail:?}");

    let short = engine.inspect(&name.to_string()).await.unwrap().unwrap();
    assert_eq!(short, detail);
    assert_eq!(engine.inspect("engine-import:none").await.unwrap(), None);

    let images = engine.images().await.unwrap();
    let listed = images.iter().find(|image| image.id == id).unwrap();
    assert_eq!(
        (&listed.references, &listed.labels),
        (&detail.references, &detail.labels)
    );
    assert!(listed.used_by.is_empty() && listed.created > 0 && listed.size > 0);
    assert_eq!(
        testbed.run("engine-import:1.0", &["/busybox", "cat", "/text"]),
        "hello"
    );
    engine.remove(id.as_str(), true).await.unwrap();
}

/// Values that one parser or the other takes apart.
const AWKWARD: &[&str] = &[
    "",
    "plain",
    "with space",
    " lead",
    "trail ",
    "\"",
    "\"\"",
    "\"x\"",
    "q\"uo\"te",
    "x\"",
    "it's",
    "'x'",
    "back\\slash",
    "end\\",
    "\\\"",
    "\\\\",
    "$HOME ${PATH} $",
    "\\$HOME",
    "a=b",
    "=",
    "#hash",
    "a b=\"c d\" e=f",
    "tab\there",
    "cr\rhere",
    "ünï → 文",
    "`tick`",
    "[\"json\"]",
    "{}",
    "%41+%20&x",
    "a;b",
    "<<EOF",
    "\\n",
    "*?",
];

async fn labels_survive_whatever_they_hold(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let numbered = AWKWARD.iter().enumerate();
    let mut labels: BTreeMap<String, String> = numbered
        .map(|(n, value)| (format!("org.example.label-{n}"), (*value).to_owned()))
        .collect();
    labels.insert("long".into(), "x".repeat(4000));
    let settings = ImportSettings {
        labels: labels.clone(),
        ..ImportSettings::default()
    };
    let name = reference("engine-labels:1");
    let id = engine
        .import(&name, &settings, body(root_file_system("labels")))
        .await
        .unwrap();
    let detail = engine.inspect(id.as_str()).await.unwrap().unwrap();
    for (key, value) in &labels {
        assert_eq!(detail.labels.get(key), Some(value), "{key}");
    }

    labels.clear();
    labels.insert("lines".into(), "one\ntwo\n".into());
    let settings = ImportSettings {
        labels,
        ..ImportSettings::default()
    };
    let id = engine
        .import(&name, &settings, body(root_file_system("lines")))
        .await
        .unwrap();
    let detail = engine.inspect(id.as_str()).await.unwrap().unwrap();
    let expected = if kind == Kind::Podman {
        "one\ntwo\n"
    } else {
        "one two "
    };
    assert_eq!(detail.labels["lines"], expected);
    engine.remove(id.as_str(), true).await.unwrap();
}

async fn every_setting_arrives(kind: Kind) {
    let (testbed, engine) = bench::shared(kind).await;
    let settings = ImportSettings {
        command: Some(vec!["/sbin/init".into(), "a \"b\" $c \\".into()]),
        entrypoint: Some(vec!["/busybox".into(), "env".into()]),
        env: BTreeMap::from([
            ("ONE".to_owned(), "1 \"2\" $3".to_owned()),
            ("CEOS".to_owned(), "1".to_owned()),
        ]),
        exposed_ports: vec!["22/tcp".into(), "830/tcp".into()],
        working_dir: Some("/mnt/flash".into()),
        user: Some("0:0".into()),
        architecture: Some("arm64".into()),
        ..ImportSettings::default()
    };
    let name = reference("engine-settings:1");
    let id = engine
        .import(&name, &settings, body(root_file_system("settings")))
        .await
        .unwrap();
    let detail = engine.inspect(id.as_str()).await.unwrap().unwrap();
    assert_eq!(detail.command, settings.command.unwrap());
    assert_eq!(detail.entrypoint, settings.entrypoint.unwrap());
    assert!(
        detail.env.contains(&"ONE=1 \"2\" $3".to_owned()),
        "{detail:?}"
    );
    assert!(detail.env.contains(&"CEOS=1".to_owned()), "{detail:?}");
    if kind != Kind::Classic {
        assert_eq!(detail.architecture, "arm64");
    }
    let format = "{{.Config.WorkingDir}} {{.Config.User}} {{json .Config.ExposedPorts}}";
    let seen = testbed.exec_cli(&["image", "inspect", "--format", format, id.as_str()]);
    assert_eq!(seen.trim(), "/mnt/flash 0:0 {\"22/tcp\":{},\"830/tcp\":{}}");
    engine.remove(id.as_str(), true).await.unwrap();
}

async fn garbage_is_refused_with_the_engines_words(kind: Kind) {
    refused(kind, "engine-garbage:1", b"<html>log in</html>".repeat(100)).await;
}

/// The engine answers and closes while most of the body is still to be sent.
async fn much_garbage_is_refused_with_the_engines_words(kind: Kind) {
    let mut much = b"<html>log in</html>".repeat(100);
    much.resize(64 << 20, b'x');
    refused(kind, "engine-much-garbage:1", much).await;
}

async fn refused(kind: Kind, name: &str, bytes: Vec<u8>) {
    let (_testbed, engine) = bench::shared(kind).await;
    let answer = engine
        .import(&reference(name), &ImportSettings::default(), body(bytes))
        .await;
    let error = answer.unwrap_err();
    assert_eq!(error.code(), "engine_import_refused", "{error:?}");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("invalid tar header"), "{cause}");
}
