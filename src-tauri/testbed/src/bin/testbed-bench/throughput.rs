//! What TCP brings from one network namespace to another.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// How long is sent.
const TIME: Duration = Duration::from_secs(3);
const PORT: u16 = 5201;
const PIECE: usize = 128 << 10;

/// Gigabits in a second from the first process's namespace to an address in the second's.
pub(crate) fn between([from, to]: [u32; 2], address: &str) -> f64 {
    let (ready, is_ready) = mpsc::channel();
    let receiving = thread::spawn(move || {
        enter(to);
        let listener = TcpListener::bind(("0.0.0.0", PORT)).expect("the port is free there");
        ready.send(()).expect("somebody waits");
        let (mut stream, _) = listener.accept().expect("somebody connects");
        let mut buffer = vec![0; PIECE];
        let (begun, mut bytes) = (Instant::now(), 0_u64);
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            bytes += read as u64;
        }
        gigabits(bytes, begun.elapsed())
    });
    is_ready.recv().expect("the other side listens");
    let address = address.to_owned();
    let sending = thread::spawn(move || {
        enter(from);
        let mut stream = TcpStream::connect((address, PORT)).expect("the other side is reached");
        let buffer = vec![0; PIECE];
        let begun = Instant::now();
        while begun.elapsed() < TIME {
            stream.write_all(&buffer).expect("the other side reads");
        }
    });
    sending.join().expect("sending does not panic");
    receiving.join().expect("receiving does not panic")
}

#[expect(clippy::cast_precision_loss, reason = "a measurement is no more exact")]
fn gigabits(bytes: u64, time: Duration) -> f64 {
    bytes as f64 * 8.0 / 1e9 / time.as_secs_f64()
}

/// The calling thread enters the network namespace of a process.
fn enter(pid: u32) {
    let namespace = File::open(format!("/proc/{pid}/ns/net")).expect("the process lives");
    move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))
        .expect("root may enter it");
}

/// Two network namespaces with a pair of interfaces between them, of the size that a lab's links have and, as theirs,
/// without checksums left to the interface. They go when it is dropped.
pub(crate) struct DirectPair {
    children: [Child; 2],
}

impl DirectPair {
    pub(crate) fn new() -> Self {
        let pair = Self {
            children: [(); 2].map(|()| sleeper()),
        };
        let [a, b] = pair.pids().map(|pid| pid.to_string());
        ip(&[
            "link", "add", "direct0", "netns", &a, "type", "veth", "peer", "name", "direct1",
            "netns", &b,
        ]);
        for (pid, name, address) in [
            (&a, "direct0", "10.9.1.1/24"),
            (&b, "direct1", "10.9.1.2/24"),
        ] {
            inside(pid, &["ip", "addr", "add", address, "dev", name]);
            inside(pid, &["ip", "link", "set", name, "mtu", "9500", "up"]);
            inside(pid, &["ethtool", "--offload", name, "tx", "off"]);
        }
        pair
    }

    pub(crate) fn pids(&self) -> [u32; 2] {
        [self.children[0].id(), self.children[1].id()]
    }
}

impl Drop for DirectPair {
    fn drop(&mut self) {
        for child in &mut self.children {
            // It may have ended by itself.
            let _ended = child.kill();
            let _waited = child.wait();
        }
    }
}

/// A process in a network namespace of its own, as soon as it is in there.
fn sleeper() -> Child {
    let mut child = Command::new("unshare")
        .args(["--net", "sh", "-c", "echo there; exec sleep 1000000"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("unshare is there");
    let mut there = [0; 6];
    let stdout = child.stdout.as_mut().expect("it was asked for");
    stdout.read_exact(&mut there).expect("it starts");
    child
}

fn ip(arguments: &[&str]) {
    let status = Command::new("ip").args(arguments).status();
    assert!(status.expect("ip is there").success(), "{arguments:?}");
}

fn inside(pid: &str, arguments: &[&str]) {
    let status = Command::new("nsenter")
        .args(["--net", "--target", pid])
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("nsenter is there").success(), "{arguments:?}");
}
