//! What the monitor knows of a step beyond its state: what was not published yet, and when it last
//! moved.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::rate::RateWindow;
use crate::model::{forward, moved};
use crate::report::Slot;
use crate::{Progress, StepId, StepState, StepStatus, Unit};

/// How often a clock ticks.
const TICK: Duration = Duration::from_secs(1);

/// How long a step waits before that is told: what is over at once is not worth a word.
const TELL_WAIT_AFTER: Duration = Duration::from_millis(200);

/// A step that did not end yet.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) parent: Option<StepId>,
    pub(super) running: bool,
    slot: Arc<Slot>,
    /// The latest progress that made sense, without a rate.
    latest: Option<Progress>,
    /// Whether `latest` was not published yet.
    unpublished: bool,
    /// When it was published last; before that, when the step was announced.
    published_at: Instant,
    rate: RateWindow,
    clock: Option<Clock>,
    moved_at: Instant,
    stalled: bool,
    /// What it waits for.
    waiting: Option<String>,
    /// What of that was told.
    told: Option<String>,
    /// When what it waits for is to be told; none if that was done.
    tells_wait_at: Option<Instant>,
}

/// A progress of elapsed seconds.
#[derive(Debug)]
struct Clock {
    began: Instant,
    next: Instant,
}

impl Track {
    pub(super) fn new(parent: Option<StepId>, slot: Arc<Slot>, now: Instant) -> Self {
        Self {
            parent,
            running: false,
            slot,
            latest: None,
            unpublished: false,
            published_at: now,
            rate: RateWindow::default(),
            clock: None,
            moved_at: now,
            stalled: false,
            waiting: None,
            told: None,
            tells_wait_at: None,
        }
    }

    /// The step began.
    pub(super) fn start(&mut self, now: Instant) {
        self.running = true;
        self.moved_at = now;
    }

    /// Elapsed seconds become the step's progress, unless something better was measured.
    pub(super) fn start_clock(&mut self, now: Instant) {
        if self.latest.is_none() {
            self.clock = Some(Clock {
                began: now,
                next: now,
            });
        }
    }

    /// Something moved below it or in it. Says whether it was shown as stalled.
    pub(super) fn touch(&mut self, now: Instant) -> bool {
        self.moved_at = now;
        std::mem::take(&mut self.stalled)
    }

    /// It waits for this from now on, or for nothing any more.
    pub(super) fn wait(&mut self, waiting_for: Option<String>, now: Instant) {
        if self.waiting == waiting_for {
            return;
        }
        self.waiting = waiting_for;
        let was_stalled = self.touch(now);
        let differs = was_stalled || self.waiting != self.told;
        let pause = if was_stalled || self.waiting.is_none() {
            Duration::ZERO
        } else {
            TELL_WAIT_AFTER
        };
        self.tells_wait_at = differs.then(|| now + pause);
    }

    /// When what it waits for is to be told; none if there is nothing to tell.
    pub(super) fn tells_wait_at(&self) -> Option<Instant> {
        self.tells_wait_at
    }

    /// What it waits for, which is told now.
    pub(super) fn tell_wait(&mut self) -> Option<String> {
        self.tells_wait_at = None;
        self.told.clone_from(&self.waiting);
        self.told.clone()
    }

    /// Fetches what the work said since. Says whether output came that is not reported.
    pub(super) fn fetch(&mut self, now: Instant) -> bool {
        let fetched = self.slot.fetch();
        if let Some(progress) = fetched.progress {
            self.absorb(progress, now);
        }
        fetched.spoke
    }

    fn absorb(&mut self, progress: Progress, now: Instant) {
        let Some(next) = forward(self.latest, progress) else {
            return;
        };
        if moved(self.latest, next) {
            self.touch(now);
        }
        if next.unit != Unit::Seconds {
            self.clock = None;
        }
        if self.latest.is_some_and(|latest| latest.unit != next.unit) {
            self.rate.clear();
        }
        self.latest = Some(next);
        self.unpublished = true;
    }

    /// Lets the clock tick, if its time has come.
    pub(super) fn tick(&mut self, now: Instant) {
        let Some(clock) = self.clock.as_mut().filter(|clock| clock.next <= now) else {
            return;
        };
        let elapsed = now - clock.began;
        clock.next =
            clock.began + TICK * (u32::try_from(elapsed.as_secs()).unwrap_or(u32::MAX - 1) + 1);
        let seconds = Progress {
            done: elapsed.as_secs(),
            total: None,
            unit: Unit::Seconds,
            rate: None,
        };
        self.absorb(seconds, now);
    }

    /// When the clock ticks next.
    pub(super) fn next_tick(&self) -> Option<Instant> {
        self.clock.as_ref().map(|clock| clock.next)
    }

    /// Since when it was not published though it has something to publish; none if it has not.
    pub(super) fn waits_since(&self) -> Option<Instant> {
        self.unpublished.then_some(self.published_at)
    }

    /// What it has to publish, without a rate.
    pub(super) fn unpublished(&self) -> Option<Progress> {
        self.latest.filter(|_| self.unpublished)
    }

    /// One that was begun before the job was left.
    pub(super) fn again(known: &StepState, slot: Arc<Slot>, now: Instant) -> Self {
        Self {
            running: known.status == StepStatus::Running,
            latest: known.progress.map(|latest| Progress {
                rate: None,
                ..latest
            }),
            waiting: known.waiting.clone(),
            told: known.waiting.clone(),
            ..Self::new(known.parent, slot, now)
        }
    }

    /// The progress to publish now, if there is any.
    pub(super) fn publish(&mut self, now: Instant) -> Option<Progress> {
        if !std::mem::take(&mut self.unpublished) {
            return None;
        }
        self.published_at = now;
        let latest = self.latest?;
        let rate = latest
            .unit
            .shows_movement()
            .then(|| self.rate.measure(now, latest.done))
            .flatten();
        Some(Progress { rate, ..latest })
    }

    /// When it stalls if nothing moves; none if it is shown as stalled already, or says what it waits for.
    pub(super) fn stalls_at(&self, after: Duration) -> Option<Instant> {
        (self.running && !self.stalled && self.waiting.is_none()).then(|| self.moved_at + after)
    }

    /// It stalls. Gives what it waits for.
    pub(super) fn stall(&mut self) -> String {
        self.stalled = true;
        self.rate.clear();
        let said = self.slot.if_stalled();
        said.unwrap_or_else(|| "the next sign of progress".to_owned())
    }
}
