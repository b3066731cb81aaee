//! Reaching a host: keys, what it has, and every way in which it cannot be reached.

use std::fs;
use std::time::Duration;

use labwright_remote::ssh::Target;
use labwright_testbed::host::{Host, Wire};

use crate::bench::Bench;

#[tokio::test(flavor = "multi_thread")]
async fn a_host_tells_what_it_has() {
    let bench = Bench::new(Host::start());
    let tested = bench.access().test().await.unwrap();
    let facts = &tested.facts;
    assert_eq!(facts.user, bench.host.user());
    assert_eq!(facts.home, bench.host.home().to_str().unwrap());
    assert!(facts.home_writable && facts.setsid && !facts.systemd);
    assert!(facts.git.is_some() && facts.python.is_some());
    assert!(facts.system.contains("Debian"), "{facts:?}");
    let sockets = fs::read_dir(bench.folder.path().join("ssh")).unwrap();
    tokio::time::timeout(Duration::from_secs(5), async {
        while fs::read_dir(bench.folder.path().join("ssh"))
            .unwrap()
            .count()
            > 0
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("no socket is left");
    drop(sockets);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_is_shown_and_accepted_only_as_it_was_shown() {
    let bench = Bench::of_a_stranger(Host::start());
    let access = bench.access();
    assert_eq!(access.test().await.unwrap_err().code(), "host_key_unknown");
    let key = access.unknown_key().await.unwrap();
    assert_eq!(key.algorithm, "ED25519");
    assert_eq!(key.fingerprint, bench.host.fingerprint());
    let nothing = fs::read_to_string(bench.host.known_hosts()).unwrap_or_default();
    assert_eq!(nothing, "", "asking accepts nothing");

    let other = access.accept_key("SHA256:other").await.unwrap_err();
    assert_eq!(other.code(), "host_key_changed");
    access.accept_key(&key.fingerprint).await.unwrap();
    access.test().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_key_is_refused_and_cannot_be_accepted() {
    let bench = Bench::new(Host::start());
    bench.access().test().await.unwrap();
    bench.host.change_key();
    let error = bench.access().test().await.unwrap_err();
    assert_eq!(error.code(), "host_key_changed");
    let hints = error.hints().join(" ");
    assert!(hints.contains("ssh-keygen -R"), "{hints}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_says_why() {
    let bench = Bench::new(Host::start());
    let with = |change: &dyn Fn(&mut Target)| {
        let mut access = bench.access();
        change(&mut access.target);
        access
    };
    let code = async |access: labwright_remote::Access| {
        let error = access.test().await.unwrap_err();
        assert!(!error.hints().is_empty());
        error.code()
    };
    let unresolved = Target::new("no-such-host.invalid", None).unwrap();
    let stranger = with(&|target| target.clone_from(&unresolved));
    assert_eq!(code(stranger).await, "host_unreachable");
    let wrong_key = bench.folder.path().join("wrong");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&wrong_key)
        .status();
    assert!(made.unwrap().success());
    let text = fs::read_to_string(bench.host.ssh_config()).unwrap();
    let identity = bench.host.identity().display().to_string();
    let config = bench.folder.path().join("wrong.config");
    fs::write(
        &config,
        text.replace(&identity, wrong_key.to_str().unwrap()),
    )
    .unwrap();
    let denied = with(&|target| target.config = Some(config.clone()));
    assert_eq!(code(denied).await, "host_denied");
    let damaged = bench.folder.path().join("damaged.config");
    fs::write(&damaged, "Nonsense yes\n").unwrap();
    let misread = with(&|target| target.config = Some(damaged.clone()));
    assert_eq!(code(misread).await, "ssh_configuration");
    bench.host.stop();
    assert_eq!(code(bench.access()).await, "host_unreachable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_banner_a_strange_home_and_a_slow_line_are_no_obstacle() {
    let host = Host::builder()
        .home_named("it's $(touch PWNED) \"home\"")
        .bash_rc("echo Welcome; echo 'exit 1'; echo 'lost it' >&2; printf 'no line end'")
        .start();
    let bench = Bench::new(host);
    let wire = Wire::to(bench.host.port());
    wire.delay(Duration::from_millis(100));
    let tested = bench.access_through(&wire).test().await.unwrap();
    assert!(tested.round_trip >= Duration::from_millis(200));
    assert_eq!(tested.facts.home, bench.host.home().to_str().unwrap());
    assert!(!bench.host.home().join("PWNED").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_a_shell_is_no_host() {
    let bench = Bench::new(Host::builder().shell("/usr/sbin/nologin").start());
    let error = bench.access().test().await.unwrap_err();
    assert_eq!(error.code(), "host_no_shell");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_cannot_be_written_and_missing_programs_are_told() {
    let host = Host::builder()
        .read_only_home()
        .without(&["git", "python", "docker", "podman"])
        .start();
    let facts = Bench::new(host).access().test().await.unwrap().facts;
    assert!(!facts.home_writable);
    assert_eq!((facts.git, facts.python, facts.engine), (None, None, None));
}
