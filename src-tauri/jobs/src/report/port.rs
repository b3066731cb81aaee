//! A job's connection to the monitor, shared by its reporter and all its steps.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use tokio::sync::mpsc::UnboundedSender;

use super::Slot;
use crate::monitor::{Message, StepMessage};
use crate::{JobId, JobState, StepId};

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
    /// Of a job that was left: the slots of the steps that were open then.
    earlier: BTreeMap<StepId, Arc<Slot>>,
}

impl Port {
    pub(crate) fn new(job: JobId, owner: UnboundedSender<Message>) -> Self {
        Self {
            job,
            owner,
            next_step: AtomicU32::new(1),
            announced: AtomicBool::new(false),
            log_lines: AtomicU64::new(0),
            earlier: BTreeMap::new(),
        }
    }

    /// The port of a job that was left in this state: new steps come after those that it had.
    pub(crate) fn again(state: &JobState, owner: UnboundedSender<Message>) -> Self {
        let last = state.steps.iter().map(|step| step.id.0).max();
        let lines = state.log_dropped + state.log.len() as u64;
        let open = state.steps.iter().filter(|step| step.is_open());
        Self {
            next_step: AtomicU32::new(last.unwrap_or_default() + 1),
            log_lines: AtomicU64::new(lines),
            earlier: open.map(|step| (step.id, Arc::default())).collect(),
            ..Self::new(state.id.clone(), owner)
        }
    }

    /// Where the progress of an earlier step lies.
    pub(crate) fn slot_of(&self, step: StepId) -> Arc<Slot> {
        self.earlier.get(&step).map(Arc::clone).unwrap_or_default()
    }

    /// Tells where the work stands.
    pub(super) fn checkpoint(&self, checkpoint: serde_json::Value) {
        let job = self.job.clone();
        let _nobody_watches = self.owner.send(Message::Checkpoint { job, checkpoint });
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
