//! Slow, narrow, stalled, cut and closed wires.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::host::{Host, Wire};

use crate::{sleepers, ssh, wait_for};

#[test]
fn a_wire_delays_both_ways() {
    let (host, direct) = (Host::start(), Instant::now());
    host.trust();
    ssh(&host.ssh_config(), "true").unwrap();
    let direct = direct.elapsed();
    let wire = Wire::to(host.port());
    wire.delay(Duration::from_millis(100));
    let configuration = host.ssh_config_through(&wire);
    let slow = Instant::now();
    assert_eq!(ssh(&configuration, "echo through").unwrap(), "through\n");
    // Greeting, keys, login and command are more than four round trips.
    assert!(
        slow.elapsed() >= Duration::from_millis(800),
        "{:?} against {direct:?}",
        slow.elapsed()
    );
    assert_eq!(wire.connections(), 1);
    assert!(wire.bytes_up() > 1000 && wire.bytes_down() > 1000);
}

/// A server that sends back what it receives.
fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || std::io::copy(&mut &connection, &mut &connection));
        }
    });
    port
}

fn connect(wire: &Wire) -> TcpStream {
    let connection = TcpStream::connect(("127.0.0.1", wire.port())).unwrap();
    connection
        .set_read_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    connection
}

#[test]
fn a_stalled_wire_holds_bytes_back_and_delivers_them_later() {
    let wire = Wire::to(echo());
    let mut connection = connect(&wire);
    wire.stall();
    connection.write_all(b"late").unwrap();
    let mut answer = [0; 4];
    let waited = connection.read_exact(&mut answer).unwrap_err();
    assert_eq!(waited.kind(), ErrorKind::WouldBlock);
    wire.go_on();
    connection.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"late");
    assert_eq!((wire.bytes_up(), wire.bytes_down()), (4, 4));
}

#[test]
fn a_cut_wire_resets_and_then_takes_new_connections() {
    let wire = Wire::to(echo());
    let mut connection = connect(&wire);
    connection.write_all(b"x").unwrap();
    connection.read_exact(&mut [0]).unwrap();
    wire.cut();
    let reset = connection.read(&mut [0]).unwrap_err();
    assert_eq!(reset.kind(), ErrorKind::ConnectionReset);
    connect(&wire).write_all(b"y").unwrap();
    wait_for(|| wire.bytes_up() == 2);
}

#[test]
fn a_wire_refuses_until_it_accepts() {
    let wire = Wire::to(echo());
    let mut open = connect(&wire);
    wire.refuse();
    let refused = TcpStream::connect(("127.0.0.1", wire.port())).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    open.write_all(b"x").unwrap();
    open.read_exact(&mut [0]).unwrap();
    wire.accept();
    connect(&wire);
}

#[test]
fn a_narrow_wire_takes_its_time() {
    let wire = Wire::to(echo());
    wire.bytes_per_second(Some(100_000));
    let mut connection = connect(&wire);
    let begun = Instant::now();
    connection.write_all(&vec![7; 50_000]).unwrap();
    connection.read_exact(&mut vec![0; 50_000]).unwrap();
    assert!(
        begun.elapsed() >= Duration::from_millis(450),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn cutting_the_wire_ends_a_login_and_not_what_it_started() {
    let host = Host::start();
    host.trust();
    let wire = Wire::to(host.port());
    let configuration = host.ssh_config_through(&wire);
    let script = "setsid sleep 4321 </dev/null >/dev/null 2>&1 & sleep 0.1; touch ~/begun; wait";
    thread::scope(|scope| {
        let waiting = scope.spawn(|| ssh(&configuration, script));
        wait_for(|| host.home().join("begun").exists());
        wire.cut();
        let broken = waiting.join().unwrap().unwrap_err();
        let complaints = ["Connection reset", "Broken pipe"];
        assert!(
            complaints.iter().any(|words| broken.contains(words)),
            "{broken}"
        );
    });
    assert_eq!(sleepers(&host), 1);
}
