//! One round: the engine's own import, then ours.

use crate::events::Story;
use crate::process::Measured;

/// What was measured in a round.
#[derive(Debug)]
pub(crate) struct Round {
    own: Measured,
    lw: Measured,
    story: Story,
}

impl Round {
    /// The engine's own run, and that of `lw`.
    pub(crate) fn new(own: Measured, lw: Measured) -> Self {
        let story = Story::read(&lw.lines);
        Self { own, lw, story }
    }

    /// Our seconds by the engine's own.
    pub(crate) fn ratio(&self) -> f64 {
        self.lw.seconds / self.own.seconds
    }

    /// The most resident memory of `lw`, in MiB.
    pub(crate) fn peak(&self) -> u64 {
        self.lw.peak.div_ceil(1024)
    }

    /// From the start of `lw` to its first progress, in milliseconds.
    pub(crate) fn first_progress(&self) -> u64 {
        let time = self.story.first_progress.map(|time| time.as_millis());
        time.and_then(|time| u64::try_from(time).ok())
            .unwrap_or(u64::MAX)
    }

    /// The most progress events of `lw` in a second.
    pub(crate) fn progress(&self) -> u64 {
        u64::try_from(self.story.most_in_a_second).unwrap_or(u64::MAX)
    }

    /// What the columns of [`print`](Self::print) are.
    pub(crate) fn print_head() {
        println!(
            "round  own import  lw import  ratio  lw peak  first progress  progress/s   CPU seconds of lw  \
             of the machine: own / lw"
        );
    }

    /// Prints it in two lines: the numbers, and where the time of `lw` went.
    pub(crate) fn print(&self, number: usize) {
        println!(
            "{number:>5}  {:>8.1} s  {:>7.1} s  {:>5.2}  {:>3} MiB  {:>11} ms  {:>10}  {:>18}  {} / {}",
            self.own.seconds,
            self.lw.seconds,
            self.ratio(),
            self.peak(),
            self.first_progress(),
            self.progress(),
            format!("{:.1} + {:.1} sys", self.lw.own.0, self.lw.own.1),
            self.own.machine,
            self.lw.machine,
        );
        println!("       lw: {}", self.story.phases());
    }
}
