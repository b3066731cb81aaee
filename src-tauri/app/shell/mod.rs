//! What a desktop expects of a program: one instance, a tray, notifications, a question before
//! leaving.

mod arguments;
mod drag;
mod leaving;
mod notify;
mod tray;
mod watch_jobs;
mod window;

use labwright_session::Session;
use tauri::AppHandle;

pub(crate) use arguments::{offer_arguments, second_instance};
pub(crate) use drag::drag;
pub(crate) use leaving::{Shell, close_requested, exit_requested, exiting, leave};
pub(crate) use window::{focused, window_state};

/// Begins everything that runs beside the window.
pub(crate) fn set_up(app: &AppHandle, session: &Session) {
    tray::set_up(app);
    window::follow_theme(app, session.settings());
    watch_jobs::start(app, session);
    leaving::on_signals(app);
}
