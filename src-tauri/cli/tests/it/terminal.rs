//! A pseudo-terminal with `lw` in it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, Winsize, tcgetattr, tcsetwinsize};

/// Liveness: far more than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// A program that runs in a terminal of its own.
pub(crate) struct Terminal {
    user: File,
    program: OwnedFd,
    before: Termios,
    arriving: Receiver<Vec<u8>>,
    child: Child,
    /// What was printed and not yet asked for.
    seen: Vec<u8>,
}

impl Terminal {
    /// Starts the command with a terminal of this size as its own.
    pub(crate) fn start(command: &Command, rows: u16, columns: u16) -> Self {
        let user = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&user).unwrap();
        unlockpt(&user).unwrap();
        let name = ptsname(&user, Vec::new()).unwrap();
        let program = open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        tcsetwinsize(&user, size(rows, columns)).unwrap();
        let before = tcgetattr(&program).unwrap();
        let child = in_terminal(command, &program);
        let user = File::from(user);
        let arriving = read(user.try_clone().unwrap());
        Self {
            user,
            program,
            before,
            arriving,
            child,
            seen: Vec::new(),
        }
    }

    /// Types keys.
    pub(crate) fn press(&mut self, keys: &[u8]) {
        self.user.write_all(keys).unwrap();
    }

    /// Waits until this is printed; what was printed up to there is forgotten.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &[u8]) {
        let deadline = Instant::now() + LONG;
        loop {
            let found = self.seen.windows(text.len()).position(|part| part == text);
            if let Some(at) = found {
                self.seen.drain(..at + text.len());
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.arriving.recv_timeout(left) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(why) => panic!("{}: {why}: {}", text.escape_ascii(), self.shown()),
            }
        }
    }

    /// Changes the size, as a window that is drawn larger does.
    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        tcsetwinsize(&self.user, size(rows, columns)).unwrap();
    }

    /// Whether every key goes to the program at once.
    pub(crate) fn is_raw(&self) -> bool {
        let modes = tcgetattr(&self.program).unwrap().local_modes;
        !modes.intersects(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end: the exit code, and what was printed last. The terminal must be as it was.
    #[track_caller]
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + LONG;
        let code = loop {
            match self.arriving.recv_timeout(Duration::from_millis(20)) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break self.child.wait().unwrap().code(),
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.code();
            }
            assert!(Instant::now() < deadline, "it goes on: {}", self.shown());
        };
        while let Ok(bytes) = self.arriving.recv_timeout(Duration::from_millis(200)) {
            self.seen.extend(bytes);
        }
        let after = tcgetattr(&self.program).unwrap();
        assert_eq!(format!("{after:?}"), format!("{:?}", self.before));
        (code, self.shown())
    }

    fn shown(&self) -> String {
        self.seen.escape_ascii().to_string().replace("\\r\\n", "\n")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended long ago.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn size(rows: u16, columns: u16) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

/// The same command as the leader of a session whose terminal this is: only then is it told of another size.
fn in_terminal(command: &Command, terminal: &OwnedFd) -> Child {
    let own = || terminal.as_fd().try_clone_to_owned().unwrap();
    let mut session = Command::new("/usr/bin/setsid");
    session
        .arg("--ctty")
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(own())
        .stdout(own())
        .stderr(own());
    session.spawn().expect("setsid of util-linux is installed")
}

/// What the program prints, read by a thread of its own.
fn read(mut terminal: File) -> Receiver<Vec<u8>> {
    let (arrived, arriving) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = terminal.read(&mut buffer) {
            if arrived.send(buffer[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    arriving
}
