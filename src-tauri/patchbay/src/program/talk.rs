//! Relaying between this process's own streams and the daemon.

use std::{
    io::{self, Read, Write},
    net::Shutdown,
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixStream},
    },
    thread,
    time::{Duration, Instant},
};

use super::daemon::SOCKET;

/// How long a daemon may take that was only just started.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long is waited before it is tried again.
const PAUSE: Duration = Duration::from_millis(5);

/// A connection to the daemon of this network namespace.
pub(crate) fn connect() -> io::Result<UnixStream> {
    let address = SocketAddr::from_abstract_name(SOCKET)?;
    let started = Instant::now();
    loop {
        match UnixStream::connect_addr(&address) {
            Err(_) if started.elapsed() < PATIENCE => thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
}

/// Hands on what is read, and writes what is answered, until the daemon ends the connection. The end of what is read is
/// handed on too: answers that are due still come.
pub(crate) fn talk(
    mut input: impl Read + Send + 'static,
    mut output: impl Write,
) -> io::Result<()> {
    let daemon = connect()?;
    let mut towards = daemon.try_clone()?;
    thread::Builder::new().spawn(move || {
        let _ended = copy(&mut input, &mut towards);
        let _ended_already = towards.shutdown(Shutdown::Write);
    })?;
    copy(&mut &daemon, &mut output)
}

/// Not `io::copy`: every piece must go out at once.
fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut piece = vec![0; 64 << 10];
    loop {
        let length = match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        to.write_all(piece.get(..length).unwrap_or_default())?;
        to.flush()?;
    }
}
