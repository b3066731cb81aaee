//! An engine that answers small questions and then lets an upload wait, or nothing at all.

use std::io::{self, BufReader};
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use serde_json::json;
use tempfile::TempDir;

use super::docker_answers::{answer, is_upload, write_json};
use super::request::Request;

/// What happens to an image that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upload {
    /// Reads so many bytes of the body, then no more, and never answers.
    StopsReading(u64),
    /// Reads the whole body and never answers.
    NeverAnswers,
    /// Reads the whole body and answers 500 with this message.
    Fails(String),
}

/// A Unix socket that behaves like a Docker engine with the classic store, up to the upload of an image.
///
/// Dropping it closes its socket and its connections.
#[derive(Debug)]
pub struct HungEngine {
    socket: PathBuf,
    state: Arc<State>,
    _folder: TempDir,
}

#[derive(Debug)]
struct State {
    /// `None`: not even a ping is answered.
    upload: Option<Upload>,
    requests: Mutex<Vec<Request>>,
    connections: Mutex<Vec<UnixStream>>,
    body: AtomicU64,
    broken_off: AtomicU64,
    closed: AtomicBool,
}

impl HungEngine {
    /// An engine that answers ping, version, info and lists (all empty), and treats images as told.
    pub fn start(upload: Upload) -> Self {
        Self::listen(Some(upload))
    }

    /// A socket that accepts connections, reads requests, and never answers any.
    pub fn silent() -> Self {
        Self::listen(None)
    }

    fn listen(upload: Option<Upload>) -> Self {
        // Not TMPDIR: a socket's path must be short.
        let folder = tempfile::Builder::new()
            .prefix("labwright-hung-")
            .tempdir_in("/tmp");
        let folder = folder.expect("/tmp is writable");
        let socket = folder.path().join("engine.sock");
        let listener = UnixListener::bind(&socket).expect("a new folder has no socket yet");
        let state = Arc::new(State {
            upload,
            requests: Mutex::default(),
            connections: Mutex::default(),
            body: AtomicU64::new(0),
            broken_off: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&state);
        thread::spawn(move || accept(&listener, &accepting));
        Self {
            socket,
            state,
            _folder: folder,
        }
    }

    /// The address as clients write it, `unix:///…`.
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// The socket's path.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state.requests).clone()
    }

    /// Bytes of images read so far, over all uploads.
    pub fn body_bytes(&self) -> u64 {
        self.state.body.load(Ordering::Relaxed)
    }

    /// How many uploads the client has broken off before they were complete, or while they waited for an answer.
    pub fn uploads_broken_off(&self) -> u64 {
        self.state.broken_off.load(Ordering::Relaxed)
    }
}

impl Drop for HungEngine {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _already_gone = UnixStream::connect(&self.socket);
        for connection in lock(&self.state.connections).drain(..) {
            let _already_closed = connection.shutdown(Shutdown::Both);
        }
    }
}

fn accept(listener: &UnixListener, state: &Arc<State>) {
    for connection in listener.incoming().map_while(Result::ok) {
        if state.closed.load(Ordering::Relaxed) {
            return;
        }
        lock(&state.connections).extend(connection.try_clone());
        let state = Arc::clone(state);
        thread::spawn(move || {
            // A client that goes away is what the tests are about.
            let _client_gone = state.converse(&connection);
            let _client_gone = connection.shutdown(Shutdown::Both);
        });
    }
}

impl State {
    fn converse(&self, connection: &UnixStream) -> io::Result<()> {
        let mut reader = BufReader::with_capacity(4096, connection);
        while let Some(request) = Request::read(&mut reader)? {
            lock(&self.requests).push(request.clone());
            let Some(upload) = &self.upload else {
                return wait_until_broken_off(connection);
            };
            if is_upload(&request) {
                self.receive(upload, &request, &mut reader, connection)?;
                continue;
            }
            request.read_body(&mut reader, |_| true)?;
            if !answer(&request, connection)? {
                return wait_until_broken_off(connection);
            }
        }
        Ok(())
    }

    fn receive(
        &self,
        upload: &Upload,
        request: &Request,
        reader: &mut BufReader<&UnixStream>,
        connection: &UnixStream,
    ) -> io::Result<()> {
        let limit = if let Upload::StopsReading(limit) = upload {
            *limit
        } else {
            u64::MAX
        };
        let mut read = 0;
        let complete = request.read_body(reader, |part| {
            let count = part.len() as u64;
            self.body.fetch_add(count, Ordering::Relaxed);
            read += count;
            read < limit
        });
        if let (Upload::Fails(message), Ok(true)) = (upload, &complete) {
            return write_json(
                connection,
                "500 Internal Server Error",
                &json!({ "message": message }),
            );
        }
        if complete.is_ok() {
            wait_until_broken_off(connection)?;
        }
        if !self.closed.load(Ordering::Relaxed) {
            self.broken_off.fetch_add(1, Ordering::Relaxed);
        }
        Err(io::ErrorKind::ConnectionAborted.into())
    }
}

/// Reads nothing, and returns when either side has closed the connection.
pub(crate) fn wait_until_broken_off(connection: &impl AsFd) -> io::Result<()> {
    poll(&mut [PollFd::new(connection, PollFlags::RDHUP)], None)?;
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
