//! `lw pull`, `lw login` and `lw logout`: a real registry, a real keyring, signals and crashes.

use crate::program::{Program, Running};
use labwright_testbed::archives::{Compression, RootFs};
use labwright_testbed::{Engine, Gate, Keyring, Kind, Registry, RegistryImage};
use rustix::process::Signal;
use std::io::Write;
use std::process::Stdio;

const MIB: u64 = 1 << 20;

/// An engine, a registry behind a gate, and `lw` for both.
struct Bench {
    engine: Engine,
    registry: Registry,
    gate: Gate,
    program: Program,
}

impl Bench {
    fn before(kind: Kind, registry: Registry) -> Self {
        let gate = Gate::before(&registry);
        let engine = Engine::trusting(kind, &[&gate.address()]);
        let program = Program::for_engine(&engine);
        Self {
            engine,
            registry,
            gate,
            program,
        }
    }

    /// Puts an image into the registry, and says its name.
    fn image(&self, name: &str) -> String {
        let image = RegistryImage::new(name, "1").compression(Compression::None);
        let first = RootFs::tiny().marker(name).padding(4 * MIB);
        let image = image.layer(&first);
        image
            .layer(&RootFs::empty().padding(12 * MIB))
            .push(&self.registry);
        self.gate.reference(&format!("{name}:1"))
    }

    /// Starts a pull over a slow line, and waits until bytes come.
    fn slow_pull(&self, reference: &str) -> Running {
        self.gate.bytes_per_second(Some(4 * MIB));
        let mut running = self.program.start(&["pull", reference]);
        running.wait_until_it_sends();
        running
    }

    fn marker(&self, reference: &str) -> String {
        let said = self.engine.run(reference, &["/bin/cat", "/etc/marker"]);
        said.trim().to_owned()
    }
}

#[test]
fn a_pull_prints_its_events_and_what_it_brought() {
    let bench = Bench::before(Kind::Podman, Registry::open());
    let reference = bench.image("net/router");
    let (code, last) = bench.program.start(&["pull", &reference]).end();
    let change = last.unwrap()["change"].clone();
    assert_eq!((code, &change["type"]), (Some(0), &"finished".into()));
    assert_eq!(change["outcome"]["result"]["layers"], 2);
    assert_eq!(bench.marker(&reference), "net/router");
    let again = bench.program.succeed(&["pull", &reference, "--quiet"]);
    assert_eq!(again.trim(), reference);
    let listed = bench.program.succeed(&["images"]);
    assert!(
        listed.contains(&bench.gate.address()),
        "its registry is its source: {listed}"
    );
}

#[test]
fn a_second_program_joins_the_pull_that_runs() {
    let bench = Bench::before(Kind::Classic, Registry::open());
    let reference = bench.image("net/joined");
    let first = bench.slow_pull(&reference);
    let second = bench.program.succeed(&["pull", &reference]);
    assert!(second.contains(&reference), "{second}");
    assert_eq!(first.end().0, Some(0));
    assert_eq!(bench.program.jobs().len(), 1);
}

#[test]
fn a_pull_can_be_interrupted_and_killed_and_done_again() {
    let bench = Bench::before(Kind::Classic, Registry::open());
    let reference = bench.image("net/killed");
    let running = bench.slow_pull(&reference);
    running.signal(Signal::INT);
    assert_eq!(running.end().0, Some(3));

    let running = bench.slow_pull(&reference);
    running.signal(Signal::KILL);
    assert_eq!(running.end().0, None);
    assert!(bench.engine.images().is_empty());
    let jobs = bench.program.jobs();
    let newest = &jobs[0]["job"];
    assert_eq!(
        newest["outcome"]["error"]["code"], "interrupted",
        "{newest}"
    );

    bench.gate.bytes_per_second(None);
    bench
        .program
        .succeed(&["jobs", "retry", newest["id"].as_str().unwrap()]);
    assert_eq!(bench.marker(&reference), "net/killed");
}

#[test]
fn a_login_is_kept_in_the_keyring_and_forgotten() {
    let bench = Bench::before(Kind::Classic, Registry::with_password("lab", "s3cret"));
    let keyring = Keyring::unlocked();
    let reference = bench.image("net/private");
    let address = bench.gate.address();
    let run = |arguments: &[&str], typed: &str| {
        let mut command = bench.program.command(arguments);
        command
            .env("DBUS_SESSION_BUS_ADDRESS", keyring.address())
            .env("DOCKER_CONFIG", bench.program.folder.path())
            .stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(typed.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    };
    let login = ["login", &address, "--username", "lab", "--password-stdin"];

    let (code, said) = run(&["pull", &reference], "");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&format!("lw login {address}")), "{said}");
    let (code, said) = run(&login, "wrong\n");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("refused the login of lab"), "{said}");
    assert_eq!(run(&login, "s3cret\n").0, Some(0));
    assert_eq!(run(&["pull", &reference], "").0, Some(0));
    assert_eq!(run(&["logout", &address], "").0, Some(0));
    assert_eq!(run(&["pull", &reference], "").0, Some(1));

    let history = std::fs::read(bench.program.folder.path().join("data/history.sqlite3")).unwrap();
    let secret = b"s3cret".as_slice();
    assert!(!history.windows(secret.len()).any(|part| part == secret));
}

#[test]
fn without_a_keyring_a_login_says_what_to_do() {
    let registry = Registry::with_password("lab", "s3cret");
    let bench = Bench::before(Kind::Classic, registry);
    let keyring = Keyring::absent();
    let mut command = bench.program.command(&[
        "login",
        &bench.gate.address(),
        "--username",
        "lab",
        "--password-stdin",
    ]);
    command
        .env("DBUS_SESSION_BUS_ADDRESS", keyring.address())
        .stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"s3cret").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("docker login"), "{said}");
}
