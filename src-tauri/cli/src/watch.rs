//! Watching jobs until they have ended.

use std::collections::BTreeSet;
use std::io;

use labwright_jobs::{
    CancelReason, CancelToken, Change, History, HistoryError, JobHandle, JobId, JobState, Monitor,
    Subscription, Timestamp, changes_between,
};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::board::Board;
use crate::exit::Exit;
use crate::output::Output;
use crate::view::{JobView, REDRAW, error_lines};

/// What is to be watched.
#[derive(Debug)]
pub(crate) struct Watched {
    /// The monitor's events from before the first of the jobs on.
    pub(crate) events: Subscription,
    /// The jobs of this process.
    pub(crate) handles: Vec<JobHandle>,
    /// The jobs of other processes.
    pub(crate) elsewhere: BTreeSet<JobId>,
}

/// News of a job that another process runs.
enum News {
    Changed(JobId, Vec<(Timestamp, Change)>),
    Unreadable(JobId, HistoryError),
}

/// Shows the jobs until all have ended, and says how the worst of them did.
///
/// When `stop` is cancelled, the jobs of this process are, and their ends are waited for; those of
/// other processes are not watched any more. The same happens when a result cannot be written.
pub(crate) async fn watch(
    monitor: &Monitor,
    watched: Watched,
    view: &mut dyn JobView,
    output: &Output,
    stop: &CancelToken,
) -> io::Result<Exit> {
    tokio::spawn(cancel_all(watched.handles.clone(), stop.clone()));
    let (sender, news) = mpsc::unbounded_channel();
    for job in watched.elsewhere.clone() {
        tokio::spawn(follow(monitor.history().clone(), job, sender.clone()));
    }
    let own = watched.handles.iter().map(|handle| handle.id().clone());
    let mut session = Session {
        open: own.chain(watched.elsewhere.iter().cloned()).collect(),
        elsewhere: watched.elsewhere,
        board: Board::default(),
        worst: Exit::Succeeded,
        unwritten: None,
        view,
        output,
        stop,
    };
    session.run(monitor, watched.events, news).await;
    session.view.end(output);
    match session.unwritten {
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(session.worst),
    }
}

/// Runs beside the view: that a terminal or a pipe takes no more must not keep jobs from ending.
async fn cancel_all(handles: Vec<JobHandle>, stop: CancelToken) {
    let reason = stop.cancelled().await;
    for handle in &handles {
        handle.cancel(reason);
    }
}

async fn follow(history: History, job: JobId, news: mpsc::UnboundedSender<News>) {
    let mut before: Option<JobState> = None;
    let hand_on = |state: &JobState| {
        let changes = changes_between(before.as_ref(), state);
        before = Some(state.clone());
        let _nobody_watches = news.send(News::Changed(job.clone(), changes));
    };
    let never = CancelToken::new();
    if let Err(error) = history.follow(&job, &never, hand_on).await {
        let _nobody_watches = news.send(News::Unreadable(job.clone(), error));
    }
}

struct Session<'a> {
    board: Board,
    /// The jobs that did not end yet.
    open: BTreeSet<JobId>,
    elsewhere: BTreeSet<JobId>,
    worst: Exit,
    unwritten: Option<io::Error>,
    view: &'a mut dyn JobView,
    output: &'a Output,
    stop: &'a CancelToken,
}

impl Session<'_> {
    async fn run(
        &mut self,
        monitor: &Monitor,
        mut events: Subscription,
        mut news: mpsc::UnboundedReceiver<News>,
    ) {
        let mut redraw = interval(REDRAW);
        redraw.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stopping = false;
        while !self.open.is_empty() {
            tokio::select! {
                event = events.next() => match event {
                    Some(Ok(event)) => self.take(event.job, event.at, event.change),
                    Some(Err(_)) => events = self.catch_up(monitor).await,
                    None => return,
                },
                Some(news) = news.recv() => self.hear(news),
                reason = self.stop.cancelled(), if !stopping => {
                    stopping = true;
                    self.stopped(reason);
                }
                _ = redraw.tick() => self.view.tick(self.output, self.board.jobs(), Timestamp::now()),
            }
        }
    }

    /// Events were missed: what is known now counts.
    async fn catch_up(&mut self, monitor: &Monitor) -> Subscription {
        let (snapshot, events) = monitor.subscribe().await;
        for state in snapshot.jobs {
            let changes = changes_between(self.board.job(&state.id), &state);
            self.take_all(&state.id, changes);
        }
        events
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Changed(job, changes) => {
                if self.open.contains(&job) {
                    self.take_all(&job, changes);
                }
            }
            News::Unreadable(job, error) => {
                let palette = self.output.note_palette();
                let lines = error_lines(&error.report(), None, palette);
                self.view.note(self.output, &lines.join("\n"));
                self.worst = self.worst.max(Exit::Failed);
                self.open.remove(&job);
            }
        }
    }

    fn take_all(&mut self, job: &JobId, changes: Vec<(Timestamp, Change)>) {
        for (at, change) in changes {
            self.take(job.clone(), at, change);
        }
    }

    fn take(&mut self, job: JobId, at: Timestamp, change: Change) {
        let Some(event) = self.board.take(job, at, change) else {
            return;
        };
        self.show(&event);
        if let Change::Finished { outcome } = &event.change {
            self.worst = self.worst.max(Exit::of(outcome));
            self.open.remove(&event.job);
        }
    }

    fn show(&mut self, event: &labwright_jobs::JobEvent) {
        let Some(job) = self.board.job(&event.job) else {
            return;
        };
        if self.unwritten.is_some() {
            return;
        }
        if let Err(error) = self.view.event(self.output, job, event) {
            self.unwritten = Some(error);
            self.stop.cancel(CancelReason::HandleDropped);
        }
    }

    fn stopped(&mut self, reason: CancelReason) {
        for job in std::mem::take(&mut self.elsewhere) {
            if self.open.remove(&job) {
                self.worst = self.worst.max(Exit::Cancelled);
                let line = format!("stopped watching; lw jobs cancel {job} stops the job itself");
                self.view.note(self.output, &line);
            }
        }
        if !self.open.is_empty() && reason == CancelReason::Interrupt {
            let line = "cancelling; press Ctrl-C again to leave at once";
            self.view.note(self.output, line);
        }
    }
}

#[cfg(test)]
mod tests;
