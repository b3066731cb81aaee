//! Bounded memory, and files that the user may not read.

use crate::program::Program;
use labwright_testbed::archives::{Compression, RootFs, xz_bomb};
use labwright_testbed::servers::{HungEngine, Upload};
use labwright_testbed::{Engine, Kind};
use rustix::process::Signal;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

/// What the program may ever have in memory, in KiB.
const LIMIT: u64 = 256 << 10;

#[test]
fn memory_does_not_grow_with_the_archive() {
    let engine = Engine::private(Kind::Podman);
    let program = Program::for_engine(&engine);
    let bomb = program.folder.path().join("bomb-1.tar.xz");
    xz_bomb(File::create(&bomb).unwrap(), 8 << 30).unwrap();
    let mut running = program.import(&bomb, &[]);
    running.wait_until_it_sends();
    thread::sleep(Duration::from_secs(3));
    let peak = running.peak_memory();
    running.signal(Signal::INT);
    assert_eq!(running.end().0, Some(3));
    assert!((1..LIMIT).contains(&peak), "{peak} KiB for a bomb of 8 GiB");
}

#[test]
fn large_blocks_are_decoded_in_bounded_memory() {
    let engine = Engine::private(Kind::Containerd);
    let program = Program::for_engine(&engine);
    let root = RootFs::tiny().marker("blocks").padding(150 << 20);
    for (name, block_size) in [
        ("blocks-1.tar.xz", 24 << 20),
        ("blocks-2.tar.xz", 128 << 20),
    ] {
        let path = program.file(
            name,
            &Compression::Xz {
                block_size,
                threads: 2,
            }
            .compress(&root.tar()),
        );
        let mut running = program.import(&path, &[]);
        let mut peak = 0;
        while let Some(event) = running.event() {
            if event["change"]["type"] != "finished" {
                peak = peak.max(running.peak_memory());
            }
        }
        assert_eq!(running.end().0, Some(0));
        assert!((1..LIMIT).contains(&peak), "{peak} KiB for {name}");
    }
}

/// Root may read everything, so the program runs as nobody here.
#[test]
fn a_file_that_may_not_be_read_is_named() {
    let engine = HungEngine::start(Upload::NeverAnswers);
    let everyone =
        |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    everyone(engine.socket().parent().unwrap(), 0o755);
    everyone(engine.socket(), 0o777);
    let program = Program::for_address(&engine.address());
    everyone(program.folder.path(), 0o777);
    let copy = program.folder.path().join("lw");
    fs::copy(env!("CARGO_BIN_EXE_lw"), &copy).unwrap();
    let secret = program.file("secret-1.tar", &RootFs::tiny().tar());
    everyone(&secret, 0o000);
    let plain = program.command_of(&copy, &["import", secret.to_str().unwrap()]);
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(plain.get_program())
        .args(plain.get_args());
    command.envs(
        plain
            .get_envs()
            .filter_map(|(key, value)| value.map(|value| (key, value))),
    );
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("secret-1.tar") && said.contains("Permission denied"),
        "{said}"
    );
}
