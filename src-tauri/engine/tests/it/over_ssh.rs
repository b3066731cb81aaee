//! An engine of another machine, through somebody who dials.

use std::{
    error::Error,
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures_util::{StreamExt, future::join_all};
use labwright_engine::{
    Candidate, ContainerNetwork, ContainerSettings, DiscoveryInputs, DockerContext, Engine,
    EngineError, ExecSettings, Health, ImportSettings, LogSettings, Output, OutputStream, find,
};
use labwright_testbed::archives::noise;
use tokio::{io::AsyncWriteExt, time::timeout};

use crate::{
    bench::{
        self, Kind, LONG, body, cut_tar, on_each_engine, reference, root_file_system, stuck_body,
    },
    dialers::{self, ADDRESS, Cuttable, DialStdio, Refusing, ToSocket},
};

on_each_engine! {
    everything_works_through_it
    the_clients_own_program_carries_it
    a_way_that_is_cut_is_an_error_and_no_end
}

/// How many requests are under way at once.
const MANY: usize = 40;

fn sh(script: &str) -> Vec<String> {
    ["/busybox", "sh", "-c", script].map(str::to_owned).to_vec()
}

/// A container of an image that was imported through the engine, which prints a line every tenth of a second.
async fn container(engine: &Engine, name: &str) -> ContainerSettings {
    let image = format!("engine-{name}:1");
    let archive = body(root_file_system("far away"));
    let settings = ImportSettings::default();
    let id = engine.import(&reference(&image), &settings, archive).await;
    assert_eq!(
        engine.inspect(&image).await.unwrap().unwrap().id,
        id.unwrap()
    );
    let name = format!("labwright-{name}-{}", std::process::id());
    engine.remove_container(&name).await.unwrap();
    let settings = ContainerSettings {
        name,
        image,
        command: Some(sh("while :; do echo line; /busybox sleep 0.1; done")),
        network: ContainerNetwork::None,
        ..ContainerSettings::default()
    };
    engine.create_container(&settings).await.unwrap();
    engine.start_container(&settings.name).await.unwrap();
    settings
}

/// Gives a program this input, ends it, and returns what the program printed after it had found the end.
async fn counted(engine: &Engine, container: &str, input: &[u8]) -> String {
    let settings = ExecSettings {
        command: sh("n=$(/busybox wc -c); /busybox sleep 0.5; echo $n"),
        input: true,
        ..ExecSettings::default()
    };
    let mut exec = engine.exec(container, &settings).await.unwrap();
    exec.input.write_all(input).await.unwrap();
    exec.input.shutdown().await.unwrap();
    let printed = printed(&mut exec.output).await;
    assert_eq!(exec.handle.exit_code().await.unwrap(), 0);
    printed
}

async fn printed(output: &mut OutputStream) -> String {
    let mut printed = Vec::new();
    while let Some(piece) = timeout(LONG, output.next()).await.unwrap() {
        if let Output::Out(bytes) = piece.unwrap() {
            printed.extend(bytes);
        }
    }
    String::from_utf8(printed).unwrap()
}

async fn lines(engine: &Engine, container: &str) -> OutputStream {
    let follow = LogSettings {
        follow: true,
        ..LogSettings::default()
    };
    engine.logs(container, follow).await.unwrap()
}

/// What is left in the folder for sockets.
fn sockets(runtime_dir: &Path) -> usize {
    std::fs::read_dir(runtime_dir.join("labwright"))
        .unwrap()
        .count()
}

async fn everything_works_through_it(kind: Kind) {
    let (testbed, _) = bench::shared(kind).await;
    let folder = tempfile::tempdir().unwrap();
    let dial = ToSocket::of(&testbed);
    let engine = dialers::engine(folder.path(), dial.clone()).await;
    let info = engine.info();
    assert_eq!((info.address.as_str(), info.local), (ADDRESS, false));
    assert!(!info.architecture.is_empty() && info.data_root.is_some());
    assert_eq!(engine.free_space(), None);
    assert_eq!(sockets(folder.path()), 1);

    let settings = container(&engine, "ssh-all").await;
    let mut logs = lines(&engine, &settings.name).await;
    for _ in 0..3 {
        let piece = timeout(LONG, logs.next()).await.unwrap().unwrap();
        assert!(matches!(piece.unwrap(), Output::Out(_)));
    }
    let input = noise(300_000);
    assert_eq!(counted(&engine, &settings.name, &input).await, "300000\n");

    let before = dial.dialled.load(Ordering::SeqCst);
    let listed = join_all((0..MANY).map(|_| engine.images())).await;
    for images in listed {
        let names = images.unwrap().into_iter().flat_map(|it| it.references);
        assert!(
            names
                .into_iter()
                .any(|name| name.contains("engine-ssh-all:1"))
        );
    }
    assert!(dial.dialled.load(Ordering::SeqCst) >= before + MANY);
    engine.remove_container(&settings.name).await.unwrap();

    drop(engine);
    assert_eq!(
        sockets(folder.path()),
        1,
        "what follows the logs still uses it"
    );
    drop(logs);
    assert_eq!(sockets(folder.path()), 0);
}

async fn the_clients_own_program_carries_it(kind: Kind) {
    let (testbed, _) = bench::shared(kind).await;
    let folder = tempfile::tempdir().unwrap();
    let engine = dialers::engine(folder.path(), DialStdio(testbed)).await;
    let settings = container(&engine, "ssh-stdio").await;
    let input = noise(300_000);
    assert_eq!(counted(&engine, &settings.name, &input).await, "300000\n");
    let mut logs = lines(&engine, &settings.name).await;
    engine.remove_container(&settings.name).await.unwrap();
    assert!(printed(&mut logs).await.starts_with("line\n"));
}

async fn a_way_that_is_cut_is_an_error_and_no_end(kind: Kind) {
    let (testbed, _) = bench::shared(kind).await;
    let folder = tempfile::tempdir().unwrap();
    let cuttable = Cuttable {
        way: ToSocket::of(&testbed),
        cut: Arc::default(),
    };
    let cut = Arc::clone(&cuttable.cut);
    let engine = dialers::engine(folder.path(), cuttable).await;
    let settings = container(&engine, "ssh-cut").await;
    let mut logs = lines(&engine, &settings.name).await;
    let silent = ExecSettings {
        command: sh("/busybox sleep 100"),
        ..ExecSettings::default()
    };
    let mut exec = engine.exec(&settings.name, &silent).await.unwrap();
    let (stuck, _) = stuck_body(cut_tar(1 << 30, 1 << 20));
    let (name, importing) = (reference("engine-ssh-half:1"), ImportSettings::default());
    let import = engine.import(&name, &importing, stuck);
    let cutting = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        cut.store(true, Ordering::SeqCst);
    };
    let ends = async { tokio::join!(import, last(&mut logs), last(&mut exec.output), cutting) };
    let (import, logs, exec, ()) = timeout(LONG, ends).await.unwrap();
    for error in [import.unwrap_err(), logs, exec] {
        assert_eq!(error.code(), "engine_ssh", "{error:?}");
        let cause = error.source().unwrap().to_string();
        assert_eq!(cause, "Timeout, server lab-7 not responding.");
    }
    cut.store(false, Ordering::SeqCst);
    assert_eq!(engine.inspect("engine-ssh-half:1").await.unwrap(), None);
    engine.remove_container(&settings.name).await.unwrap();
}

/// The error that a stream ends with.
async fn last(output: &mut OutputStream) -> EngineError {
    loop {
        match output.next().await {
            Some(Ok(_)) => {}
            Some(Err(error)) => return error,
            None => panic!("it ended as if all was well"),
        }
    }
}

#[tokio::test]
async fn who_is_not_let_in_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let candidate = Candidate::explicit(ADDRESS).unwrap();
    let inputs = dialers::inputs(folder.path(), Refusing);
    let connected = Engine::connect_through(&candidate, &inputs).await;
    let error = connected.unwrap_err();
    assert_eq!(error.code(), "engine_ssh", "{error:?}");
    let cause = error.source().unwrap().to_string();
    assert_eq!(cause, "me@lab-7: Permission denied (publickey).");
    let hints = error.hints().join("\n");
    assert!(hints.contains("lw host test me@lab-7:2207"), "{hints}");
    assert_eq!(sockets(folder.path()), 0);
}

#[tokio::test]
async fn without_a_dialler_there_is_no_way() {
    let candidate = Candidate::explicit(ADDRESS).unwrap();
    let error = Engine::connect(&candidate).await.unwrap_err();
    assert_eq!(error.code(), "engine_ssh_unavailable", "{error:?}");
    let inputs = DiscoveryInputs {
        explicit: Some(ADDRESS.to_owned()),
        ..DiscoveryInputs::default()
    };
    let error = find(&inputs).await.select().unwrap_err();
    assert_eq!(error.code(), "engine_ssh_unavailable", "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_is_asked_only_if_somebody_chose_it() {
    let (testbed, _) = bench::shared(Kind::Classic).await;
    let folder = tempfile::tempdir().unwrap();
    let dial = ToSocket::of(&testbed);
    let far = |current| DockerContext {
        name: "far".to_owned(),
        host: ADDRESS.to_owned(),
        tls_dir: None,
        current,
    };
    let known = DiscoveryInputs {
        contexts: vec![far(false)],
        ..dialers::inputs(folder.path(), dial.clone())
    };
    for wanted in [None, Some("docker".to_owned())] {
        let inputs = DiscoveryInputs {
            explicit: wanted,
            ..known.clone()
        };
        let unasked = find(&inputs).await.unasked;
        assert_eq!(unasked.len(), 1);
        assert_eq!(unasked[0].name, "far");
    }
    assert_eq!(dial.dialled.load(Ordering::SeqCst), 0);

    let explicit = |text: &str| DiscoveryInputs {
        explicit: Some(text.to_owned()),
        ..known.clone()
    };
    let docker_host = DiscoveryInputs {
        docker_host: Some(ADDRESS.to_owned()),
        ..known.clone()
    };
    let current = DiscoveryInputs {
        contexts: vec![far(true)],
        ..known.clone()
    };
    for chosen in [explicit("far"), explicit(ADDRESS), docker_host, current] {
        let found = find(&chosen).await;
        assert!(found.unasked.is_empty(), "{found:?}");
        assert_eq!(found.select().unwrap().info().address, ADDRESS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_the_way_broke_and_is_there_again_is_noticed() {
    let (testbed, _) = bench::shared(Kind::Classic).await;
    let folder = tempfile::tempdir().unwrap();
    let cuttable = Cuttable {
        way: ToSocket::of(&testbed),
        cut: Arc::default(),
    };
    let cut = Arc::clone(&cuttable.cut);
    let engine = dialers::engine(folder.path(), cuttable).await;
    let watch = engine.watch();
    let mut health = watch.health();
    tokio::time::sleep(Duration::from_millis(500)).await;
    cut.store(true, Ordering::SeqCst);
    let gone = timeout(LONG, health.wait_for(|it| *it != Health::Up)).await;
    let gone = gone.unwrap().unwrap().clone();
    let expected = "Timeout, server lab-7 not responding.";
    assert!(
        matches!(&gone, Health::Gone { why, .. } if why == expected),
        "{gone:?}"
    );
    cut.store(false, Ordering::SeqCst);
    let up = timeout(LONG, health.wait_for(|it| *it == Health::Up)).await;
    up.unwrap().unwrap();
}
