//! Noticing that a process ends.

use std::{io, thread};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
    process::{Pid, PidfdFlags, pidfd_open},
};

/// All that a thread needs that only waits.
const STACK: usize = 64 << 10;

/// Calls `then` when the process ends; on a thread of its own, which ends with it.
pub(crate) fn when_ended(pid: i32, then: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let pid = Pid::from_raw(pid).ok_or(io::ErrorKind::InvalidInput)?;
    let process = pidfd_open(pid, PidfdFlags::empty())?;
    let wait = move || {
        let mut watched = [PollFd::new(&process, PollFlags::IN)];
        while poll(&mut watched, None) == Err(Errno::INTR) {}
        then();
    };
    thread::Builder::new().stack_size(STACK).spawn(wait)?;
    Ok(())
}
