//! Engines of hosts: streams to them over SSH, as Docker's own client opens them.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use labwright_engine::{Dial, DialStream, SshAddress};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use uuid::Uuid;

use crate::operations::Access;
use crate::ssh::{Connection, Script, Session, SshError, last_lines, quote};

/// How many bytes a login shell may print before the engine's stream begins.
const BANNER_LIMIT: usize = 256 * 1024;

/// How a host of an address is reached: one that was added, or what ssh knows by that name.
pub trait Directory: std::fmt::Debug + Send + Sync {
    /// Access to the host.
    fn access(&self, address: &SshAddress) -> Result<Access, SshError>;
}

/// Opens streams to engines of hosts. One login for each host, which all streams share.
#[derive(Clone, Debug)]
pub struct Dialer {
    directory: Arc<dyn Directory>,
    gates: Arc<Mutex<BTreeMap<String, Opening>>>,
}

/// A login that is made once, whoever waits for it.
type Opening = Shared<BoxFuture<'static, Result<Gate, Arc<SshError>>>>;

/// A host whose engine is known.
#[derive(Clone, Debug)]
struct Gate {
    connection: Connection,
    /// The client there that has a way to the engine.
    program: &'static str,
}

impl Dialer {
    /// A dialer that finds hosts there.
    pub fn new(directory: Arc<dyn Directory>) -> Self {
        Self {
            directory,
            gates: Arc::default(),
        }
    }

    /// The login for an address: the one that stands, or a new one.
    fn gate(&self, address: &SshAddress) -> Result<Opening, SshError> {
        let access = self.directory.access(address)?;
        // Each value is whole after every statement: a panic elsewhere cannot have spoiled it.
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = |opening: &&Opening| match opening.peek() {
            Some(Ok(gate)) => !gate.connection.is_broken(),
            Some(Err(_)) => false,
            None => true,
        };
        let key = address.target();
        if let Some(opening) = gates.get(&key).filter(usable) {
            return Ok(opening.clone());
        }
        let opening = async move { open(&access).await.map_err(Arc::new) };
        let opening = opening.boxed().shared();
        gates.insert(key, opening.clone());
        Ok(opening)
    }
}

async fn open(access: &Access) -> Result<Gate, SshError> {
    let connection = access.connect().await?;
    let body = "for engine in docker podman; do
  command -v \"$engine\" >/dev/null 2>&1 || continue
  \"$engine\" version >/dev/null 2>&1 && { printf '%s\\n' \"$engine\"; exit 0; }
done
for engine in docker podman; do
  command -v \"$engine\" >/dev/null 2>&1 || continue
  \"$engine\" version >/dev/null
  exit 1
done
printf 'neither docker nor podman is installed there\\n' >&2
exit 1";
    let script = Script::new("the look for an engine", body);
    let found = connection.run(&script).await?;
    let program = match String::from_utf8_lossy(&found).trim() {
        "docker" => "docker",
        _ => "podman",
    };
    Ok(Gate {
        connection,
        program,
    })
}

impl Dial for Dialer {
    fn dial(&self, address: &SshAddress) -> BoxFuture<'static, io::Result<Box<dyn DialStream>>> {
        let opening = self.gate(address);
        let socket = address.socket().map(str::to_owned);
        async move {
            let opened = opening.map_err(told)?.await;
            let gate = opened.map_err(|error| told(&*error))?;
            let stream = gate.stream(socket.as_deref()).await.map_err(told)?;
            Ok(Box::new(stream) as Box<dyn DialStream>)
        }
        .boxed()
    }
}

/// The error with all that ssh said, in one text: it is shown to the user.
fn told(error: impl std::borrow::Borrow<SshError>) -> io::Error {
    io::Error::other(error.borrow().report().in_one_line())
}

impl Gate {
    /// One stream, from where the engine's bytes begin.
    async fn stream(&self, socket: Option<&str>) -> Result<Stream, SshError> {
        let marker = format!("labwright-{}", Uuid::now_v7().simple());
        let way = match (self.program, socket) {
            ("docker", Some(socket)) => {
                format!("docker -H {} system", quote(&format!("unix://{socket}")))
            }
            (_, Some(socket)) => {
                format!("podman --url {} system", quote(&format!("unix://{socket}")))
            }
            (program, None) => format!("{program} system"),
        };
        let command = format!("printf '\\n%s\\n' {marker}; exec {way} dial-stdio");
        let mut session = self
            .connection
            .start(&format!("exec sh -c {}", quote(&command)))?;
        let line = format!("\n{marker}\n");
        let mut came = Vec::new();
        loop {
            let mut buffer = [0; 4096];
            let length = session.read(&mut buffer).await.unwrap_or_default();
            came.extend_from_slice(&buffer[..length]);
            let found = came
                .windows(line.len())
                .position(|part| part == line.as_bytes());
            if let Some(at) = found {
                came.drain(..at + line.len());
                let host = self.connection.host().to_owned();
                return Ok(Stream::new(host, session, came));
            }
            if length == 0 || came.len() > BANNER_LIMIT {
                return Err(SshError::Broken {
                    host: self.connection.host().to_owned(),
                    said: complaints(&mut session).await,
                });
            }
        }
    }
}

/// Bytes to an engine and back.
struct Stream {
    host: String,
    /// What came with the marker.
    first: Vec<u8>,
    session: Option<Session>,
    /// What its end was, once it is known.
    ending: Option<BoxFuture<'static, io::Result<()>>>,
}

impl Stream {
    fn new(host: String, session: Session, first: Vec<u8>) -> Self {
        Self {
            host,
            first,
            session: Some(session),
            ending: None,
        }
    }

    /// An end is one only where the program on the host says so.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(mut session) = self.session.take() {
            let host = self.host.clone();
            self.ending = Some(
                async move {
                    let said = complaints(&mut session).await;
                    let status = session.wait().await.map_err(told)?;
                    if status.success() {
                        return Ok(());
                    }
                    Err(told(SshError::Broken { host, said }))
                }
                .boxed(),
            );
        }
        match &mut self.ending {
            Some(ending) => {
                let ended = ready!(ending.poll_unpin(context));
                self.ending = None;
                Poll::Ready(ended)
            }
            None => Poll::Ready(Ok(())),
        }
    }
}

async fn complaints(session: &mut Session) -> String {
    let mut said = Vec::new();
    if let Some(mut errors) = session.take_stderr() {
        let _cut = errors.read_to_end(&mut said).await.is_err();
    }
    last_lines(&String::from_utf8_lossy(&said))
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.first.is_empty() {
            let length = self.first.len().min(buffer.remaining());
            buffer.put_slice(&self.first[..length]);
            self.first.drain(..length);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        if let Some(session) = &mut self.session {
            ready!(Pin::new(session).poll_read(context, buffer))?;
            if buffer.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
        }
        self.poll_end(context)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.session {
            Some(session) => Pin::new(session).poll_write(context, bytes),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.session {
            Some(session) => Pin::new(session).poll_flush(context),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.session {
            Some(session) => Pin::new(session).poll_shutdown(context),
            None => Poll::Ready(Ok(())),
        }
    }
}
