//! The servers fail exactly as told.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::servers::{HttpServer, HungEngine, Upload};

/// Sends one request and returns head and body of all that comes back.
fn ask(server: &HttpServer, method: &str, headers: &str) -> (String, Vec<u8>) {
    let rest = server.url().strip_prefix("http://").unwrap().to_owned();
    let (address, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n"
    )
    .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap()
        + 4;
    (
        String::from_utf8(answer[..end].to_vec()).unwrap(),
        answer[end..].to_vec(),
    )
}

fn content() -> Vec<u8> {
    (0..200_000_u32)
        .map(|number| number.to_le_bytes()[0])
        .collect()
}

#[test]
fn a_good_server_answers_get_head_and_range() {
    let server = HttpServer::serve(content());
    let (head, body) = ask(&server, "GET", "");
    assert!(
        head.starts_with("HTTP/1.1 200 ") && head.contains("Content-Length: 200000\r\n"),
        "{head}"
    );
    assert!(body == content());
    assert!(ask(&server, "HEAD", "").1.is_empty());
    let (head, body) = ask(&server, "GET", "Range: bytes=199990-\r\n");
    assert!(
        head.contains("206 ") && head.contains("Content-Range: bytes 199990-199999/200000\r\n"),
        "{head}"
    );
    assert!(body == content()[199_990..]);
    assert!(
        ask(&server, "GET", "Range: bytes=200000-\r\n")
            .0
            .contains("416 ")
    );
    assert_eq!(server.requests().len(), 4);
    assert_eq!(server.requests()[2].range(), Some((199_990, None)));
    assert_eq!(server.bytes_sent(), 200_010);
}

#[test]
fn a_resumed_download_of_another_entity_starts_over() {
    let server = HttpServer::serve(content());
    let resume = "Range: bytes=5-\r\nIf-Range: \"first\"\r\n";
    assert!(ask(&server, "GET", resume).0.contains("206 "));
    server.replace("other", "\"second\"");
    let (head, body) = ask(&server, "GET", resume);
    assert!(head.contains("200 "), "{head}");
    assert_eq!(body, b"other");
}

#[test]
fn cut_bodies_end_where_told_and_only_so_often() {
    let server = HttpServer::bytes(content()).cut_times(70_000, 2).start();
    assert_eq!(ask(&server, "GET", "").1.len(), 70_000);
    assert_eq!(
        ask(&server, "GET", "Range: bytes=70000-\r\n").1.len(),
        70_000
    );
    assert_eq!(
        ask(&server, "GET", "Range: bytes=140000-\r\n").1.len(),
        60_000
    );
}

#[test]
fn the_other_faults_are_as_told() {
    let lying = HttpServer::bytes(content()).claimed_length(300_000).start();
    let (head, body) = ask(&lying, "GET", "");
    assert!(
        head.contains("Content-Length: 300000\r\n") && body.len() == 200_000,
        "{head}"
    );

    let chunked = HttpServer::bytes("abc").chunked().start();
    let (head, body) = ask(&chunked, "GET", "");
    assert!(!head.contains("Content-Length"), "{head}");
    assert_eq!(body, b"3\r\nabc\r\n0\r\n\r\n");

    assert!(
        ask(&HttpServer::bytes("").status(403).start(), "GET", "")
            .0
            .contains("403 ")
    );
    let moved = HttpServer::bytes("").redirect_to(&chunked.url()).start();
    assert!(
        ask(&moved, "GET", "")
            .0
            .contains(&format!("Location: {}\r\n", chunked.url()))
    );
    let whole = HttpServer::bytes(content()).without_ranges().start();
    assert_eq!(
        ask(&whole, "GET", "Range: bytes=70000-\r\n").1.len(),
        200_000
    );
}

#[test]
fn a_slow_server_is_slow() {
    let server = HttpServer::bytes(vec![0; 30_000])
        .bytes_per_second(100_000)
        .start();
    let begun = Instant::now();
    assert_eq!(ask(&server, "GET", "").1.len(), 30_000);
    assert!(
        begun.elapsed() >= Duration::from_millis(250),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_dropped_server_breaks_its_connections() {
    let server = HttpServer::bytes(vec![0; 1 << 20])
        .bytes_per_second(1000)
        .start();
    thread::scope(|scope| {
        let asking = scope.spawn(|| ask(&server, "GET", "").1.len());
        while server.bytes_sent() == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        let address = server
            .url()
            .strip_prefix("http://")
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        assert!(TcpStream::connect(&address).is_ok());
        assert!(!asking.is_finished());
        // What `asking` reads ends only because its connection is closed.
        server.close();
        assert!(asking.join().unwrap() < 1 << 20);
    });
}

fn post(engine: &HungEngine, body: usize) -> UnixStream {
    let mut stream = UnixStream::connect(engine.socket()).unwrap();
    write!(
        stream,
        "POST /v1.41/images/create?fromSrc=- HTTP/1.1\r\nHost: x\r\nContent-Length: {body}\r\n\r\n"
    )
    .unwrap();
    stream
}

fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_hung_engine_answers_questions_on_one_connection() {
    let engine = HungEngine::start(Upload::NeverAnswers);
    let mut stream = UnixStream::connect(engine.socket()).unwrap();
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    write!(
        stream,
        "{}{}{}",
        get("/_ping"),
        get("/v1.41/info"),
        get("/v1.41/images/x/json")
    )
    .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert!(
        answers.contains("OKHTTP/1.1 200")
            && answers.contains("overlay2")
            && answers.contains("404 Not Found")
    );
}

#[test]
fn an_upload_is_read_as_far_as_told_and_its_end_is_seen() {
    let engine = HungEngine::start(Upload::StopsReading(1 << 20));
    let mut stream = post(&engine, 64 << 20);
    stream
        .set_write_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    assert!(
        stream.write_all(&vec![0; 64 << 20]).is_err(),
        "the engine reads on"
    );
    assert!(
        engine.body_bytes() >= 1 << 20 && engine.body_bytes() < 2 << 20,
        "{}",
        engine.body_bytes()
    );
    assert_eq!(engine.uploads_broken_off(), 0);
    drop(stream);
    eventually("the end is seen", || engine.uploads_broken_off() == 1);
}

#[test]
fn a_whole_upload_gets_no_answer_or_a_failure() {
    let engine = HungEngine::start(Upload::NeverAnswers);
    let mut stream = post(&engine, 1 << 20);
    stream.write_all(&vec![0; 1 << 20]).unwrap();
    eventually("all is read", || engine.body_bytes() == 1 << 20);
    stream
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    assert!(stream.read(&mut [0]).is_err(), "the engine answers");
    drop(stream);
    eventually("the end is seen", || engine.uploads_broken_off() == 1);

    let engine = HungEngine::start(Upload::Fails("no space left on device".to_owned()));
    let mut stream = post(&engine, 4);
    stream.write_all(b"abcd").unwrap();
    let mut answer = [0; 300];
    let count = stream.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]);
    assert!(
        answer.contains("500 ") && answer.contains("no space left on device"),
        "{answer}"
    );
}

#[test]
fn a_silent_engine_says_nothing_until_it_goes() {
    let engine = HungEngine::silent();
    let mut stream = UnixStream::connect(engine.socket()).unwrap();
    stream
        .write_all(b"GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    assert!(stream.read(&mut [0]).is_err());
    drop(engine);
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}
