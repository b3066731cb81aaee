//! The desktop shell: one window over the operations of the crates below.
//!
//! [`bridge`] pushes what changes to the webview, `commands` forwards what the webview asks for,
//! `shell` is what a desktop expects of a program: one instance, a tray, notifications, questions
//! before leaving. Everything else is below.

mod bridge;
mod commands;
mod log;
mod shell;

use labwright_session::{Environment, Session, SessionError};
use tauri::{App, Manager, RunEvent, WindowEvent};
use thiserror::Error;

use crate::bridge::Bridge;
use crate::shell::Shell;

/// The one window.
pub(crate) const WINDOW: &str = "main";

/// What keeps the window from opening.
#[derive(Debug, Error)]
pub enum AppError {
    /// No display, no webview, a broken configuration.
    #[error("the window could not be opened")]
    Window(#[from] tauri::Error),
    /// Nothing to stand on.
    #[error("Labwright cannot start")]
    Session(#[from] SessionError),
}

/// Opens the window, offers `files` (paths as they were typed), and runs until the program ends.
pub fn run(environment: Environment) -> Result<(), AppError> {
    let log = log::start(environment.log_file().as_deref());
    let app = tauri::Builder::default()
        // First of all: a second instance hands over what it was asked for, and is gone.
        .plugin(tauri_plugin_single_instance::init(
            |app, arguments, here| {
                shell::second_instance(app, &arguments, &here);
            },
        ))
        .plugin(shell::window_state())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(commands::handler())
        .on_window_event(|window, event| match event {
            WindowEvent::DragDrop(event) => shell::drag(window, event),
            WindowEvent::CloseRequested { api, .. } => shell::close_requested(window, api),
            WindowEvent::Focused(true) => shell::focused(window),
            _ => {}
        })
        .setup(move |app| Ok(set_up(app, environment, log)?))
        .build(tauri::generate_context!())?;
    app.run(|app, event| match event {
        RunEvent::ExitRequested { api, code, .. } => shell::exit_requested(app, &api, code),
        RunEvent::Exit => shell::exiting(app),
        _ => {}
    });
    Ok(())
}

fn set_up(app: &mut App, environment: Environment, log: log::Log) -> Result<(), AppError> {
    // The session's tasks run on the runtime of this thread's block_on.
    let session = tauri::async_runtime::block_on(async { Session::open(environment) })?;
    log.follow(session.settings());
    app.manage(session.clone());
    app.manage(Bridge::default());
    app.manage(Shell::default());
    shell::set_up(app.handle(), &session);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let here = std::env::current_dir().unwrap_or_default();
    shell::offer_arguments(app.handle(), &arguments, &here);
    Ok(())
}
