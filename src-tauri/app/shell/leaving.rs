//! Closing the window and ending the program, with jobs running or without.

use labwright_session::{Closing, Session};
use tauri::{AppHandle, CloseRequestApi, ExitRequestApi, Manager, Window};
use tokio::sync::watch;

use super::window;
use crate::bridge::{LeaveAnswer, LeaveQuestion, Unsaved};

/// What the shell knows of leaving.
#[derive(Debug)]
pub(crate) struct Shell {
    question: watch::Sender<Option<LeaveQuestion>>,
    /// How many jobs run or wait.
    jobs: watch::Sender<usize>,
    /// What the page has that is in no file.
    unsaved: watch::Sender<Unsaved>,
}

impl Default for Shell {
    fn default() -> Self {
        Self {
            question: watch::Sender::new(None),
            jobs: watch::Sender::new(0),
            unsaved: watch::Sender::default(),
        }
    }
}

impl Shell {
    /// The question that is open.
    pub(crate) fn leaving(&self) -> watch::Receiver<Option<LeaveQuestion>> {
        self.question.subscribe()
    }

    /// Notes how many jobs run or wait.
    pub(super) fn set_jobs(&self, jobs: usize) {
        self.jobs.send_replace(jobs);
    }

    /// Notes what the page has that is in no file.
    pub(crate) fn set_unsaved(&self, unsaved: Unsaved) {
        self.unsaved.send_replace(unsaved);
    }

    fn jobs(&self) -> usize {
        *self.jobs.borrow()
    }

    fn has_unsaved(&self) -> bool {
        !self.unsaved.borrow().is_nothing()
    }

    /// Whether nothing is lost or cancelled when the program ends.
    fn is_free(&self) -> bool {
        self.jobs() == 0 && !self.has_unsaved()
    }

    fn ask(&self, quit: bool) {
        let question = LeaveQuestion {
            quit,
            jobs: self.jobs(),
            unsaved: *self.unsaved.borrow(),
        };
        self.question.send_replace(Some(question));
    }
}

/// The window is to close. With jobs running it stays, or goes alone; with work that is not saved it asks.
pub(crate) fn close_requested(window: &Window, api: &CloseRequestApi) {
    let shell = window.state::<Shell>();
    if shell.is_free() {
        return;
    }
    api.prevent_close();
    let settings = window.state::<Session>().settings();
    let closing = settings.borrow().settings.closing;
    match closing {
        Closing::Keep if !shell.has_unsaved() => window::hide(window.app_handle()),
        Closing::Keep | Closing::Ask => shell.ask(false),
    }
}

/// The program is to end. `code` is set once that is decided.
pub(crate) fn exit_requested(app: &AppHandle, api: &ExitRequestApi, code: Option<i32>) {
    let shell = app.state::<Shell>();
    if code.is_some() || shell.is_free() {
        return;
    }
    api.prevent_exit();
    window::show(app);
    shell.ask(true);
}

/// The program ends now.
pub(crate) fn exiting(app: &AppHandle) {
    let session = app.state::<Session>().inner().clone();
    tauri::async_runtime::block_on(session.end_streams());
}

/// The user wants to end the program.
pub(super) fn quit(app: &AppHandle) {
    let shell = app.state::<Shell>();
    if shell.is_free() {
        app.exit(0);
    } else {
        window::show(app);
        shell.ask(true);
    }
}

/// Does what the user answered.
pub(crate) async fn leave(app: &AppHandle, answer: LeaveAnswer) {
    app.state::<Shell>().question.send_replace(None);
    match answer {
        LeaveAnswer::Stay => {}
        LeaveAnswer::Keep => window::hide(app),
        LeaveAnswer::Quit => end(app).await,
    }
}

/// Cancels what runs, so that nothing is left behind, and ends.
async fn end(app: &AppHandle) {
    let session = app.state::<Session>().inner().clone();
    session.shutdown().await;
    app.exit(0);
}

/// The last job ended while the window was gone: nobody needs the program any more, unless work is not saved.
pub(super) fn jobs_ended(app: &AppHandle) {
    if !window::is_shown(app) && app.state::<Shell>().is_free() {
        app.exit(0);
    }
}

/// A system that shuts down, or a terminal that is closed, tells it by a signal.
#[cfg(unix)]
pub(super) fn on_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let signals = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
            signal(SignalKind::hangup()),
        );
        let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)) = signals else {
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
        end(&app).await;
    });
}

/// Other systems close the window instead.
#[cfg(not(unix))]
pub(super) fn on_signals(_app: &AppHandle) {}
