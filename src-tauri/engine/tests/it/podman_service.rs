//! Podman becomes an engine where none runs.

use std::{fs, path::Path};

use labwright_engine::{Engine, EngineKind, start_podman};

/// A storage of its own, so that the machine's is not touched.
fn storage(folder: &Path) {
    let text = format!(
        "[storage]\ndriver = \"overlay\"\ngraphroot = \"{0}/graph\"\nrunroot = \"{0}/run\"\n",
        folder.display()
    );
    fs::write(folder.join("storage.conf"), text).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_callers_start_one_service() {
    let folder = tempfile::tempdir().unwrap();
    storage(folder.path());
    let configuration = folder.path().join("storage.conf");
    let socket = folder.path().join("own/podman.sock");
    let environment = [("CONTAINERS_STORAGE_CONF", configuration.as_path())];
    let program = Path::new("/usr/bin/podman");
    // A socket that a killed service left behind must not be in the way.
    fs::create_dir_all(socket.parent().unwrap()).unwrap();
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());

    let start = || start_podman(program, &socket, &environment);
    let (first, second) = tokio::join!(start(), start());
    let (first, second) = (first.unwrap(), second.unwrap());
    let pids: Vec<u32> = [first.pid, second.pid].into_iter().flatten().collect();
    assert_eq!(pids.len(), 1, "{first:?} {second:?}");

    let engine = Engine::connect(&first.candidate).await.unwrap();
    assert_eq!(engine.info().kind, EngineKind::Podman);
    assert_eq!(
        engine.described().await.data_root.as_deref(),
        Some(folder.path().join("graph").as_path())
    );
    assert_eq!(engine.images().await.unwrap(), []);

    let pid = pids[0].to_string();
    let ended = std::process::Command::new("kill")
        .arg(&pid)
        .status()
        .unwrap();
    assert!(ended.success());
    crate::bench::until("the service has ended", async || {
        Engine::connect(&first.candidate).await.is_err()
    })
    .await;
    // Podman mounts its own graph folder; what it leaves mounted would stay on the machine.
    let _absent = std::process::Command::new("umount")
        .arg(folder.path().join("graph/overlay"))
        .output();
}

#[tokio::test]
async fn a_program_that_is_no_podman_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("podman.sock");
    let error = start_podman(Path::new("/no-such-program"), &socket, &[])
        .await
        .unwrap_err();
    assert_eq!(error.code(), "engine_podman_start", "{error:?}");
    let error = start_podman(Path::new("/bin/ls"), &socket, &[])
        .await
        .unwrap_err();
    assert_eq!(error.code(), "engine_podman_service", "{error:?}");
    assert!(error.to_string().contains("--time"), "{error}");
}
