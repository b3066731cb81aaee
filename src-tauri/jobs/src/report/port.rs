//! A job's connection to the monitor, shared by its reporter and all its steps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use tokio::sync::mpsc::UnboundedSender;

use super::Slot;
use crate::monitor::{Message, StepMessage};
use crate::{JobId, StepId};

/// How many log lines of a job are reported as events; the rest is counted.
pub const LOG_LINES_REPORTED: u64 = 1000;

/// How many bytes of a log line are kept.
pub const LOG_LINE_BYTES: usize = 4096;

/// A job's connection to the monitor.
#[derive(Debug)]
pub(crate) struct Port {
    job: JobId,
    owner: UnboundedSender<Message>,
    next_step: AtomicU32,
    /// Whether the monitor was told that there is progress to fetch, and did not fetch it yet.
    announced: AtomicBool,
    log_lines: AtomicU64,
}

impl Port {
    pub(crate) fn new(job: JobId, owner: UnboundedSender<Message>) -> Self {
        Self {
            job,
            owner,
            next_step: AtomicU32::new(1),
            announced: AtomicBool::new(false),
            log_lines: AtomicU64::new(0),
        }
    }

    /// Announces a new step.
    pub(super) fn add_step(&self, parent: Option<StepId>, name: String, slot: Arc<Slot>) -> StepId {
        let step = StepId(self.next_step.fetch_add(1, Ordering::Relaxed));
        self.send(step, StepMessage::Added { parent, name, slot });
        step
    }

    /// Tells what the job is about.
    pub(super) fn name(&self, subject: String) {
        let job = self.job.clone();
        let _nobody_watches = self.owner.send(Message::Subject { job, subject });
    }

    /// Tells the monitor, in order with all else that is told.
    pub(super) fn send(&self, step: StepId, message: StepMessage) {
        let job = self.job.clone();
        // The monitor being gone means that nobody watches: the work is free to go on.
        let _nobody_watches = self.owner.send(Message::Step { job, step, message });
    }

    /// Reports one line, cut and counted.
    pub(super) fn log(&self, step: StepId, slot: &Slot, line: &str) {
        let before = self.log_lines.fetch_add(1, Ordering::Relaxed);
        if before < LOG_LINES_REPORTED {
            self.send(step, StepMessage::Log(cut(line)));
        } else {
            slot.speak();
            self.announce();
        }
    }

    /// Tells the monitor that there is progress to fetch, at most once until it does.
    pub(super) fn announce(&self) {
        if !self.announced.swap(true, Ordering::AcqRel) {
            let _nobody_watches = self.owner.send(Message::Moved(self.job.clone()));
        }
    }

    /// How many log lines were not reported.
    pub(crate) fn log_lines_left_out(&self) -> u64 {
        let lines = self.log_lines.load(Ordering::Relaxed);
        lines.saturating_sub(LOG_LINES_REPORTED)
    }

    /// Called by the monitor right before it fetches: what comes from now on is announced again.
    pub(crate) fn fetching(&self) {
        // Reading what the last producer wrote here makes visible what it put before.
        let _announced = self.announced.swap(false, Ordering::AcqRel);
    }
}

/// A line of at most [`LOG_LINE_BYTES`], marked where it was cut.
fn cut(line: &str) -> String {
    const MARK: char = '…';
    if line.len() <= LOG_LINE_BYTES {
        return line.to_owned();
    }
    let fits = 0..=LOG_LINE_BYTES - MARK.len_utf8();
    let end = fits.rev().find(|end| line.is_char_boundary(*end));
    let mut kept = line[..end.unwrap_or(0)].to_owned();
    kept.push(MARK);
    kept
}

#[cfg(test)]
mod tests {
    use super::{LOG_LINE_BYTES, cut};

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let line = "ü".repeat(LOG_LINE_BYTES);
        let kept = cut(&line);
        assert!(kept.len() <= LOG_LINE_BYTES);
        assert!(kept.len() > LOG_LINE_BYTES - 4);
        assert!(kept.ends_with("ü…"));
        assert_eq!(cut("short"), "short");
    }
}
