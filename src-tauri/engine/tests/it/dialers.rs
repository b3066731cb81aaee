//! Ways to another machine's engine, without another machine: straight to a socket, through a client's own program, and
//! ways that fail.

use std::{
    io,
    path::{Path, PathBuf},
    pin::Pin,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures_util::future::{BoxFuture, FutureExt};
use labwright_engine::{Candidate, Dial, DialStream, DiscoveryInputs, Engine, SshAddress};
use labwright_testbed::Engine as Testbed;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::UnixStream,
    process::{Child, ChildStdin, ChildStdout},
};

/// What the engine is called in the tests.
pub(crate) const ADDRESS: &str = "ssh://me@lab-7:2207";

/// What is known where this one dials.
pub(crate) fn inputs(runtime_dir: &Path, dial: impl Dial + 'static) -> DiscoveryInputs {
    DiscoveryInputs {
        runtime_dir: Some(runtime_dir.to_owned()),
        dial: Some(Arc::new(dial)),
        ..DiscoveryInputs::default()
    }
}

pub(crate) async fn engine(runtime_dir: &Path, dial: impl Dial + 'static) -> Engine {
    let candidate = Candidate::explicit(ADDRESS).unwrap();
    let connected = Engine::connect_through(&candidate, &inputs(runtime_dir, dial)).await;
    connected.unwrap()
}

/// Connects to a socket, and counts how often it was asked to.
#[derive(Clone, Debug)]
pub(crate) struct ToSocket {
    pub(crate) socket: PathBuf,
    pub(crate) dialled: Arc<AtomicUsize>,
}

impl ToSocket {
    pub(crate) fn of(testbed: &Testbed) -> Self {
        Self {
            socket: testbed.socket().to_owned(),
            dialled: Arc::default(),
        }
    }
}

impl Dial for ToSocket {
    fn dial(&self, _: &SshAddress) -> BoxFuture<'static, io::Result<Box<dyn DialStream>>> {
        self.dialled.fetch_add(1, Ordering::SeqCst);
        let connecting = UnixStream::connect(self.socket.clone());
        async move { Ok(Box::new(connecting.await?) as Box<dyn DialStream>) }.boxed()
    }
}

/// Runs what runs on the other machine in truth: a client's `system dial-stdio`.
#[derive(Debug)]
pub(crate) struct DialStdio(pub(crate) Testbed);

impl Dial for DialStdio {
    fn dial(&self, _: &SshAddress) -> BoxFuture<'static, io::Result<Box<dyn DialStream>>> {
        let mut command = self.0.client();
        command.args(["system", "dial-stdio"]);
        async move { Ok(Box::new(Program::start(command)?) as Box<dyn DialStream>) }.boxed()
    }
}

/// A program's input and output as a stream.
struct Program {
    output: ChildStdout,
    /// None once it has ended: only closing a pipe is its end.
    input: Option<ChildStdin>,
    _child: Child,
}

impl Program {
    fn start(command: Command) -> io::Result<Self> {
        let mut command = tokio::process::Command::from(command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn()?;
        let (output, input) = (child.stdout.take().unwrap(), child.stdin.take().unwrap());
        Ok(Self {
            output,
            input: Some(input),
            _child: child,
        })
    }
}

impl AsyncRead for Program {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.output).poll_read(context, buffer)
    }
}

impl AsyncWrite for Program {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.input {
            Some(input) => Pin::new(input).poll_write(context, bytes),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.input = None;
        Poll::Ready(Ok(()))
    }
}

/// Nobody is let in.
#[derive(Debug)]
pub(crate) struct Refusing;

impl Dial for Refusing {
    fn dial(&self, _: &SshAddress) -> BoxFuture<'static, io::Result<Box<dyn DialStream>>> {
        let refusal = io::Error::other("me@lab-7: Permission denied (publickey).");
        async { Err(refusal) }.boxed()
    }
}

/// A way that is there until it is cut, for all streams at once.
#[derive(Debug)]
pub(crate) struct Cuttable {
    pub(crate) way: ToSocket,
    pub(crate) cut: Arc<AtomicBool>,
}

impl Dial for Cuttable {
    fn dial(&self, address: &SshAddress) -> BoxFuture<'static, io::Result<Box<dyn DialStream>>> {
        let (dialling, cut) = (self.way.dial(address), Arc::clone(&self.cut));
        async move {
            let stream = CuttableStream {
                stream: dialling.await?,
                looks: tokio::time::interval(std::time::Duration::from_millis(20)),
                cut,
            };
            Ok(Box::new(stream) as Box<dyn DialStream>)
        }
        .boxed()
    }
}

struct CuttableStream {
    stream: Box<dyn DialStream>,
    looks: tokio::time::Interval,
    cut: Arc<AtomicBool>,
}

impl CuttableStream {
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while self.looks.poll_tick(context).is_ready() {}
        if self.cut.load(Ordering::SeqCst) {
            return Err(io::Error::other("Timeout, server lab-7 not responding."));
        }
        Ok(())
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
