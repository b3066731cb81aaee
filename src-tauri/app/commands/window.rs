//! The window itself: its stream, the question before it closes, settings and places.

use labwright_jobs::ErrorReport;
use labwright_session::labs::PageId;
use labwright_session::{Session, Settings};
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_opener::OpenerExt;

use super::Failure;
use crate::bridge::{Bridge, LeaveAnswer, Opening, Place, Unsaved};
use crate::shell::{self, Shell};

/// Opens the window's stream.
#[tauri::command]
pub(super) async fn open(
    window: WebviewWindow,
    bridge: State<'_, Bridge>,
    session: State<'_, Session>,
    shell: State<'_, Shell>,
    page: PageId,
) -> Result<Opening, Failure> {
    let leaving = shell.leaving();
    Ok(bridge.open(window, &session, leaving, &page).await)
}

/// Notes what would be lost with the page.
#[tauri::command]
pub(super) async fn note_unsaved(shell: State<'_, Shell>, unsaved: Unsaved) -> Result<(), Failure> {
    shell.set_unsaved(unsaved);
    Ok(())
}

/// Answers the question before leaving.
#[tauri::command]
pub(super) async fn leave(app: AppHandle, answer: LeaveAnswer) -> Result<(), Failure> {
    shell::leave(&app, answer).await;
    Ok(())
}

/// Puts settings in force, and keeps them.
#[tauri::command]
pub(super) async fn change_settings(
    session: State<'_, Session>,
    settings: Settings,
) -> Result<(), Failure> {
    session.change_settings(settings)
}

/// Shows a file or folder in the system's own program.
#[tauri::command]
pub(super) async fn open_place(
    app: AppHandle,
    session: State<'_, Session>,
    place: Place,
) -> Result<(), Failure> {
    let path = match place {
        Place::Settings => session.folder_of_settings(),
        Place::Kinds => session.own_kinds()?,
        Place::History => session.folder_of_history(),
        Place::Log => session.log(),
    };
    let opened = app.opener().open_path(path.to_string_lossy(), None::<&str>);
    opened.map_err(|error| {
        ErrorReport::of("place_not_opened", &error)
            .with_hint(format!("Open {} yourself.", path.display()))
    })
}

/// What a report of a fault should contain.
#[tauri::command]
pub(super) async fn diagnostics(
    app: AppHandle,
    session: State<'_, Session>,
) -> Result<String, Failure> {
    let webview = tauri::webview_version().unwrap_or_else(|error| error.to_string());
    let version = app.package_info().version.to_string();
    Ok(session.diagnostics(&version, &format!("webview {webview}")))
}
