//! A program's run, measured.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::machine::{TICKS, Times};

/// How often the memory is looked at. The kernel keeps the maximum, so only growth in the last moment is missed.
const LOOK: Duration = Duration::from_millis(10);

/// What a run took.
#[derive(Debug)]
pub(crate) struct Measured {
    /// From before the start until the end, in seconds.
    pub(crate) seconds: f64,
    /// CPU time of the program itself, in user and kernel mode, in seconds.
    pub(crate) own: (f64, f64),
    /// CPU time of the whole machine meanwhile.
    pub(crate) machine: Times,
    /// The most memory that was resident, in KiB.
    pub(crate) peak: u64,
    /// Its standard output, with the time since the start at which each line came.
    pub(crate) lines: Vec<(Duration, String)>,
}

/// Runs `command` to its end; panics with what it printed if it fails.
pub(crate) fn measure(mut command: Command) -> Measured {
    let before = Times::now();
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run {}: {error}", command.get_program().display()));
    let stdout = child.stdout.take().expect("it was asked for");
    let mut stderr = child.stderr.take().expect("it was asked for");
    let lines = thread::spawn(move || {
        let lines = BufReader::new(stdout).lines().map_while(Result::ok);
        lines.map(|line| (started.elapsed(), line)).collect()
    });
    let errors = thread::spawn(move || {
        let mut text = String::new();
        stderr
            .read_to_string(&mut text)
            .map(|_| text)
            .unwrap_or_default()
    });
    let peak = watch(&child);
    let seconds = started.elapsed().as_secs_f64();
    let machine = Times::now() - before;
    let own = own_times(&child);
    let status = child.wait().expect("it is our child");
    let lines: Vec<(Duration, String)> = lines.join().expect("reading does not panic");
    let errors = errors.join().expect("reading does not panic");
    assert!(
        status.success(),
        "{} failed ({status}):\n{errors}\n{}",
        command.get_program().display(),
        lines.last().map(|line| line.1.as_str()).unwrap_or_default()
    );
    Measured {
        seconds,
        own,
        machine,
        peak,
        lines,
    }
}

/// Waits until the program has ended, without burying it. Its largest resident memory, in KiB.
fn watch(child: &Child) -> u64 {
    let mut peak = 0;
    let status = format!("/proc/{}/status", child.id());
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    while waitid(WaitId::Pid(Pid::from_child(child)), options)
        .expect("it is our child")
        .is_none()
    {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = number.map_or(peak, |now: u64| peak.max(now));
        thread::sleep(LOOK);
    }
    peak
}

/// A program that has ended keeps its times until it is waited for. Source: proc(5), `/proc/pid/stat`.
fn own_times(child: &Child) -> (f64, f64) {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
    // The name in parentheses may hold anything; the 14th and 15th fields are counted from behind it.
    let rest = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest)
        .unwrap_or_default();
    let fields: Vec<_> = rest.split_whitespace().collect();
    let field = |number: usize| {
        let field = fields
            .get(number)
            .and_then(|field| field.parse::<f64>().ok());
        field.unwrap_or(0.0) / TICKS
    };
    (field(11), field(12))
}
