//! A package index: PEP 503's pages and the files that they lead to, on loopback.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufReader, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use sha2::{Digest as _, Sha256};

use super::Package;
use crate::servers::Request;

/// An index with these packages and no other. Dropping it closes its port and its connections.
#[derive(Debug)]
pub struct PackageIndex {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    /// By path: the media type and the content.
    pages: BTreeMap<String, (&'static str, Vec<u8>)>,
    asked: Mutex<Vec<String>>,
    connections: Mutex<Vec<TcpStream>>,
    closed: AtomicBool,
}

impl PackageIndex {
    /// Starts it; several packages of one name are its versions.
    pub fn start(packages: &[Package]) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let state = Arc::new(State {
            pages: pages(packages),
            asked: Mutex::default(),
            connections: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&state);
        thread::spawn(move || accept(&listener, &accepting));
        Self { address, state }
    }

    /// Its address, as `pip --index-url` takes it.
    pub fn url(&self) -> String {
        format!("http://{}/simple/", self.address)
    }

    /// The port of 127.0.0.1 that it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What makes pip use this index alone, whatever this machine's own configuration says.
    pub fn variables(&self) -> [(String, String); 3] {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        [
            variable("PIP_INDEX_URL", &self.url()),
            variable("PIP_CONFIG_FILE", "/dev/null"),
            variable("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
        ]
    }

    /// The paths that were asked for so far, in the order of arrival.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.state.asked).clone()
    }
}

impl Drop for PackageIndex {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _already_gone = TcpStream::connect(self.address);
        for connection in lock(&self.state.connections).drain(..) {
            let _already_closed = connection.shutdown(Shutdown::Both);
        }
    }
}

/// The list of packages, one page for each, and their files.
fn pages(packages: &[Package]) -> BTreeMap<String, (&'static str, Vec<u8>)> {
    let mut links: BTreeMap<String, String> = BTreeMap::new();
    let mut pages = BTreeMap::new();
    for package in packages {
        let (file, bytes) = package.distribution();
        let digest = hex::encode(Sha256::digest(&bytes));
        let list = links.entry(package.normal_name()).or_default();
        let _infallible = writeln!(
            list,
            "<a href=\"/files/{file}#sha256={digest}\">{file}</a><br>"
        );
        let path = format!("/files/{file}");
        pages.insert(path, ("application/octet-stream", bytes));
    }
    let mut all = String::new();
    for (name, list) in links {
        let _infallible = writeln!(all, "<a href=\"/simple/{name}/\">{name}</a><br>");
        pages.insert(format!("/simple/{name}/"), page(&list));
    }
    pages.insert("/simple/".to_owned(), page(&all));
    pages
}

fn page(links: &str) -> (&'static str, Vec<u8>) {
    let html = format!("<!DOCTYPE html>\n<html><body>\n{links}</body></html>\n");
    ("text/html", html.into_bytes())
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for connection in listener.incoming().map_while(Result::ok) {
        if state.closed.load(Ordering::Relaxed) {
            return;
        }
        lock(&state.connections).extend(connection.try_clone());
        let state = Arc::clone(state);
        thread::spawn(move || {
            // A client that goes away is part of many tests.
            let _client_gone = state.converse(&connection);
            let _client_gone = connection.shutdown(Shutdown::Both);
        });
    }
}

impl State {
    fn converse(&self, mut connection: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(connection);
        while let Some(request) = Request::read(&mut reader)? {
            lock(&self.asked).push(request.target.clone());
            let missing = ("text/plain", b"no such page\n".to_vec());
            let found = self.pages.get(&request.target);
            let status = if found.is_some() {
                "200 OK"
            } else {
                "404 Not Found"
            };
            let (media_type, content) = found.unwrap_or(&missing);
            let mut answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
                content.len()
            )
            .into_bytes();
            if request.method != "HEAD" {
                answer.extend_from_slice(content);
            }
            connection.write_all(&answer)?;
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
