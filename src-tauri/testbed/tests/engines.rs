//! The engines start, run containers, survive a crash with their images, and leave nothing behind.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed step is a failed test; the start times are for the reader of the log"
)]

#[macro_use]
mod each_engine;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::archives::RootFs;
use labwright_testbed::{Engine, Kind};

const COMMAND: [&str; 3] = ["/bin/sh", "-c", "cat /etc/marker"];

fn import(engine: &Engine, name: &str, marker: &str) {
    let file = engine.temporary_folder().join("import.tar");
    fs::write(&file, RootFs::tiny().marker(marker).tar()).unwrap();
    engine.exec_cli(&["import", file.to_str().unwrap(), name]);
    fs::remove_file(file).unwrap();
}

/// The name `import` gave, as the engine lists it.
fn listed(kind: Kind, name: &str) -> String {
    if kind == Kind::Podman {
        format!("localhost/{name}")
    } else {
        name.to_owned()
    }
}

fn runs_an_imported_system(kind: Kind) {
    let begun = Instant::now();
    let engine = Engine::private(kind);
    eprintln!("{kind}: answers after {} ms", begun.elapsed().as_millis());
    import(&engine, "tiny:1", "it runs\n");
    assert_eq!(engine.images(), [listed(kind, "tiny:1")]);
    assert!(engine.image_id("tiny:1").unwrap().starts_with("sha256:"));
    assert_eq!(engine.image_id("other:1"), None);
    assert_eq!(engine.run("tiny:1", &COMMAND), "it runs\n");
    let missing = engine
        .try_cli(&["image", "inspect", "other:1"])
        .unwrap_err();
    assert!(missing.contains("other:1"), "{missing}");
}

fn keeps_images_over_a_crash_and_a_restart(kind: Kind) {
    let engine = Engine::private(kind);
    import(&engine, "tiny:1", "still here\n");
    let id = engine.image_id("tiny:1");
    engine.kill();
    assert!(!engine.answers());
    engine.start();
    assert_eq!(engine.image_id("tiny:1"), id);
    engine.restart();
    assert_eq!(engine.run("tiny:1", &COMMAND), "still here\n");
}

fn leaves_nothing_behind(kind: Kind) {
    let panicked = thread::spawn(move || {
        let engine = Engine::private(kind);
        import(&engine, "tiny:1", "gone\n");
        engine.exec_cli(&[
            "run",
            "--detach",
            "--network",
            "none",
            "tiny:1",
            "/bin/sleep",
            "600",
        ]);
        let folder = engine.socket().parent().unwrap().to_owned();
        assert!(!processes_of(&folder).is_empty());
        std::panic::panic_any(folder);
    });
    let folder = *panicked
        .join()
        .unwrap_err()
        .downcast::<PathBuf>()
        .expect("the panic carries the folder");
    assert_nothing_left(&folder);
}

fn small_disk_is_full_at_its_size(kind: Kind) {
    let engine = Engine::with_small_disk(kind, 48 << 20);
    let file = engine.temporary_folder().join("import.tar");
    fs::write(&file, RootFs::tiny().padding(100 << 20).tar()).unwrap();
    let message = engine
        .try_cli(&["import", file.to_str().unwrap(), "large:1"])
        .unwrap_err();
    assert!(message.contains("no space left on device"), "{message}");
    let folder = engine.socket().parent().unwrap().to_owned();
    drop(engine);
    assert_nothing_left(&folder);
}

#[track_caller]
fn assert_nothing_left(folder: &Path) {
    let folder_name = folder.file_name().unwrap().to_str().unwrap();
    assert_eq!(processes_of(folder), Vec::<String>::new());
    assert!(!folder.exists(), "{} is still there", folder.display());
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    assert!(!mounts.contains(folder_name), "{mounts}");
    for hierarchy in fs::read_dir("/sys/fs/cgroup").unwrap() {
        let group = hierarchy.unwrap().path().join(folder_name);
        assert!(!group.exists(), "{} is still there", group.display());
    }
}

/// The command lines of the processes that name the folder, or run in a namespace whose mounts do.
fn processes_of(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let own = fs::read_link("/proc/self/ns/mnt").unwrap();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(command) = fs::read_to_string(entry.path().join("cmdline")) else {
            continue;
        };
        let elsewhere =
            fs::read_link(entry.path().join("ns/mnt")).is_ok_and(|namespace| namespace != own);
        let mounts = fs::read_to_string(entry.path().join("mounts")).unwrap_or_default();
        if command.contains(name) || (elsewhere && mounts.contains(name)) {
            found.push(command.replace('\0', " "));
        }
    }
    found
}

on_each_engine!(
    runs_an_imported_system,
    keeps_images_over_a_crash_and_a_restart,
    leaves_nothing_behind,
    small_disk_is_full_at_its_size
);

#[test]
fn a_dead_owners_folder_is_removed_at_the_next_start() {
    // No process has this number: Linux's highest is 4194304.
    let stale = Path::new("/var/tmp/labwright-testbed-4999999-0");
    fs::create_dir_all(stale.join("data")).unwrap();
    let _engine = Engine::private(Kind::Podman);
    assert!(!stale.exists());
}

#[test]
fn killing_frees_a_client_that_waits() {
    let engine = Engine::private(Kind::Classic);
    import(&engine, "tiny:1", "x\n");
    thread::scope(|scope| {
        let waiting = scope
            .spawn(|| engine.try_cli(&["run", "--network", "none", "tiny:1", "/bin/sleep", "600"]));
        thread::sleep(Duration::from_millis(500));
        engine.kill();
        assert!(waiting.join().unwrap().is_err());
    });
}
