//! Watching jobs until they have ended, or go on without us.

mod follow;

use std::collections::BTreeSet;
use std::io;

use labwright_jobs::{
    CancelReason, CancelToken, Change, JobHandle, JobId, Monitor, Subscription, Timestamp,
    changes_between,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

use self::follow::{News, await_end, follow};
use crate::board::Board;
use crate::commands::Joiner;
use crate::exit::Exit;
use crate::installs::{host_of, runs_by_itself};
use crate::output::Output;
use crate::view::{JobView, REDRAW, error_lines, printable};

/// What is to be watched.
#[derive(Debug)]
pub(crate) struct Watched {
    /// The monitor's events from before the first of the jobs on.
    pub(crate) events: Subscription,
    /// The jobs of this process.
    pub(crate) handles: Vec<JobHandle>,
    /// The jobs of other processes, and such that were left.
    pub(crate) elsewhere: BTreeSet<JobId>,
    /// What takes up jobs that were left; none where no job goes on without a process of ours.
    pub(crate) joiner: Option<Joiner>,
    /// Whether to leave as soon as the work goes on by itself, on a host.
    pub(crate) leave_when_it_runs: bool,
}

/// Shows the jobs until all have ended, and says how the worst of them did.
///
/// When `stop` is cancelled, the jobs of this process are, and their ends are waited for; those of
/// other processes are not watched any more. The same happens when a result cannot be written. Work on a host is cancelled
/// only by the user: else it is left there.
pub(crate) async fn watch(
    monitor: &Monitor,
    watched: Watched,
    view: &mut dyn JobView,
    output: &Output,
    stop: &CancelToken,
) -> io::Result<Exit> {
    let (sender, news) = unbounded_channel();
    let own = watched.handles.iter().map(|handle| handle.id().clone());
    let mut session = Session {
        open: own.chain(watched.elsewhere.iter().cloned()).collect(),
        elsewhere: BTreeSet::new(),
        held: Vec::new(),
        joiner: watched.joiner,
        may_leave: watched.leave_when_it_runs,
        has_left: false,
        board: Board::default(),
        worst: Exit::Succeeded,
        unwritten: None,
        monitor,
        sender,
        view,
        output,
        stop,
    };
    watched
        .handles
        .into_iter()
        .for_each(|handle| session.hold(handle));
    watched
        .elsewhere
        .into_iter()
        .for_each(|job| session.follow(job));
    session.run(watched.events, news).await;
    session.view.end(output);
    match session.unwritten {
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(session.worst),
    }
}

/// The code of a job that somebody else took up before.
const NOT_LEFT: &str = "job_not_left";

/// Runs beside the view: that a terminal or a pipe takes no more must not keep jobs from ending.
async fn cancel_when_stopped(handle: JobHandle, stop: CancelToken) {
    let reason = stop.cancelled().await;
    handle.cancel(reason);
}

struct Session<'a> {
    board: Board,
    /// The jobs that did not end yet.
    open: BTreeSet<JobId>,
    elsewhere: BTreeSet<JobId>,
    /// The jobs of this process: dropping them would cancel them.
    held: Vec<JobHandle>,
    joiner: Option<Joiner>,
    /// Whether to leave as soon as the work goes on by itself.
    may_leave: bool,
    /// Whether that is why the jobs were told to stop.
    has_left: bool,
    worst: Exit,
    unwritten: Option<io::Error>,
    monitor: &'a Monitor,
    sender: UnboundedSender<News>,
    view: &'a mut dyn JobView,
    output: &'a Output,
    stop: &'a CancelToken,
}

impl Session<'_> {
    fn hold(&mut self, handle: JobHandle) {
        tokio::spawn(cancel_when_stopped(handle.clone(), self.stop.clone()));
        tokio::spawn(await_end(handle.clone(), self.sender.clone()));
        self.held.push(handle);
    }

    fn follow(&mut self, job: JobId) {
        let history = self.monitor.history().clone();
        let known = self.board.job(&job).cloned();
        tokio::spawn(follow(history, job.clone(), known, self.sender.clone()));
        self.elsewhere.insert(job);
    }

    async fn run(&mut self, mut events: Subscription, mut news: UnboundedReceiver<News>) {
        let mut redraw = interval(REDRAW);
        redraw.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stopping = false;
        while !self.open.is_empty() {
            tokio::select! {
                event = events.next() => match event {
                    Some(Ok(event)) => self.take(event.job, event.at, event.change),
                    Some(Err(_)) => events = self.catch_up().await,
                    None => return,
                },
                Some(news) = news.recv() => match news {
                    News::Left(job) => events = self.take_up(job, events).await,
                    news => self.hear(news),
                },
                reason = self.stop.cancelled(), if !stopping => {
                    stopping = true;
                    self.stopped(reason);
                }
                _ = redraw.tick() => self.view.tick(self.output, self.board.jobs(), Timestamp::now()),
            }
        }
    }

    /// Events were missed: what is known now counts.
    async fn catch_up(&mut self) -> Subscription {
        let (snapshot, events) = self.monitor.subscribe().await;
        for state in snapshot.jobs {
            let changes = changes_between(self.board.job(&state.id), &state);
            self.take_all(&state.id, changes);
        }
        events
    }

    /// Nobody follows this job any more: we do. What was seen of it is not told again.
    async fn take_up(&mut self, job: JobId, events: Subscription) -> Subscription {
        if !self.elsewhere.contains(&job) {
            return events;
        }
        let Some(joiner) = self.joiner.clone() else {
            self.elsewhere.remove(&job);
            self.leave(&job);
            return events;
        };
        match joiner.join(&job).await {
            Ok(handle) => {
                self.elsewhere.remove(&job);
                self.hold(handle);
                self.catch_up().await
            }
            Err(error) if error.code == NOT_LEFT => {
                self.follow(job);
                events
            }
            Err(error) => {
                let lines = error_lines(&error, None, self.output.note_palette());
                self.elsewhere.remove(&job);
                self.give_up(&job, &lines);
                events
            }
        }
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Changed(job, changes) => {
                if self.open.contains(&job) {
                    self.take_all(&job, changes);
                }
            }
            News::Left(job) | News::LeftHere(job) => self.leave(&job),
            News::Unreadable(job, error) => {
                let palette = self.output.note_palette();
                self.give_up(&job, &error_lines(&error.report(), None, palette));
            }
        }
    }

    fn give_up(&mut self, job: &JobId, why: &[String]) {
        self.view.note(self.output, &why.join("\n"));
        self.worst = self.worst.max(Exit::Failed);
        self.open.remove(job);
    }

    /// The work goes on where it is, without us.
    fn leave(&mut self, job: &JobId) {
        if !self.open.remove(job) {
            return;
        }
        let known = self.board.job(job);
        let host = printable(known.map_or("its host", host_of));
        let line = if known.is_some_and(runs_by_itself) {
            format!("the work goes on on {host}; lw jobs attach {job} follows it")
        } else {
            format!("the work may have begun on {host}; lw jobs attach {job} goes on with it")
        };
        self.view.note(self.output, &line);
        if !self.has_left {
            self.worst = self.worst.max(Exit::Cancelled);
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
        let Some(job) = self.board.job(&event.job) else {
            return;
        };
        if let Change::Finished { .. } = &event.change {
            self.worst = self.worst.max(Exit::of(job));
            self.open.remove(&event.job);
        } else if self.may_leave && runs_by_itself(job) {
            self.has_left = !self.stop.is_cancelled();
            self.may_leave = false;
            self.stop.cancel(CancelReason::Shutdown);
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
            if self.has_left {
                self.leave(&job);
            } else if self.open.remove(&job) {
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
