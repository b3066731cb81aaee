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

/// How many batches are still written when the capture is to end: more than a socket holds, and not for ever.
const LAST_BATCHES: usize = 64;

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

/// Whether a capture goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// It does.
    Yes,
    /// Its input is closed: what was heard by now is wanted, and no more.
    ToHere,
    /// Nobody reads it, or the daemon ended.
    No,
}

/// Writes what passes `end`, `snap` bytes of each frame, until `input` is closed at its other side or `output` takes no
/// more. While the end is missing nothing is written; when it is back it goes on.
pub(crate) fn capture<W: Write + AsFd>(
    end: &EndName,
    snap: u32,
    input: impl AsFd,
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
            if wanted(&input, &output, None, Some(ASK_AGAIN)).map_err(heard)? != Wanted::Yes {
                return Ok(());
            }
            let (name, index) = daemon.locate(end)?;
            socket = PacketSocket::open(&name, index, snap).map_err(heard)?;
            continue;
        };
        match wanted(&input, &output, Some((open, &daemon)), None).map_err(heard)? {
            Wanted::Yes => {}
            Wanted::ToHere => {
                write_rest(open, &mut output);
                return Ok(());
            }
            Wanted::No => return Ok(()),
        }
        match pass_on(open, &mut output) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            // Set down, or gone. The daemon may not have seen it yet: what is still there by its word is opened again, after
            // a while, so that a socket that will never hear anything is not kept.
            Err(Errno::ENETDOWN | Errno::ENODEV | Errno::ENXIO) => socket = None,
            Err(errno) => return Err(heard(errno.into())),
        }
    }
}

/// Waits for a frame, or for a while, and looks at who reads. Where input or output is a pipe, it is known when its
/// other side is closed.
fn wanted(
    input: &impl AsFd,
    output: &impl AsFd,
    heard: Option<(&PacketSocket, &Daemon)>,
    wait: Option<Duration>,
) -> io::Result<Wanted> {
    let mut watched = vec![
        PollFd::new(input, PollFlags::empty()),
        PollFd::new(output, PollFlags::empty()),
    ];
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
    let said: Vec<bool> = watched.iter().map(|fd| !fd.revents().is_empty()).collect();
    Ok(match said.as_slice() {
        [_, true, ..] | [_, _, true, ..] => Wanted::No,
        [true, ..] => Wanted::ToHere,
        _ => Wanted::Yes,
    })
}

/// Writes what the socket holds. If it goes wrong, there is nobody left to tell.
fn write_rest(socket: &mut PacketSocket, output: &mut impl Write) {
    for _ in 0..LAST_BATCHES {
        if pass_on(socket, output) != Ok(true) {
            return;
        }
    }
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
