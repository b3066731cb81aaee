//! What a window costs while nothing happens in it.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::Window;
use labwright_testbed::desktop::Process;

/// WebKit's process for the page; the kernel cuts names to 15 characters.
const PAGE: &str = "WebKitWebProces";
/// The program's own.
const PROGRAM: &str = "labwright";

/// CPU time of a window's processes, in per cent of a core.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rest {
    /// Of the program itself.
    pub(crate) program: f64,
    /// Of WebKit's process for the page.
    pub(crate) page: f64,
    /// Of all.
    pub(crate) all: f64,
    /// The memory of all, in MiB; what they share is counted once.
    pub(crate) memory: f64,
}

impl fmt::Display for Rest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            program,
            page,
            all,
            memory,
        } = self;
        write!(
            formatter,
            "{program:>5.2} % / {page:.2} % / {all:.2} %  {memory:>4.0} MiB"
        )
    }
}

/// Leaves the window alone for so long.
pub(crate) fn measure(window: &Window, time: Duration) -> Rest {
    let look = || {
        let processes = window.processes();
        let of = |wanted: Option<&str>| -> Duration {
            let found = processes
                .iter()
                .filter(|process| wanted.is_none_or(|name| process.name == name));
            found.filter_map(Process::cpu).sum()
        };
        [of(Some(PROGRAM)), of(Some(PAGE)), of(None)]
    };
    let (before, started) = (look(), Instant::now());
    thread::sleep(time);
    let (after, seconds) = (look(), started.elapsed().as_secs_f64());
    let share =
        |which: usize| after[which].saturating_sub(before[which]).as_secs_f64() / seconds * 100.0;
    Rest {
        program: share(0),
        page: share(1),
        all: share(2),
        memory: memory(&window.processes()),
    }
}

/// The CPU time so far of WebKit's process for the page.
pub(crate) fn page_cpu(window: &Window) -> Duration {
    let processes = window.processes();
    let found = processes.iter().find(|process| process.name == PAGE);
    found.and_then(Process::cpu).unwrap_or_default()
}

/// The CPU time so far of all of the window's processes, in milliseconds.
pub(crate) fn all_cpu(window: &Window) -> f64 {
    let processes = window.processes();
    let all: Duration = processes.iter().filter_map(Process::cpu).sum();
    all.as_secs_f64() * 1000.0
}

/// The memory of processes, in MiB; what they share is counted once.
pub(crate) fn memory(processes: &[Process]) -> f64 {
    let kib: u64 = processes.iter().filter_map(Process::memory).sum();
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}
