//! One request through a gate: passed on, or answered by the gate.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;

use super::fault::Reply;
use super::gate::State;
use crate::servers::Request;

/// Headers of one connection, which are not the other one's.
const OF_THE_CONNECTION: [&str; 4] = ["connection", "keep-alive", "proxy-connection", "expect"];

/// The head of an answer.
struct Head {
    status: u16,
    /// Without the headers of the connection, and with the empty line.
    text: String,
    framed: bool,
}

/// Answers in the registry's place. True if the connection can be used again.
pub(super) fn answer(
    request: &Request,
    reader: &mut impl BufRead,
    mut client: &TcpStream,
    reply: &Reply,
) -> io::Result<bool> {
    request.read_body(reader, |_| true)?;
    let (status, length) = (reply.status, reply.body.len());
    let head: String = fields(&reply.headers).collect();
    write!(
        client,
        "HTTP/1.1 {status} Fault\r\n{head}Content-Length: {length}\r\n\r\n"
    )?;
    if request.method != "HEAD" {
        client.write_all(reply.body.as_bytes())?;
    }
    Ok(true)
}

/// Passes the request to the registry and its answer back; breaks all connections after `cut_after` bytes of the body.
/// True if the client's connection can be used again.
pub(super) fn pass_on(
    request: &Request,
    reader: &mut impl BufRead,
    client: &TcpStream,
    state: &State,
    cut_after: Option<u64>,
) -> io::Result<bool> {
    let registry = TcpStream::connect(&state.registry)?;
    let _slower_otherwise = registry.set_nodelay(true);
    state.keep(&registry);
    ask(request, reader, client, &registry)?;
    let mut answer = BufReader::with_capacity(64 << 10, &registry);
    let head = loop {
        let head = Head::read(&mut answer)?;
        if head.status >= 200 {
            break head;
        }
    };
    let mut client = client;
    client.write_all(head.text.as_bytes())?;
    let cut = send_body(&mut answer, client, state, cut_after)?;
    Ok(!cut && (head.framed || request.method == "HEAD"))
}

fn ask(
    request: &Request,
    reader: &mut impl BufRead,
    mut client: &TcpStream,
    mut registry: &TcpStream,
) -> io::Result<()> {
    let passed = request.headers.iter();
    let passed = passed.filter(|(name, _)| !OF_THE_CONNECTION.contains(&name.as_str()));
    let fields: String = fields(passed).collect();
    // The end of the answer is then the end of the connection, however it is framed.
    let (method, target) = (&request.method, &request.target);
    let head = format!("{method} {target} HTTP/1.1\r\n{fields}connection: close\r\n\r\n");
    registry.write_all(head.as_bytes())?;
    if request.header("expect").is_some() {
        client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let mut written = Ok(());
    request.read_body(reader, |part| {
        written = send_part(registry, part, request.is_chunked());
        written.is_ok()
    })?;
    // A registry that refuses does so before it has read everything.
    if written.is_ok() && request.is_chunked() {
        let _refused = registry.write_all(b"0\r\n\r\n");
    }
    Ok(())
}

/// Headers as they are sent.
fn fields<'a>(
    headers: impl IntoIterator<Item = &'a (String, String)>,
) -> impl Iterator<Item = String> {
    let headers = headers.into_iter();
    headers.map(|(name, value)| format!("{name}: {value}\r\n"))
}

fn send_part(mut registry: &TcpStream, part: &[u8], chunked: bool) -> io::Result<()> {
    if !chunked {
        return registry.write_all(part);
    }
    write!(registry, "{:x}\r\n", part.len())?;
    registry.write_all(part)?;
    registry.write_all(b"\r\n")
}

impl Head {
    fn read(answer: &mut impl BufRead) -> io::Result<Self> {
        let mut head = Self {
            status: 0,
            text: String::new(),
            framed: false,
        };
        loop {
            let mut line = String::new();
            if answer.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if head.text.is_empty() {
                let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
                head.status = status.ok_or(io::ErrorKind::InvalidData)?;
            }
            head.add(&line);
            if line.trim_end().is_empty() {
                return Ok(head);
            }
        }
    }

    fn add(&mut self, line: &str) {
        let name = line.split(':').next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        if OF_THE_CONNECTION.contains(&name.as_str()) {
            return;
        }
        self.framed |= ["content-length", "transfer-encoding"].contains(&name.as_str())
            || matches!(self.status, 204 | 304);
        self.text += line;
    }
}

/// Sends what is left of the answer at the gate's pace. True if it was cut.
fn send_body(
    answer: &mut impl Read,
    mut client: &TcpStream,
    state: &State,
    cut_after: Option<u64>,
) -> io::Result<bool> {
    let mut buffer = vec![0; 64 << 10];
    let mut left = cut_after.unwrap_or(u64::MAX);
    loop {
        if left == 0 {
            state.cut();
            return Ok(true);
        }
        let wanted = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = answer.read(&mut buffer[..wanted])?;
        if count == 0 {
            return Ok(false);
        }
        let mut done = 0;
        while done < count {
            let now = state.flow.take(count - done);
            client.write_all(&buffer[done..done + now])?;
            done += now;
            state.sent.fetch_add(now as u64, Ordering::Relaxed);
        }
        left -= count as u64;
    }
}
