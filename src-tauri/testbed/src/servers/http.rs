//! A file server on loopback that counts, and fails as told.

use std::io::{self, BufReader};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::content::Content;
use super::request::Request;
use super::response::{Faults, Labels, respond};

/// A server of one content at every path. Dropping it closes its port and its connections.
#[derive(Debug)]
pub struct HttpServer {
    address: SocketAddr,
    name: String,
    state: Arc<State>,
}

/// What the server will be: without further calls one without faults.
#[derive(Clone, Debug)]
pub struct HttpServerBuilder {
    content: Content,
    name: String,
    labels: Labels,
    faults: Faults,
    cuts: u64,
}

#[derive(Debug)]
struct State {
    serving: Mutex<Serving>,
    requests: Mutex<Vec<Request>>,
    connections: Mutex<Vec<TcpStream>>,
    sent: AtomicU64,
    closed: AtomicBool,
}

#[derive(Debug)]
struct Serving {
    content: Content,
    labels: Labels,
    faults: Faults,
    cuts_left: u64,
}

impl HttpServer {
    /// Serves these bytes without faults.
    pub fn serve(bytes: impl Into<Vec<u8>>) -> Self {
        Self::bytes(bytes).start()
    }

    /// Serves this file without faults.
    pub fn serve_file(path: &Path) -> Self {
        Self::file(path).start()
    }

    /// A server of these bytes, to add faults to.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> HttpServerBuilder {
        HttpServerBuilder::new(Content::Bytes(bytes.into().into()))
    }

    /// A server of this file, to add faults to. The file is read as it is sent.
    pub fn file(path: &Path) -> HttpServerBuilder {
        HttpServerBuilder::new(Content::File(path.to_owned()))
    }

    /// `http://127.0.0.1:<port>/<file name>`.
    pub fn url(&self) -> String {
        format!("http://{}/{}", self.address, self.name)
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state.requests).clone()
    }

    /// Bytes of bodies that were handed to the network so far, over all responses.
    pub fn bytes_sent(&self) -> u64 {
        self.state.sent.load(Ordering::Relaxed)
    }

    /// Closes the port and breaks every connection, as a server that goes away does.
    pub fn close(&self) {
        if self.state.closed.swap(true, Ordering::Relaxed) {
            return;
        }
        // Wakes the thread that accepts.
        let _already_gone = TcpStream::connect(self.address);
        for connection in lock(&self.state.connections).drain(..) {
            let _already_closed = connection.shutdown(Shutdown::Both);
        }
    }

    /// Serves other bytes, under another entity tag, from the next request on.
    pub fn replace(&self, bytes: impl Into<Vec<u8>>, entity_tag: &str) {
        let mut serving = lock(&self.state.serving);
        serving.content = Content::Bytes(bytes.into().into());
        serving.labels.entity_tag = Some(entity_tag.to_owned());
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.close();
    }
}

impl HttpServerBuilder {
    fn new(content: Content) -> Self {
        Self {
            content,
            name: "image.tar.xz".to_owned(),
            labels: Labels {
                content_type: "application/octet-stream".to_owned(),
                entity_tag: Some("\"first\"".to_owned()),
            },
            faults: Faults::default(),
            cuts: 0,
        }
    }

    /// The file name in the address.
    #[must_use]
    pub fn file_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Ignores `Range`: every answer is the whole.
    #[must_use]
    pub fn without_ranges(mut self) -> Self {
        self.faults.ranges_refused = true;
        self
    }

    /// Breaks the connection after this many bytes of the first body; later ones are whole.
    #[must_use]
    pub fn cut_after(self, bytes: u64) -> Self {
        self.cut_times(bytes, 1)
    }

    /// Breaks the connection after this many bytes of each of the first `times` bodies.
    #[must_use]
    pub fn cut_times(mut self, bytes: u64, times: u64) -> Self {
        self.faults.cut_after = Some(bytes);
        self.cuts = times;
        self
    }

    /// Sends no faster than this.
    #[must_use]
    pub fn bytes_per_second(mut self, rate: u64) -> Self {
        self.faults.bytes_per_second = Some(rate);
        self
    }

    /// Says this `Content-Length` for a whole body, sends what there is and closes the connection.
    #[must_use]
    pub fn claimed_length(mut self, bytes: u64) -> Self {
        self.faults.claimed_length = Some(bytes);
        self
    }

    /// Sends bodies in chunks, without a `Content-Length`.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.faults.chunked = true;
        self
    }

    /// Answers everything with this status and a line of text.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.faults.status = Some(status);
        self
    }

    /// Answers everything with a redirection to this address.
    #[must_use]
    pub fn redirect_to(mut self, url: &str) -> Self {
        self.faults.redirect = Some(url.to_owned());
        self
    }

    /// The `Content-Type`: `text/html` for a login page. `application/octet-stream` unless told.
    #[must_use]
    pub fn content_type(mut self, content_type: &str) -> Self {
        content_type.clone_into(&mut self.labels.content_type);
        self
    }

    /// Sends no `ETag`, so that a client cannot know whether it resumes the same file.
    #[must_use]
    pub fn without_entity_tag(mut self) -> Self {
        self.labels.entity_tag = None;
        self
    }

    /// Starts it on a free port of 127.0.0.1.
    pub fn start(self) -> HttpServer {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let serving = Serving {
            content: self.content,
            labels: self.labels,
            faults: self.faults,
            cuts_left: self.cuts,
        };
        let state = Arc::new(State {
            serving: Mutex::new(serving),
            requests: Mutex::default(),
            connections: Mutex::default(),
            sent: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&state);
        thread::spawn(move || accept(&listener, &accepting));
        HttpServer {
            address,
            name: self.name,
            state,
        }
    }
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for connection in listener.incoming().map_while(Result::ok) {
        if state.closed.load(Ordering::Relaxed) {
            return;
        }
        // A head and its body are several small writes, which need not wait for each other.
        let _slower_otherwise = connection.set_nodelay(true);
        lock(&state.connections).extend(connection.try_clone());
        let state = Arc::clone(state);
        thread::spawn(move || {
            // A client that goes away is part of many tests.
            let _client_gone = converse(&connection, &state);
            let _client_gone = connection.shutdown(Shutdown::Both);
        });
    }
}

fn converse(connection: &TcpStream, state: &State) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    while let Some(request) = Request::read(&mut reader)? {
        lock(&state.requests).push(request.clone());
        let (content, labels, faults) = state.answer_for(&request);
        let sent = |count| {
            state.sent.fetch_add(count, Ordering::Relaxed);
        };
        if !respond(
            &request,
            &content,
            &labels,
            &faults,
            &mut &*connection,
            sent,
        )? {
            break;
        }
    }
    Ok(())
}

impl State {
    /// How this request is answered; one cut fewer is left if it is one that would be cut.
    fn answer_for(&self, request: &Request) -> (Content, Labels, Faults) {
        let mut serving = lock(&self.serving);
        let mut faults = serving.faults.clone();
        if serving.cuts_left == 0 {
            faults.cut_after = None;
        } else if request.method == "GET" {
            serving.cuts_left -= 1;
        }
        (serving.content.clone(), serving.labels.clone(), faults)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
