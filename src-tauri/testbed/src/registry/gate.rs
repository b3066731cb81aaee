//! What stands between an engine and a registry: a proxy that is slow, breaks, or answers itself.

use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::exchange::{answer, pass_on};
use super::fault::{Effect, Fault, Rules};
use super::flow::Flow;
use super::server::Registry;
use crate::servers::{Request, wait_until_broken_off};

/// What a connection begins with that speaks TLS.
const TLS_HANDSHAKE: u8 = 0x16;

/// A proxy on a port of 127.0.0.1 of its own, in front of a registry without TLS. Dropping it closes its port and its
/// connections.
///
/// The registry sees the gate's address as its own name, so that the addresses it sends clients to lead through the
/// gate too. While the registry is killed, the gate's connections break without an answer.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) registry: String,
    pub(super) flow: Flow,
    pub(super) sent: AtomicU64,
    rules: Mutex<Rules>,
    requests: Mutex<Vec<Request>>,
    connections: Mutex<Vec<TcpStream>>,
    closed: AtomicBool,
}

impl Gate {
    /// A gate that passes everything on, as fast as it goes.
    pub fn before(registry: &Registry) -> Self {
        assert!(!registry.has_tls(), "a gate cannot look into TLS");
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let state = Arc::new(State {
            registry: registry.address(),
            flow: Flow::unlimited(),
            sent: AtomicU64::new(0),
            rules: Mutex::default(),
            requests: Mutex::default(),
            connections: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&state);
        thread::spawn(move || accept(&listener, &accepting));
        Self { address, state }
    }

    /// What a reference begins with, `127.0.0.1:<port>`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The reference of an image behind this gate: `127.0.0.1:<port>/<name>`.
    pub fn reference(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }

    /// Lets bodies of answers through no faster than this, all connections together; from now on, for those under way
    /// too. 0 holds everything until the next call; none is as fast as it goes.
    pub fn bytes_per_second(&self, rate: Option<u64>) {
        self.state.flow.set(rate);
    }

    /// From now on does this to requests whose path (with its query) begins so, `/v2/x/blobs/`.
    pub fn fault(&self, path: &str, fault: Fault) {
        lock(&self.state.rules).add(path, fault);
    }

    /// Forgets all faults.
    pub fn clear(&self) {
        lock(&self.state.rules).clear();
    }

    /// Breaks every connection now. New ones are accepted.
    pub fn cut(&self) {
        self.state.cut();
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state.requests).clone()
    }

    /// Bytes of the registry's bodies that were handed to clients so far.
    pub fn bytes_sent(&self) -> u64 {
        self.state.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts, and those that wait for their turn.
        let _already_gone = TcpStream::connect(self.address);
        self.state.flow.set(None);
        self.state.cut();
    }
}

impl State {
    /// Breaks every connection, on both sides of the gate.
    pub(super) fn cut(&self) {
        for connection in lock(&self.connections).drain(..) {
            let _already_closed = connection.shutdown(Shutdown::Both);
        }
    }

    /// A connection that will break with the others.
    pub(super) fn keep(&self, connection: &TcpStream) {
        lock(&self.connections).extend(connection.try_clone());
    }
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for connection in listener.incoming().map_while(Result::ok) {
        if state.closed.load(Ordering::Relaxed) {
            return;
        }
        // A head and its body are several small writes, which need not wait for each other.
        let _slower_otherwise = connection.set_nodelay(true);
        state.keep(&connection);
        let state = Arc::clone(state);
        thread::spawn(move || {
            // Connections that break are what the gate is for.
            let _broken = converse(&connection, &state);
            let _already_closed = connection.shutdown(Shutdown::Both);
        });
    }
}

fn converse(client: &TcpStream, state: &State) -> io::Result<()> {
    if speaks_tls(client)? {
        return refuse_tls(client);
    }
    let mut reader = BufReader::new(client);
    while let Some(request) = Request::read(&mut reader)? {
        lock(&state.requests).push(request.clone());
        let effect = lock(&state.rules).effect_on(&request);
        let again = match effect {
            Some(Effect::Answer(reply)) => answer(&request, &mut reader, client, &reply)?,
            Some(Effect::Cut(after)) => pass_on(&request, &mut reader, client, state, Some(after))?,
            Some(Effect::Silence) => {
                wait_until_broken_off(client)?;
                false
            }
            None => pass_on(&request, &mut reader, client, state, None)?,
        };
        if !again {
            break;
        }
    }
    Ok(())
}

/// Engines try TLS first, and go on without it only if they are told so as servers of HTTP do.
fn speaks_tls(client: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    Ok(client.peek(&mut first)? == 1 && first == [TLS_HANDSHAKE])
}

fn refuse_tls(mut client: &TcpStream) -> io::Result<()> {
    // A greeting that is left unread would break the connection before the answer is read.
    let mut greeting = [0; 16 << 10];
    let _length = client.read(&mut greeting)?;
    client.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
