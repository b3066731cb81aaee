//! A process tree in its own namespaces, which ends as a whole: an engine's, or a display's.
//!
//! The launcher asks the kernel for its own death when the thread that started it ends, so it is started by a thread
//! that lives as long as this process: not even a test killed with SIGKILL leaves a daemon behind.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a daemon may take to end by itself before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running process tree.
#[derive(Debug)]
pub(crate) struct Enclosure {
    launcher: Child,
}

impl Enclosure {
    /// Runs the shell script in new mount and PID namespaces, as their PID 1. Its arguments are these, its own text is in
    /// the variable `ENCLOSURE`, and its output goes to the file `log`. Does not wait for anything.
    pub(crate) fn start(script: &str, arguments: &[&OsStr], log: &Path) -> Self {
        let log = File::options().create(true).append(true).open(log);
        let log = log.unwrap_or_else(|error| panic!("cannot open an enclosure's log: {error}"));
        let errors = log.try_clone().expect("a file handle can be duplicated");
        let mut command = Command::new("setpriv");
        command
            .args([
                "--pdeathsig",
                "KILL",
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
            ])
            .args([
                "--propagation",
                "unchanged",
                "sh",
                "-c",
                script,
                "enclosure",
            ])
            .args(arguments)
            .env("ENCLOSURE", script)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors);
        let launcher = spawn_for_good(command).unwrap_or_else(|error| {
            panic!("cannot run setpriv and unshare (package util-linux): {error}")
        });
        Self { launcher }
    }

    /// The exit status, once the tree has ended by itself.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.launcher.try_wait().expect("the launcher is our child")
    }

    /// Kills everything at once, as a crash would, and returns when nothing of it runs any more.
    pub(crate) fn kill(&mut self) {
        if self.ended().is_some() {
            return;
        }
        match self.first_process() {
            // The launcher ends after the namespace's last process, so waiting for it is enough.
            Some(first) => signal(first, Signal::KILL),
            None => signal(Pid::from_child(&self.launcher), Signal::KILL),
        }
        self.launcher.wait().expect("the launcher is our child");
    }

    /// Asks the tree's PID 1 to end, and kills what has not ended in time.
    pub(crate) fn stop(&mut self) {
        if let Some(first) = self.first_process() {
            signal(first, Signal::TERM);
        }
        let deadline = Instant::now() + PATIENCE;
        while self.ended().is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
        self.kill();
    }

    /// The namespace's PID 1, by its number outside.
    pub(crate) fn first_process(&self) -> Option<Pid> {
        let launcher = self.launcher.id();
        let children =
            fs::read_to_string(format!("/proc/{launcher}/task/{launcher}/children")).ok()?;
        Pid::from_raw(children.split_whitespace().next()?.parse().ok()?)
    }
}

impl Drop for Enclosure {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A process that has just ended by itself is no failure.
fn signal(process: Pid, signal: Signal) {
    let _gone = kill_process(process, signal);
}

type Order = (Command, Sender<io::Result<Child>>);

/// Starts a process from the thread that never ends.
fn spawn_for_good(command: Command) -> io::Result<Child> {
    static SPAWNER: OnceLock<Sender<Order>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (orders, incoming) = channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in incoming {
                let _unwanted = answer.send(command.spawn());
            }
        });
        orders
    });
    let (answer, child) = channel();
    spawner
        .send((command, answer))
        .expect("the spawning thread lives as long as the process");
    child
        .recv()
        .expect("the spawning thread answers every order")
}
