//! Containers, networks and volumes, from their making to their end.

use std::{collections::BTreeMap, time::Duration};

use futures_util::StreamExt;
use labwright_engine::{
    ContainerNetwork, ContainerSettings, ContainerStatus, Endpoint, Engine, ExecSettings,
    ImportSettings, LogSettings, Mount, MountSource, NetworkSettings, Output, OutputStream,
    Privileges, RestartPolicy, Subnet, TerminalSize,
};
use tokio::{io::AsyncWriteExt, time::timeout};

use crate::bench::{self, Kind, LONG, body, on_each_engine, reference, root_file_system};

on_each_engine! {
    a_container_lives_and_goes
    what_it_prints_is_read_as_it_was_printed
    programs_run_in_it
    a_terminal_is_one
    a_terminal_gets_every_key
    without_a_terminal_a_reader_that_leaves_is_the_end_of_the_input
    files_go_in_and_come_out
    it_has_the_address_that_it_was_given
    volumes_outlive_it
    what_is_refused_is_named
    what_is_wanted_already_is_no_error
}

const LABEL: &str = "labwright.test";

/// A container that waits, with everything of its test named alike.
async fn settings(engine: &Engine, name: &str) -> ContainerSettings {
    let image = reference("engine-containers:1");
    let archive = body(root_file_system("hello"));
    let imported = engine
        .import(&image, &ImportSettings::default(), archive)
        .await;
    imported.unwrap();
    let name = format!("labwright-{name}-{}", std::process::id());
    engine.remove_container(&name).await.unwrap();
    ContainerSettings {
        labels: BTreeMap::from([(LABEL.to_owned(), name.clone())]),
        name,
        image: "engine-containers:1".to_owned(),
        command: Some(sh(
            "trap 'exit 3' USR1; while :; do /busybox sleep 0.1; done",
        )),
        network: ContainerNetwork::None,
        ..ContainerSettings::default()
    }
}

fn sh(script: &str) -> Vec<String> {
    ["/busybox", "sh", "-c", script].map(str::to_owned).to_vec()
}

fn program(script: &str) -> ExecSettings {
    ExecSettings {
        command: sh(script),
        ..ExecSettings::default()
    }
}

async fn started(engine: &Engine, settings: &ContainerSettings) {
    engine.create_container(settings).await.unwrap();
    engine.start_container(&settings.name).await.unwrap();
}

/// All that comes, until it ends.
async fn whole(mut output: OutputStream) -> (String, String) {
    let (mut out, mut error) = (Vec::new(), Vec::new());
    while let Some(piece) = timeout(LONG, output.next()).await.unwrap() {
        match piece.unwrap() {
            Output::Out(bytes) => out.extend(bytes),
            Output::Error(bytes) => error.extend(bytes),
        }
    }
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out), text(error))
}

async fn a_container_lives_and_goes(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let mut settings = settings(&engine, "lives").await;
    settings.stop_signal = Some("SIGUSR1".to_owned());
    settings.restart = RestartPolicy::No;
    let id = engine.create_container(&settings).await.unwrap();
    let detail = engine.container(&settings.name).await.unwrap().unwrap();
    assert_eq!((&detail.id, detail.status), (&id, ContainerStatus::Created));
    assert_eq!(detail.pid, None);
    engine.start_container(id.as_str()).await.unwrap();
    let detail = engine.container(id.as_str()).await.unwrap().unwrap();
    assert_eq!(detail.status, ContainerStatus::Running);
    assert!(detail.pid.is_some());
    assert_eq!(detail.labels[LABEL], settings.name);
    let label = format!("{LABEL}={}", settings.name);
    let listed = engine.containers_with_label(&label).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (&listed[0].id, &listed[0].name, listed[0].status),
        (&id, &settings.name, ContainerStatus::Running)
    );
    // It ends by its own signal, and says so; a kill would be 137.
    let patience = Some(Duration::from_secs(30));
    engine.stop_container(id.as_str(), patience).await.unwrap();
    let detail = engine.container(id.as_str()).await.unwrap().unwrap();
    assert_eq!(
        (detail.status, detail.exit_code),
        (ContainerStatus::Exited, 3)
    );
    engine.remove_container(id.as_str()).await.unwrap();
    assert_eq!(engine.container(id.as_str()).await.unwrap(), None);
    assert_eq!(engine.containers_with_label(&label).await.unwrap(), []);
}

async fn what_it_prints_is_read_as_it_was_printed(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let mut settings = settings(&engine, "prints").await;
    settings.command = Some(sh(
        "echo one; /busybox sleep 1; echo two >&2; /busybox sleep 1; printf 'three'; echo; echo four",
    ));
    started(&engine, &settings).await;
    let follow = LogSettings {
        follow: true,
        ..LogSettings::default()
    };
    let logs = engine.logs(&settings.name, follow).await.unwrap();
    let (out, error) = whole(logs).await;
    assert_eq!(
        (out.as_str(), error.as_str()),
        ("one\nthree\nfour\n", "two\n")
    );
    let last = LogSettings {
        last: Some(1),
        ..LogSettings::default()
    };
    let (out, _) = whole(engine.logs(&settings.name, last).await.unwrap()).await;
    assert_eq!(out, "four\n");
    engine.remove_container(&settings.name).await.unwrap();
}

async fn programs_run_in_it(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let settings = settings(&engine, "runs").await;
    started(&engine, &settings).await;
    let mut asked = program("echo \"$WHO\"; echo no >&2; exit 7");
    asked.environment = BTreeMap::from([("WHO".to_owned(), "it's \"me\" $HOME".to_owned())]);
    let result = engine.run(&settings.name, &asked).await.unwrap();
    assert_eq!(result.exit_code, 7);
    assert_eq!(String::from_utf8_lossy(&result.out), "it's \"me\" $HOME\n");
    assert_eq!(String::from_utf8_lossy(&result.error), "no\n");
    // Input ends where it is shut down, and what it was comes back whole.
    let counted = ExecSettings {
        input: true,
        ..program("/busybox wc -c")
    };
    let mut exec = engine.exec(&settings.name, &counted).await.unwrap();
    exec.input.write_all(&vec![b'x'; 300_000]).await.unwrap();
    assert_eq!(exec.handle.ended().await.unwrap(), None);
    exec.input.shutdown().await.unwrap();
    let (out, _) = whole(exec.output).await;
    assert_eq!(out.trim(), "300000");
    assert_eq!(exec.handle.exit_code().await.unwrap(), 0);
    assert_eq!(exec.handle.ended().await.unwrap(), Some(0));
    engine.remove_container(&settings.name).await.unwrap();
}

async fn a_terminal_is_one(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let settings = settings(&engine, "terminal").await;
    started(&engine, &settings).await;
    let asked = ExecSettings {
        terminal: Some(TerminalSize {
            columns: 91,
            rows: 17,
        }),
        input: true,
        ..program(
            "read word; /busybox stty size; read word; /busybox stty size; printf '\\001\\002end'",
        )
    };
    let mut exec = engine.exec(&settings.name, &asked).await.unwrap();
    exec.input.write_all(b"a\n").await.unwrap();
    let mut seen = Vec::new();
    let contains = |seen: &[u8], text: &str| String::from_utf8_lossy(seen).contains(text);
    while !contains(&seen, "17 91") {
        let piece = timeout(LONG, exec.output.next()).await.unwrap().unwrap();
        seen.extend_from_slice(piece.unwrap().bytes());
    }
    let larger = TerminalSize {
        columns: 133,
        rows: 50,
    };
    exec.handle.resize(larger).await.unwrap();
    exec.input.write_all(b"b\n").await.unwrap();
    while let Some(piece) = timeout(LONG, exec.output.next()).await.unwrap() {
        seen.extend_from_slice(piece.unwrap().bytes());
    }
    assert!(contains(&seen, "50 133"), "{seen:?}");
    assert!(contains(&seen, "\u{1}\u{2}end"), "{seen:?}");
    engine.remove_container(&settings.name).await.unwrap();
}

/// Engines would keep ^P back, and hang up after ^P ^Q.
async fn a_terminal_gets_every_key(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let settings = settings(&engine, "keys").await;
    started(&engine, &settings).await;
    let asked = ExecSettings {
        terminal: Some(TerminalSize {
            columns: 80,
            rows: 24,
        }),
        input: true,
        ..program("/busybox stty raw -echo; echo ready; /busybox od -An -v -tx1 -w1")
    };
    let mut exec = engine.exec(&settings.name, &asked).await.unwrap();
    let mut seen = String::new();
    let mut sent = [(0x10_u8, "10"), (0x11, "11"), (b'x', "78")].into_iter();
    let mut expected = "ready";
    loop {
        while !seen.contains(expected) {
            let piece = timeout(LONG, exec.output.next()).await.unwrap().unwrap();
            seen.push_str(&String::from_utf8_lossy(piece.unwrap().bytes()));
        }
        seen.clear();
        let Some((key, shown)) = sent.next() else {
            break;
        };
        exec.input.write_all(&[key]).await.unwrap();
        expected = shown;
    }
    engine.remove_container(&settings.name).await.unwrap();
}

async fn without_a_terminal_a_reader_that_leaves_is_the_end_of_the_input(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let settings = settings(&engine, "leaves").await;
    started(&engine, &settings).await;
    let asked = ExecSettings {
        input: true,
        ..program("echo here; /busybox cat; : > /ended")
    };
    let mut exec = engine.exec(&settings.name, &asked).await.unwrap();
    let piece = timeout(LONG, exec.output.next()).await.unwrap().unwrap();
    assert_eq!(piece.unwrap().bytes(), &b"here\n"[..]);
    drop(exec);
    let waited = program("until [ -e /ended ]; do /busybox sleep 0.1; done");
    let ended = timeout(LONG, engine.run(&settings.name, &waited)).await;
    assert_eq!(ended.unwrap().unwrap().exit_code, 0);
    engine.remove_container(&settings.name).await.unwrap();
}

async fn files_go_in_and_come_out(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let settings = settings(&engine, "files").await;
    engine.create_container(&settings).await.unwrap();
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(5);
    header.set_mode(0o640);
    archive
        .append_data(&mut header, "given/note", &b"words"[..])
        .unwrap();
    let archive = archive.into_inner().unwrap();
    // It does not run yet.
    engine
        .put_files(&settings.name, "/", archive)
        .await
        .unwrap();
    engine.start_container(&settings.name).await.unwrap();
    let told = engine
        .run(
            &settings.name,
            &program("/busybox stat -c '%a %s' /given/note"),
        )
        .await;
    assert_eq!(String::from_utf8_lossy(&told.unwrap().out), "640 5\n");
    let mut came = Vec::new();
    let files = engine.get_files(&settings.name, "/given/note").await;
    let mut files = files.unwrap().unwrap();
    while let Some(piece) = files.next().await {
        came.extend(piece.unwrap());
    }
    let mut archive = tar::Archive::new(came.as_slice());
    let entry = archive.entries().unwrap().next().unwrap().unwrap();
    assert_eq!(entry.path().unwrap().to_str(), Some("note"));
    let nothing = engine.get_files(&settings.name, "/given/nothing").await;
    assert!(nothing.unwrap().is_none());
    engine.remove_container(&settings.name).await.unwrap();
}

async fn it_has_the_address_that_it_was_given(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let mut settings = settings(&engine, "address").await;
    let third = 10 + kind as u8;
    let network = NetworkSettings {
        name: settings.name.clone(),
        subnets: vec![
            Subnet {
                range: format!("172.31.{third}.0/24"),
                gateway: None,
            },
            Subnet {
                range: format!("3fff:172:31:{third}::/64"),
                gateway: None,
            },
        ],
        ipv6: true,
        mtu: Some(1400),
        labels: settings.labels.clone(),
        ..NetworkSettings::default()
    };
    engine.create_network(&network).await.unwrap();
    let label = format!("{LABEL}={}", settings.name);
    let found = engine.networks_with_label(&label).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].name, settings.name);
    let ranges = found[0].subnets.iter().map(|subnet| &subnet.range);
    assert!(ranges.eq(network.subnets.iter().map(|subnet| &subnet.range)));
    let address = format!("172.31.{third}.77");
    settings.network = ContainerNetwork::Named(Endpoint {
        network: network.name.clone(),
        ipv4: Some(address.parse().unwrap()),
        ipv6: Some(format!("3fff:172:31:{third}::77").parse().unwrap()),
        ..Endpoint::default()
    });
    started(&engine, &settings).await;
    let detail = engine.container(&settings.name).await.unwrap().unwrap();
    let place = &detail.networks[&network.name];
    assert_eq!(place.ipv4, address);
    assert_eq!(place.ipv6, format!("3fff:172:31:{third}::77"));
    let listed = engine.containers_with_label(&label).await.unwrap();
    assert_eq!(listed[0].networks[&network.name], *place);
    let found = engine.network(&network.name).await.unwrap().unwrap();
    let bridge = format!("/sys/class/net/{}/bridge", found.bridge.unwrap());
    assert!(std::fs::exists(&bridge).unwrap(), "{bridge}");
    // It keeps it when it starts again.
    let soon = Duration::ZERO;
    engine
        .restart_container(&settings.name, soon)
        .await
        .unwrap();
    let told = engine
        .run(&settings.name, &program("/busybox ip addr show eth0"))
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&told.out).into_owned();
    assert!(told.contains(&format!("{address}/24")), "{told}");
    assert!(told.contains("mtu 1400"), "{told}");
    engine.remove_container(&settings.name).await.unwrap();
    engine.remove_network(&network.name).await.unwrap();
    assert_eq!(engine.network(&network.name).await.unwrap(), None);
}

async fn volumes_outlive_it(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let mut settings = settings(&engine, "volume").await;
    let name = settings.name.clone();
    engine.create_volume(&name, &settings.labels).await.unwrap();
    // Once more is no error, and takes nothing away.
    engine.create_volume(&name, &settings.labels).await.unwrap();
    settings.mounts = vec![Mount {
        source: MountSource::Volume(name.clone()),
        target: "/state".to_owned(),
        read_only: false,
    }];
    settings.read_only = true;
    started(&engine, &settings).await;
    let wrote = engine.run(&name, &program("echo kept > /state/file")).await;
    assert_eq!(wrote.unwrap().exit_code, 0);
    let refused = engine.run(&name, &program("echo no > /file")).await;
    assert_ne!(refused.unwrap().exit_code, 0);
    let detail = engine.container(&name).await.unwrap().unwrap();
    assert_eq!(detail.volumes, [name.as_str()]);
    engine.remove_container(&name).await.unwrap();
    started(&engine, &settings).await;
    let read = engine
        .run(&name, &program("/busybox cat /state/file"))
        .await;
    assert_eq!(String::from_utf8_lossy(&read.unwrap().out), "kept\n");
    engine.remove_container(&name).await.unwrap();
    let label = format!("{LABEL}={name}");
    let found = engine.volumes_with_label(&label).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    engine.remove_volume(&name).await.unwrap();
    assert_eq!(engine.volumes_with_label(&label).await.unwrap(), []);
}

async fn what_is_refused_is_named(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let settings = settings(&engine, "refused").await;
    let missing = engine.start_container("labwright-nobody").await;
    let error = missing.unwrap_err();
    assert!(error.is_missing(), "{error:?}");
    assert_eq!(error.code(), "engine_start_container");
    assert!(error.to_string().contains("labwright-nobody"), "{error}");
    engine.create_container(&settings).await.unwrap();
    let twice = engine.create_container(&settings).await.unwrap_err();
    assert_eq!(twice.code(), "engine_create_container");
    assert!(twice.to_string().contains(&settings.name), "{twice}");
    // A program that is not there says so by its exit code or by an error, never by success.
    engine.start_container(&settings.name).await.unwrap();
    let nothing = ExecSettings {
        command: vec!["/nothing".to_owned()],
        ..ExecSettings::default()
    };
    let run = engine.run(&settings.name, &nothing).await;
    assert!(
        run.as_ref().map_or(true, |result| result.exit_code != 0),
        "{run:?}"
    );
    engine.remove_container(&settings.name).await.unwrap();
}

async fn what_is_wanted_already_is_no_error(kind: Kind) {
    let (_testbed, engine) = bench::shared(kind).await;
    let mut settings = settings(&engine, "already").await;
    settings.privileges = Privileges::Only(vec!["NET_ADMIN".to_owned()]);
    started(&engine, &settings).await;
    engine.start_container(&settings.name).await.unwrap();
    let told = engine
        .run(
            &settings.name,
            &program("/busybox grep CapEff /proc/1/status"),
        )
        .await
        .unwrap();
    // NET_ADMIN is the twelfth bit, and the only one.
    let told = String::from_utf8_lossy(&told.out).into_owned();
    assert!(told.contains("0000000000001000"), "{told}");
    let soon = Some(Duration::ZERO);
    engine.stop_container(&settings.name, soon).await.unwrap();
    engine.stop_container(&settings.name, soon).await.unwrap();
    engine.remove_container(&settings.name).await.unwrap();
    engine.remove_container(&settings.name).await.unwrap();
    engine.remove_volume("labwright-nothing").await.unwrap();
    engine.remove_network("labwright-nothing").await.unwrap();
}
