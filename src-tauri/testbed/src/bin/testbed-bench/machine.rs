//! What the machine does meanwhile.

use std::fmt;
use std::fs;
use std::ops::Sub;
use std::thread;

/// Clock ticks per second in what the kernel tells programs (`USER_HZ`), the same on all of Linux.
pub(crate) const TICKS: f64 = 100.0;

/// CPU time of the whole machine, in seconds, all cores together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// In programs.
    pub(crate) user: f64,
    /// In the kernel.
    pub(crate) system: f64,
    /// Idle, with something waiting for the disk.
    pub(crate) waiting: f64,
    /// Taken by other virtual machines.
    pub(crate) stolen: f64,
}

impl Times {
    /// Since the machine started. Source: proc(5), `/proc/stat`.
    pub(crate) fn now() -> Self {
        let stat = fs::read_to_string("/proc/stat").expect("Linux has /proc/stat");
        let first = stat.lines().next().unwrap_or_default();
        let fields: Vec<f64> = first
            .split_whitespace()
            .skip(1)
            .map(|field| field.parse().unwrap_or(0.0) / TICKS)
            .collect();
        let sum = |numbers: &[usize]| {
            let of = |number: &usize| fields.get(*number).copied().unwrap_or(0.0);
            numbers.iter().map(of).sum()
        };
        Self {
            user: sum(&[0, 1]),
            system: sum(&[2, 5, 6]),
            waiting: sum(&[4]),
            stolen: sum(&[7]),
        }
    }
}

impl Sub for Times {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            user: self.user - earlier.user,
            system: self.system - earlier.system,
            waiting: self.waiting - earlier.waiting,
            stolen: self.stolen - earlier.stolen,
        }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            user,
            system,
            waiting,
            stolen,
        } = self;
        write!(
            formatter,
            "{user:.1} + {system:.1} sys, {waiting:.1} waiting, {stolen:.1} stolen"
        )
    }
}

/// Cores and load, in a line.
pub(crate) fn describe() -> String {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{cores} cores, load {}", load())
}

/// The average number of programs that wanted to run, over the last minute.
pub(crate) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}
