//! One capture, from its start until nobody reads it.

use std::{
    io::{self, BufRead, BufReader, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    time::Duration,
};

use labwright_patchbay::{Answer, Call, EndName, Message, Outcome, Problem, ProblemCode, Request};
use nix::errno::Errno;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{
    super::talk::connect,
    pcapng::{header, packet},
    socket::PacketSocket,
};

/// While the end is missing, the daemon is asked for it this often.
const ASK_AGAIN: Duration = Duration::from_millis(200);

/// How many frames are read before it is looked at whether anybody still reads.
const BATCH: usize = 256;

/// Why a capture could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CaptureError {
    /// The daemon refused to say where the end is.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Problem>),
    /// The daemon ended, and the lab's links with it.
    #[error("the patchbay ended")]
    Ended(#[source] io::Error),
    /// Frames may not be heard, or not any more.
    #[error("frames of {end} cannot be heard")]
    Socket {
        /// The end.
        end: EndName,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl CaptureError {
    /// The same for programs.
    pub(crate) fn problems(&self, end: &EndName) -> Vec<Problem> {
        match self {
            Self::Refused(problems) => problems.clone(),
            Self::Socket { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                let message = format!(
                    "frames of {end} cannot be heard: the patchbay's container lacks the capability NET_RAW"
                );
                vec![Problem::new(ProblemCode::CaptureNotAllowed, end, message)]
            }
            Self::Socket { .. } | Self::Ended(_) => {
                vec![Problem::new(
                    ProblemCode::KernelRefused,
                    end,
                    format!("{self}"),
                )]
            }
        }
    }
}

/// Writes what passes `end`, `snap` bytes of each frame, until `output` takes no more. While the end is missing nothing
/// is written; when it is back it goes on.
pub(crate) fn capture<W: Write + AsFd>(
    end: &EndName,
    snap: u32,
    mut output: W,
) -> Result<(), CaptureError> {
    let mut daemon = Daemon::connect().map_err(CaptureError::Ended)?;
    let heard = |source: io::Error| CaptureError::Socket {
        end: end.clone(),
        source,
    };
    let (name, index) = daemon.locate(end)?;
    let mut socket = PacketSocket::open(&name, index, snap).map_err(heard)?;
    let description = format!("{} of {}, patchbay end", end.interface(), end.owner());
    let begun = output.write_all(&header(end.as_str(), &description, snap));
    if begun.and_then(|()| output.flush()).is_err() {
        return Ok(());
    }
    loop {
        let Some(open) = &mut socket else {
            if !still_read(&output, None, Some(ASK_AGAIN)).map_err(heard)? {
                return Ok(());
            }
            let (name, index) = daemon.locate(end)?;
            socket = PacketSocket::open(&name, index, snap).map_err(heard)?;
            continue;
        };
        if !still_read(&output, Some((open, &daemon)), None).map_err(heard)? {
            return Ok(());
        }
        match pass_on(open, &mut output) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            // Set down, or gone: the daemon knows which.
            Err(Errno::ENETDOWN | Errno::ENODEV | Errno::ENXIO) => {
                if daemon.locate(end)?.1 != open.index() {
                    socket = None;
                }
            }
            Err(errno) => return Err(heard(errno.into())),
        }
    }
}

/// Waits for a frame, or for a while. Nobody reads any more if the other side of a pipe is closed, or the daemon ended.
fn still_read(
    output: &impl AsFd,
    heard: Option<(&PacketSocket, &Daemon)>,
    wait: Option<Duration>,
) -> io::Result<bool> {
    let mut watched = vec![PollFd::new(output, PollFlags::empty())];
    if let Some((socket, daemon)) = heard {
        watched.push(PollFd::new(daemon.stream(), PollFlags::IN));
        watched.push(PollFd::new(socket, PollFlags::IN));
    }
    let wait = wait.map(|wait| Timespec {
        tv_sec: 0,
        tv_nsec: wait.subsec_nanos().into(),
    });
    match poll(&mut watched, wait.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(errno) => return Err(errno.into()),
    }
    Ok(watched.iter().take(2).all(|fd| fd.revents().is_empty()))
}

/// Writes the frames that have come, some at most; `false` if they are not taken.
fn pass_on(socket: &mut PacketSocket, output: &mut impl Write) -> Result<bool, Errno> {
    let mut bytes = Vec::new();
    for _ in 0..BATCH {
        match socket.receive() {
            Ok(Some(frame)) => bytes.extend(packet(&frame)),
            // What was heard before is still written.
            Err(errno) if bytes.is_empty() => return Err(errno),
            Ok(None) | Err(_) => break,
        }
    }
    Ok(output
        .write_all(&bytes)
        .and_then(|()| output.flush())
        .is_ok())
}

/// The daemon, asked for ends.
struct Daemon {
    reader: BufReader<UnixStream>,
}

impl Daemon {
    fn connect() -> io::Result<Self> {
        let reader = BufReader::new(connect()?);
        Ok(Self { reader })
    }

    fn stream(&self) -> &UnixStream {
        self.reader.get_ref()
    }

    /// The end's interface; number 0 while it waits.
    fn locate(&mut self, end: &EndName) -> Result<(String, u32), CaptureError> {
        let request = Request::Locate { end: end.clone() };
        match self
            .ask(&Call { id: 1, request })
            .map_err(CaptureError::Ended)?
        {
            Outcome::Done(Answer::Device { name, ifindex }) => Ok((name, ifindex)),
            Outcome::Refused(problems) => Err(CaptureError::Refused(problems)),
            Outcome::Done(_) => Err(CaptureError::Ended(io::ErrorKind::InvalidData.into())),
        }
    }

    fn ask(&mut self, call: &Call) -> io::Result<Outcome> {
        let mut line = serde_json::to_vec(call)?;
        line.push(b'\n');
        self.reader.get_mut().write_all(&line)?;
        let mut answer = String::new();
        if self.reader.read_line(&mut answer)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match serde_json::from_str(&answer)? {
            Message::Reply(reply) => Ok(reply.outcome),
            Message::Event(_) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}
