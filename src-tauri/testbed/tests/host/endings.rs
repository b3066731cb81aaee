//! Nothing outlives its owner, however that ends.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use labwright_testbed::host::{Host, Repositories};

use crate::{start_sleeper, wait_for};

/// Set in the process that is killed.
const KILLED: &str = "LABWRIGHT_TESTBED_HOST_IS_KILLED";

#[test]
fn everything_ends_with_a_test_that_is_killed() {
    if env::var_os(KILLED).is_some() {
        run_until_killed();
    }
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "endings::everything_ends_with_a_test_that_is_killed",
        ])
        .args(["--nocapture", "--test-threads=1"])
        .env(KILLED, "yes")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let started: Vec<u16> = output
        .lines()
        .map(Result::unwrap)
        .find_map(|line| Some(line.strip_prefix("STARTED ")?.to_owned()))
        .unwrap()
        .split(' ')
        .map(|port| port.parse().unwrap())
        .collect();
    assert_eq!(started.len(), 2);
    let prefix = format!("labwright-testbed-{}-", child.id());
    assert!(processes_naming(&prefix) > 0);
    child.kill().unwrap();
    child.wait().unwrap();
    wait_for(|| processes_naming(&prefix) == 0);
    for port in started {
        TcpStream::connect(("127.0.0.1", port)).unwrap_err();
    }
    // The folders go when the next one is made.
    drop(Host::start());
    let left = fs::read_dir("/var/tmp").unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|name| name.starts_with(&prefix)).count(), 0);
}

fn run_until_killed() -> ! {
    let host = Host::builder().small_folder(1 << 20).start();
    let repositories = Repositories::start();
    start_sleeper(&host);
    println!("\nSTARTED {} {}", host.port(), repositories.port());
    loop {
        thread::park();
    }
}

/// How many processes there are whose command line names this, or that run where a mount does.
fn processes_naming(name: &str) -> usize {
    let own = fs::read_link("/proc/self/ns/mnt").unwrap();
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let found = entries.filter(|entry| {
        let read = |file| fs::read(entry.path().join(file)).unwrap_or_default();
        let elsewhere = fs::read_link(entry.path().join("ns/mnt")).is_ok_and(|other| other != own);
        let names = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).contains(name);
        names(read("cmdline")) || (elsewhere && names(read("mountinfo")))
    });
    found.count()
}

#[test]
fn a_dropped_host_leaves_nothing_behind() {
    let begun = Instant::now();
    let host = Host::start();
    println!("a host answers after {:?}", begun.elapsed());
    let folder = host.home().ancestors().nth(2).unwrap().to_owned();
    assert!(processes_naming(folder.to_str().unwrap()) > 0);
    drop(host);
    assert_eq!(processes_naming(folder.to_str().unwrap()), 0);
    assert!(!folder.exists());
}
