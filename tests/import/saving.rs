//! `lw images save`: files that are whole or not there, pipes, bounded memory.

use crate::program::Program;
use labwright_testbed::archives::{RootFs, noise};
use labwright_testbed::{Engine, Kind};
use rustix::process::Signal;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

/// What the program may ever have in memory, in KiB.
const LIMIT: u64 = 256 << 10;

/// Brings an image of this size into the engine, as `large:1`.
fn large(program: &Program, bytes: usize) {
    let root = RootFs::tiny()
        .marker("large")
        .file("opt/noise", noise(bytes));
    let path = program.file("large-1.tar", &root.tar());
    program.succeed(&["import", path.to_str().unwrap(), "--quiet"]);
    fs::remove_file(path).unwrap();
}

/// A folder for saved files, with nothing in it.
fn shelf(program: &Program) -> PathBuf {
    let shelf = program.folder.path().join("shelf");
    fs::create_dir_all(&shelf).unwrap();
    shelf
}

/// The names of all files in a folder, hidden ones too.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[test]
fn what_is_saved_is_checked_by_others() {
    let engine = Engine::private(Kind::Classic);
    let program = Program::for_engine(&engine);
    large(&program, 1 << 20);
    let path = shelf(&program).join("large.tar.zst");
    let line = program.succeed(&["images", "save", "large:1", path.to_str().unwrap(), "-q"]);
    let sums = program.file("sums", line.as_bytes());
    let check = Command::new("sha256sum").arg("--check").arg(sums).output();
    assert!(check.unwrap().status.success(), "{line}");

    engine.exec_cli(&["rmi", "large:1"]);
    let plain = path.with_extension("");
    let unpacked = Command::new("zstd").args(["-q", "-d"]).arg(&path).status();
    assert!(unpacked.unwrap().success());
    engine.exec_cli(&["load", "--input", plain.to_str().unwrap()]);
    let marker = engine.run("large:1", &["/bin/cat", "/etc/marker"]);
    assert_eq!(marker.trim(), "large");
}

#[test]
fn nothing_but_the_archive_goes_into_a_pipe() {
    let engine = Engine::private(Kind::Podman);
    let program = Program::for_engine(&engine);
    large(&program, 1 << 20);
    let saved = program.run(&["images", "save", "large:1", "-"]);
    assert!(saved.status.success());
    let path = program.file("piped.tar", &saved.stdout);
    let said = String::from_utf8(saved.stderr).unwrap();
    let sum = Command::new("sha256sum").arg(&path).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    let sum = sum.split_whitespace().next().unwrap();
    assert!(said.contains(&format!("SHA-256 {sum}")), "{said}");
    program.succeed(&["import", path.to_str().unwrap(), "--as", "piped:1"]);
    let marker = engine.run("piped:1", &["/bin/cat", "/etc/marker"]);
    assert_eq!(marker.trim(), "large");

    let json = program.run(&["images", "save", "large:1", "-", "--json"]);
    assert_eq!(json.status.code(), Some(2));
    let shown = String::from_utf8(json.stderr).unwrap();
    assert!(shown.contains("--json"), "{shown}");

    let jobs = program.jobs();
    let save = jobs.iter().find(|record| record["job"]["kind"] == "save");
    let id = save.unwrap()["job"]["id"].as_str().unwrap().to_owned();
    let again = program.run(&["jobs", "retry", &id]);
    let shown = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(1), "{shown}");
    assert!(shown.contains("pipe cannot be done again"), "{shown}");
}

#[test]
fn who_reads_a_pipe_may_leave() {
    let engine = Engine::private(Kind::Podman);
    let program = Program::for_engine(&engine);
    large(&program, 8 << 20);
    let mut command = program.command(&["images", "save", "large:1", "-", "--quiet"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut head = [0; 1000];
    child.stdout.take().unwrap().read_exact(&mut head).unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("Broken pipe"), "{said}");
}

fn memory_is_bounded(kind: Kind) {
    let engine = Engine::private(kind);
    let program = Program::for_engine(&engine);
    large(&program, 320 << 20);
    for name in ["large.tar.zst", "large.tar.gz", "large.tar"] {
        let path = shelf(&program).join(name);
        let mut running = program.start(&["images", "save", "large:1", path.to_str().unwrap()]);
        let mut peak = 0;
        while let Some(event) = running.event() {
            if event["change"]["type"] != "finished" {
                peak = peak.max(running.peak_memory());
            }
        }
        assert_eq!(running.end().0, Some(0), "{name}");
        assert!(path.metadata().unwrap().len() > 300 << 20, "{name}");
        assert!(peak > 0 && peak < LIMIT, "{peak} KiB for {name}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn memory_does_not_grow_with_the_image_classic() {
    memory_is_bounded(Kind::Classic);
}

#[test]
fn memory_does_not_grow_with_the_image_containerd() {
    memory_is_bounded(Kind::Containerd);
}

#[test]
fn interrupting_leaves_no_file() {
    let engine = Engine::private(Kind::Containerd);
    let program = Program::for_engine(&engine);
    large(&program, 160 << 20);
    let path = shelf(&program).join("large.tar.gz");
    for (signal, by) in [(Signal::INT, "interrupt"), (Signal::TERM, "shutdown")] {
        let mut running = program.start(&["images", "save", "large:1", path.to_str().unwrap()]);
        running.wait_until_it_sends();
        assert_eq!(files(&shelf(&program)).len(), 1, "a hidden one");
        running.signal(signal);
        let (code, last) = running.end();
        let outcome = last.unwrap()["change"]["outcome"].clone();
        assert_eq!(code, Some(3), "{outcome}");
        assert_eq!(outcome["by"], by);
        assert_eq!(files(&shelf(&program)), Vec::<String>::new());
    }
}

/// What a program that was killed could not remove, the next save removes.
#[test]
fn killed_and_retried() {
    let engine = Engine::private(Kind::Containerd);
    let program = Program::for_engine(&engine);
    large(&program, 160 << 20);
    let path = shelf(&program).join("large.tar.gz");
    let mut running = program.start(&["images", "save", "large:1", path.to_str().unwrap()]);
    running.wait_until_it_sends();
    running.signal(Signal::KILL);
    assert_eq!(running.end().0, None, "it was killed");
    let left = files(&shelf(&program));
    assert!(left.len() == 1 && left[0].starts_with('.'), "{left:?}");
    // A file that was just begun is not taken for left.
    let file = fs::File::options()
        .write(true)
        .open(path.with_file_name(&left[0]));
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    file.unwrap().set_modified(long_ago).unwrap();

    let jobs = program.jobs();
    let save = jobs.iter().find(|record| record["job"]["kind"] == "save");
    let id = save.unwrap()["job"]["id"].as_str().unwrap().to_owned();
    program.succeed(&["jobs", "retry", &id]);
    assert_eq!(files(&shelf(&program)), ["large.tar.gz"]);
}

#[test]
fn a_second_program_follows_the_first() {
    let engine = Engine::private(Kind::Containerd);
    let program = Program::for_engine(&engine);
    large(&program, 64 << 20);
    let path = shelf(&program).join("large.tar.gz");
    let arguments = ["images", "save", "large:1", path.to_str().unwrap()];
    let mut first = program.start(&arguments);
    first.wait_until_it_sends();
    program.succeed(&arguments);
    assert_eq!(first.end().0, Some(0));
    let saves = program.jobs();
    let saves = saves
        .iter()
        .filter(|record| record["job"]["kind"] == "save");
    assert_eq!(saves.count(), 1, "the work was done once");
}
