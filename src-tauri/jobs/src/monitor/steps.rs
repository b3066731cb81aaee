//! What happens to the steps of a job that runs.

use std::sync::Arc;

use tokio::time::Instant;

use super::bulletin::Bulletin;
use super::job::Job;
use super::message::StepMessage;
use super::track::Track;
use crate::report::Slot;
use crate::{Change, Outcome, StepId, StepOutcome};

impl Job {
    /// Follows what a step's work says.
    pub(super) fn hear(
        &mut self,
        bulletin: &mut Bulletin,
        step: StepId,
        message: StepMessage,
        now: Instant,
    ) {
        match message {
            StepMessage::Added { parent, name, slot } => {
                self.add_step(bulletin, step, parent, name, slot, now);
            }
            StepMessage::Started { clock } => self.start_step(bulletin, step, clock, now),
            StepMessage::Waits(what) => self.wait(bulletin, step, what, now),
            StepMessage::Log(line) => self.log(bulletin, step, line, now),
            StepMessage::Finished(outcome) => self.finish_step(bulletin, step, &outcome, now),
        }
    }

    fn add_step(
        &mut self,
        bulletin: &mut Bulletin,
        step: StepId,
        parent: Option<StepId>,
        name: String,
        slot: Arc<Slot>,
        now: Instant,
    ) {
        if self.publish(bulletin, Change::StepAdded { step, parent, name }) {
            self.tracks.insert(step, Track::new(parent, slot, now));
        }
    }

    fn start_step(&mut self, bulletin: &mut Bulletin, step: StepId, clock: bool, now: Instant) {
        self.begin_step(bulletin, step, now);
        if let Some(track) = self.tracks.get_mut(&step).filter(|_| clock) {
            track.start_clock(now);
        }
    }

    /// Starts a step that is pending, and before it those above it.
    fn begin_step(&mut self, bulletin: &mut Bulletin, step: StepId, now: Instant) {
        let Some(track) = self.tracks.get_mut(&step).filter(|track| !track.running) else {
            return;
        };
        track.start(now);
        if let Some(parent) = track.parent {
            self.begin_step(bulletin, parent, now);
        }
        self.publish(bulletin, Change::StepStarted { step });
    }

    fn wait(
        &mut self,
        bulletin: &mut Bulletin,
        step: StepId,
        waiting_for: Option<String>,
        now: Instant,
    ) {
        self.begin_step(bulletin, step, now);
        if let Some(track) = self.tracks.get_mut(&step) {
            track.wait(waiting_for, now);
        }
    }

    fn log(&mut self, bulletin: &mut Bulletin, step: StepId, line: String, now: Instant) {
        if let Some(track) = self.tracks.get_mut(&step) {
            track.touch(now);
        }
        self.publish(bulletin, Change::Log { step, line });
    }

    /// Ends a step, and before it those below it, with the last of its progress.
    fn finish_step(
        &mut self,
        bulletin: &mut Bulletin,
        step: StepId,
        outcome: &StepOutcome,
        now: Instant,
    ) {
        let Some(track) = self.tracks.get(&step) else {
            return;
        };
        let (parent, below) = (track.parent, self.below(step));
        for child in below {
            let outcome = self.end_of_child(child, outcome);
            self.finish_step(bulletin, child, &outcome, now);
        }
        if !matches!(
            outcome,
            StepOutcome::Skipped { .. } | StepOutcome::Cancelled
        ) {
            self.begin_step(bulletin, step, now);
        }
        self.flush(bulletin, step, now);
        self.tracks.remove(&step);
        let outcome = outcome.clone();
        self.publish(bulletin, Change::StepFinished { step, outcome });
        if let Some(above) = parent.and_then(|parent| self.tracks.get_mut(&parent)) {
            above.touch(now);
        }
    }

    fn below(&self, step: StepId) -> Vec<StepId> {
        let below = self.tracks.iter().rev();
        below
            .filter(|(_, track)| track.parent == Some(step))
            .map(|(child, _)| *child)
            .collect()
    }

    /// How an open step ends when the one above it does.
    fn end_of_child(&self, child: StepId, above: &StepOutcome) -> StepOutcome {
        let running = self.tracks.get(&child).is_some_and(|track| track.running);
        match above {
            StepOutcome::Succeeded | StepOutcome::Failed { .. } if !running => {
                let why = "not needed".to_owned();
                StepOutcome::Skipped { why }
            }
            outcome => outcome.clone(),
        }
    }

    /// Fetches what the work reported since, of all steps.
    pub(super) fn fetch(&mut self, bulletin: &mut Bulletin, now: Instant) {
        if !std::mem::take(&mut self.announced) {
            return;
        }
        self.port.fetching();
        let steps: Vec<StepId> = self.tracks.keys().copied().collect();
        for step in steps {
            self.fetch_step(bulletin, step, now);
        }
    }

    fn fetch_step(&mut self, bulletin: &mut Bulletin, step: StepId, now: Instant) {
        let Some(track) = self.tracks.get_mut(&step) else {
            return;
        };
        let spoke = track.fetch(now);
        let reports = track.waits_since().is_some();
        if spoke && track.touch(now) {
            // Output that is not reported any more: whoever sees the stall must see its end.
            let line = format!("output goes on, {}", self.left_out());
            self.publish(bulletin, Change::Log { step, line });
        }
        if reports {
            self.begin_step(bulletin, step, now);
        }
    }

    /// Publishes the last of a step's progress, whatever the pace.
    fn flush(&mut self, bulletin: &mut Bulletin, step: StepId, now: Instant) {
        self.fetch_step(bulletin, step, now);
        self.publish_progress(bulletin, step, now);
    }

    /// Publishes the progress of the step that waits longest.
    pub(super) fn publish_one_progress(&mut self, bulletin: &mut Bulletin, now: Instant) {
        let longest = self.unpublished().min_by_key(|(_, since)| *since);
        if let Some((step, _)) = longest {
            self.publish_progress(bulletin, step, now);
        }
    }

    fn publish_progress(&mut self, bulletin: &mut Bulletin, step: StepId, now: Instant) {
        let progress = self
            .tracks
            .get_mut(&step)
            .and_then(|track| track.publish(now));
        if let Some(progress) = progress
            && self.publish(bulletin, Change::Progress { step, progress })
        {
            self.pace.sent(now);
        }
    }

    /// Shows what steps wait for.
    pub(super) fn publish_waits(&mut self, bulletin: &mut Bulletin, now: Instant) {
        let is_due = |track: &Track| track.tells_wait_at().is_some_and(|at| at <= now);
        let due = self.tracks.iter_mut().filter(|(_, track)| is_due(track));
        let told = due.map(|(step, track)| (*step, track.tell_wait()));
        for (step, waiting_for) in told.collect::<Vec<_>>() {
            self.publish(bulletin, Change::Waiting { step, waiting_for });
        }
    }

    /// Shows the steps in which nothing moved for too long.
    pub(super) fn publish_stalls(&mut self, bulletin: &mut Bulletin, now: Instant) {
        let stalled: Vec<StepId> = self
            .leaves()
            .filter(|(_, track)| {
                track
                    .stalls_at(self.stall_after)
                    .is_some_and(|at| at <= now)
            })
            .map(|(step, _)| step)
            .collect();
        for step in stalled {
            let waiting_for = self.tracks.get_mut(&step).map(Track::stall);
            if let Some(waiting_for) = waiting_for {
                self.publish(bulletin, Change::Stalled { step, waiting_for });
            }
        }
    }

    /// Ends all that is open when the job ends in `outcome`.
    pub(super) fn close_steps(&mut self, bulletin: &mut Bulletin, outcome: &Outcome, now: Instant) {
        let running: Vec<StepId> = self.tracks.keys().copied().collect();
        for step in running {
            self.flush(bulletin, step, now);
        }
        if self.port.log_lines_left_out() > 0 {
            let line = self.left_out();
            self.log_at_the_end(bulletin, line);
        }
        for change in self.state.closing_changes(outcome) {
            self.publish(bulletin, change);
        }
        self.tracks.clear();
    }

    fn left_out(&self) -> String {
        let lines = self.port.log_lines_left_out();
        format!("{lines} more lines were left out")
    }

    /// Logs a line of the monitor's own, in the last step; in one of its own if there is none.
    pub(super) fn log_at_the_end(&mut self, bulletin: &mut Bulletin, line: String) {
        let last = self.state.steps.last().map(|step| step.id);
        let step = last.unwrap_or(StepId(0));
        if last.is_none() {
            self.publish(
                bulletin,
                Change::StepAdded {
                    step,
                    parent: None,
                    name: "Record".to_owned(),
                },
            );
        }
        self.publish(bulletin, Change::Log { step, line });
        if last.is_none() {
            let why = "it is only for the record".to_owned();
            let outcome = StepOutcome::Skipped { why };
            self.publish(bulletin, Change::StepFinished { step, outcome });
        }
    }
}
