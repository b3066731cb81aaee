//! Signals, crashes, and two programs at once.

use crate::program::Program;
use labwright_testbed::archives::RootFs;
use labwright_testbed::{Engine, Kind};
use rustix::process::Signal;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

fn large(program: &Program) -> PathBuf {
    program.file(
        "large-1.tar",
        &RootFs::tiny().marker("large").padding(160 << 20).tar(),
    )
}

/// An engine may need a while to notice that its client is gone.
fn nothing_is_left(engine: &Engine) {
    let asked = Instant::now();
    while !engine.images().is_empty() {
        assert!(
            asked.elapsed() < Duration::from_secs(20),
            "{:?}",
            engine.images()
        );
        thread::sleep(Duration::from_millis(100));
    }
}

fn killed(kind: Kind) {
    let engine = Engine::private(kind);
    let program = Program::for_engine(&engine);
    let path = large(&program);
    let mut running = program.import(&path, &[]);
    running.wait_until_it_sends();
    running.signal(Signal::KILL);
    assert_eq!(running.end().0, None, "it was killed");

    let jobs = program.jobs();
    assert_eq!(jobs.len(), 1);
    let text = jobs[0].to_string();
    assert!(text.contains("interrupted"), "{text}");
    nothing_is_left(&engine);

    let id = jobs[0]["job"]["id"].as_str().unwrap();
    program.succeed(&["jobs", "retry", id]);
    assert_eq!(
        engine.run("large:1", &["/bin/cat", "/etc/marker"]).trim(),
        "large"
    );
}

#[test]
fn killed_and_retried_classic() {
    killed(Kind::Classic);
}

#[test]
fn killed_and_retried_containerd() {
    killed(Kind::Containerd);
}

#[test]
fn killed_and_retried_podman() {
    killed(Kind::Podman);
}

#[test]
fn interrupting_cancels_and_leaves_nothing() {
    let engine = Engine::private(Kind::Podman);
    let program = Program::for_engine(&engine);
    let path = large(&program);
    let mut running = program.import(&path, &[]);
    running.wait_until_it_sends();
    running.signal(Signal::INT);
    let (code, last) = running.end();
    let outcome = last.unwrap()["change"]["outcome"].clone();
    assert_eq!(code, Some(3), "{outcome}");
    assert!(outcome.to_string().contains("interrupt"), "{outcome}");
    nothing_is_left(&engine);
}

#[test]
fn a_second_program_follows_the_first() {
    let engine = Engine::private(Kind::Podman);
    let program = Program::for_engine(&engine);
    let path = large(&program);
    let mut first = program.import(&path, &[]);
    first.wait_until_it_sends();
    let second = program.run(&["import", path.to_str().unwrap()]);
    assert!(
        second.status.success(),
        "{}",
        String::from_utf8_lossy(&second.stderr)
    );
    assert_eq!(first.end().0, Some(0));
    assert_eq!(program.jobs().len(), 1, "the work was done once");
    assert_eq!(engine.images().len(), 1);
}

#[test]
fn another_program_cancels() {
    let engine = Engine::private(Kind::Podman);
    let program = Program::for_engine(&engine);
    let path = large(&program);
    let mut running = program.import(&path, &[]);
    running.wait_until_it_sends();
    let id = program.jobs()[0]["job"]["id"].as_str().unwrap().to_owned();
    program.succeed(&["jobs", "cancel", &id]);
    assert_eq!(running.end().0, Some(3));
    nothing_is_left(&engine);
}
