//! Finding engines, and saying what is wrong where there is none.

use std::{fs, path::Path};

use labwright_engine::{
    Candidate, DiscoveryInputs, DockerContext, Engine, EngineError, EngineKind, SelectError, find,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, UnixListener},
};

use crate::bench::{self, Kind};

async fn refused(address: &str) -> EngineError {
    Engine::connect(&Candidate::explicit(address).unwrap())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_missing_socket() {
    let error = refused("unix:///no-such-folder/docker.sock").await;
    assert_eq!(error.code(), "engine_socket_missing", "{error:?}");
}

#[tokio::test]
async fn a_socket_that_nobody_listens_at() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s.sock");
    drop(UnixListener::bind(&socket).unwrap());
    let error = refused(socket.to_str().unwrap()).await;
    assert_eq!(error.code(), "engine_connection_refused", "{error:?}");
    assert!(!error.hints().is_empty());
}

#[tokio::test]
async fn a_port_that_nobody_listens_at() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = refused(&format!("tcp://{address}")).await;
    assert_eq!(error.code(), "engine_connection_refused", "{error:?}");
}

#[tokio::test]
async fn an_engine_that_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let hanging = tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            kept.push(connection);
        }
    });
    let error = refused(socket.to_str().unwrap()).await;
    assert_eq!(error.code(), "engine_no_answer", "{error:?}");
    hanging.abort();
}

#[tokio::test]
async fn something_else_that_answers() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK",
        "HTTP/1.1 404 Not Found\r\n\r\n",
        "SSH-2.0-x\r\n",
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answering = tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.unwrap();
            connection.write_all(answer.as_bytes()).await.unwrap();
            connection.shutdown().await.unwrap();
        });
        let error = refused(&format!("tcp://{address}")).await;
        assert_eq!(error.code(), "engine_not_an_engine", "{answer:?} {error:?}");
        answering.abort();
    }
}

#[tokio::test]
async fn tls_files_that_are_not_there() {
    let mut candidate = Candidate::explicit("tcp://127.0.0.1:2376").unwrap();
    candidate.tls = Some(labwright_engine::TlsFiles::in_folder(Path::new(
        "/no-such-folder",
    )));
    let error = Engine::connect(&candidate).await.unwrap_err();
    assert_eq!(error.code(), "engine_tls_file", "{error:?}");
}

fn context(name: &str, host: &str, current: bool) -> DockerContext {
    DockerContext {
        name: name.into(),
        host: host.into(),
        tls_dir: None,
        current,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn engines_are_found_and_chosen_by_name() {
    let (docker, _) = bench::shared(Kind::Classic).await;
    let (podman, _) = bench::shared(Kind::Podman).await;
    let folder = tempfile::tempdir().unwrap();
    // The same engine through another path: it must not be listed twice.
    let second = folder.path().join("docker.sock");
    std::os::unix::fs::symlink(docker.socket(), &second).unwrap();
    let mut inputs = DiscoveryInputs {
        contexts: vec![
            context("lab", &docker.address(), false),
            context("pods", &podman.address(), false),
            context("gone", "unix:///no-such-folder/x.sock", false),
            context("far", "ssh://me@far", false),
            context("odd", "ssh://me@-far", false),
        ],
        runtime_dir: Some(folder.path().to_owned()),
        ..DiscoveryInputs::default()
    };
    let chosen = |inputs: &DiscoveryInputs| {
        let inputs = inputs.clone();
        async move { find(&inputs).await.select() }
    };
    let found = find(&inputs).await;
    let ours = [
        docker.address(),
        podman.address(),
        format!("unix://{}", second.display()),
    ];
    let of_ours = found
        .engines
        .iter()
        .filter(|engine| ours.contains(&engine.info().address));
    assert_eq!(of_ours.count(), 2, "{found:#?}");
    assert!(
        found
            .unreachable
            .iter()
            .any(|(candidate, _)| candidate.name == "gone")
    );
    assert_eq!(found.refused.len(), 1);
    assert_eq!(found.unasked.len(), 1);

    for (wanted, kind) in [
        ("lab", EngineKind::Docker),
        ("pods", EngineKind::Podman),
        ("docker-rootless", EngineKind::Docker),
        ("podman", EngineKind::Podman),
        (podman.address().as_str(), EngineKind::Podman),
        (podman.socket().to_str().unwrap(), EngineKind::Podman),
    ] {
        inputs.explicit = Some(wanted.to_owned());
        assert_eq!(chosen(&inputs).await.unwrap().info().kind, kind, "{wanted}");
    }
    for (wanted, code) in [
        ("gone", "engine_socket_missing"),
        ("far", "engine_ssh_unavailable"),
        ("odd", "engine_address_ssh"),
        ("nobody", "engine_unknown"),
        ("unix:///no-such-folder/y.sock", "engine_socket_missing"),
        ("ssh://me@other", "engine_ssh_unavailable"),
    ] {
        inputs.explicit = Some(wanted.to_owned());
        assert_eq!(chosen(&inputs).await.unwrap_err().code(), code, "{wanted}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chosen_engine_is_not_replaced_by_another() {
    let (docker, _) = bench::shared(Kind::Classic).await;
    let mut inputs = DiscoveryInputs {
        contexts: vec![context("lab", &docker.address(), true)],
        ..DiscoveryInputs::default()
    };
    let selected = find(&inputs).await.select().unwrap();
    assert_eq!(selected.info().name, "lab");

    for (docker_host, code) in [
        ("unix:///no-such-folder/x.sock", "engine_socket_missing"),
        ("ssh://a", "engine_ssh_unavailable"),
        ("ssh://-a", "engine_address_ssh"),
    ] {
        inputs.docker_host = Some(docker_host.into());
        let error = find(&inputs).await.select().unwrap_err();
        assert_eq!(error.code(), code);
        assert!(matches!(
            error,
            SelectError::Unreachable { .. } | SelectError::Refused { .. }
        ));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contexts_are_read_from_dockers_folder() {
    let (docker, _) = bench::shared(Kind::Classic).await;
    let folder = tempfile::tempdir().unwrap();
    let meta = folder.path().join("contexts/meta/0a");
    fs::create_dir_all(&meta).unwrap();
    fs::write(
        folder.path().join("config.json"),
        r#"{"currentContext":"mine"}"#,
    )
    .unwrap();
    let text = format!(
        r#"{{"Name":"mine","Endpoints":{{"docker":{{"Host":"{}"}}}}}}"#,
        docker.address()
    );
    fs::write(meta.join("meta.json"), text).unwrap();
    let contexts = labwright_engine::docker_contexts(folder.path());
    let inputs = DiscoveryInputs {
        contexts,
        ..DiscoveryInputs::default()
    };
    assert_eq!(find(&inputs).await.select().unwrap().info().name, "mine");
}
