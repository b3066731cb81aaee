//! `lw images copy`: two engines, one program.

use crate::program::Program;
use labwright_testbed::archives::{DockerArchive, RootFs};
use labwright_testbed::{Engine, Kind};
use rustix::process::Signal;
use std::thread;
use std::time::{Duration, Instant};

/// Two engines, and an image of two layers in the first.
fn bench(kinds: [Kind; 2], padding: u64) -> ([Engine; 2], Program) {
    let engines = kinds.map(Engine::private);
    let program = Program::for_engine(&engines[0]);
    let layers = [
        RootFs::tiny().marker("below").padding(padding),
        RootFs::empty().marker("copied"),
    ];
    let archive = DockerArchive::new().image(&["vendor/router:1"], &layers);
    let path = program.file("router.tar", &archive.tar());
    program.succeed(&["import", path.to_str().unwrap(), "--as", "lab/router:1"]);
    (engines, program)
}

fn from_one_to_another(kinds: [Kind; 2]) {
    let ([_from, to], program) = bench(kinds, 1 << 20);
    let address = to.address();
    let arguments = ["images", "copy", "lab/router:1", "--to", &address];
    let (code, last) = program.start(&arguments).end();
    let outcome = last.unwrap()["change"]["outcome"].clone();
    assert_eq!(code, Some(0), "{outcome}");
    let image = &outcome["result"]["images"][0];
    assert_eq!(image["reference"], "lab/router:1");
    assert_eq!(image["already_there"], false);
    let marker = to.run("lab/router:1", &["/bin/cat", "/etc/marker"]);
    assert_eq!(marker.trim(), "copied");

    assert_eq!(
        program.succeed(&[&arguments[..], &["-q"]].concat()),
        "lab/router:1\n"
    );
    let said = program.succeed(&arguments);
    assert!(said.contains("was already in"), "{said}");
}

#[test]
fn classic_to_podman() {
    from_one_to_another([Kind::Classic, Kind::Podman]);
}

#[test]
fn podman_to_containerd() {
    from_one_to_another([Kind::Podman, Kind::Containerd]);
}

#[test]
fn containerd_to_classic() {
    from_one_to_another([Kind::Containerd, Kind::Classic]);
}

#[test]
fn a_copy_is_a_job_that_can_be_stopped_and_done_again() {
    let ([_from, to], program) = bench([Kind::Classic, Kind::Podman], 160 << 20);
    let address = to.address();
    let mut running = program.start(&["images", "copy", "lab/router:1", "--to", &address]);
    running.wait_until_it_sends();
    running.signal(Signal::INT);
    let (code, last) = running.end();
    assert_eq!(code, Some(3), "{last:?}");
    let asked = Instant::now();
    while !to.images().is_empty() {
        assert!(
            asked.elapsed() < Duration::from_secs(20),
            "{:?}",
            to.images()
        );
        thread::sleep(Duration::from_millis(100));
    }
    let jobs = program.jobs();
    let copy = jobs.iter().find(|record| record["job"]["kind"] == "copy");
    let id = copy.unwrap()["job"]["id"].as_str().unwrap().to_owned();
    // The engines are those of the job, whatever is in use now.
    let again = program.succeed(&["jobs", "retry", &id]);
    assert!(again.contains("lab/router:1 is in"), "{again}");
    let marker = to.run("lab/router:1", &["/bin/cat", "/etc/marker"]);
    assert_eq!(marker.trim(), "copied");
}

#[test]
fn an_engine_that_is_not_there_is_named() {
    let (_engines, program) = bench([Kind::Podman, Kind::Podman], 0);
    let nowhere = "unix:///no-such-folder/engine.sock";
    let run = program.run(&["images", "copy", "lab/router:1", "--to", nowhere]);
    let said = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains(nowhere), "{said}");
}
