//! The window: where it stands, whether it is seen, light or dark.

use labwright_session::{Session, SettingsState, Theme};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, WebviewWindow, Window, Wry};
use tauri_plugin_window_state::StateFlags;
use tokio::sync::watch;

use crate::WINDOW;

/// Remembers size and place; not that it was hidden.
pub(crate) fn window_state() -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::default()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

fn window(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(WINDOW)
}

/// Brings it to the front.
pub(super) fn show(app: &AppHandle) {
    let Some(window) = window(app) else {
        return;
    };
    if let Err(error) = bring_to_front(&window) {
        tracing::warn!(%error, "the window does not come to the front");
    }
}

/// GTK lays out anew what is shown or restored, also if it was there already.
fn bring_to_front(window: &WebviewWindow) -> tauri::Result<()> {
    if !window.is_visible()? {
        window.show()?;
    }
    if window.is_minimized()? {
        window.unminimize()?;
    }
    window.set_focus()
}

/// Takes it away; the program goes on.
pub(super) fn hide(app: &AppHandle) {
    if let Some(Err(error)) = window(app).map(|window| window.hide()) {
        tracing::warn!(%error, "the window stays");
    }
}

/// Whether it can be seen, if only below others.
pub(super) fn is_shown(app: &AppHandle) -> bool {
    window(app).is_some_and(|window| window.is_visible().unwrap_or(true))
}

/// Whether the user looks at it.
pub(super) fn is_in_front(app: &AppHandle) -> bool {
    window(app).is_some_and(|window| window.is_focused().unwrap_or(false))
}

/// The user came back, maybe from an editor or a terminal.
pub(crate) fn focused(window: &Window) {
    let session = window.state::<Session>();
    session.reload_rules();
    session.list_again();
    session.look_at_files();
}

/// Gives the window's frame the theme that is set; the page follows by itself.
///
/// A theme that was never set is not taken back either: taking it back makes GTK light, whatever the
/// system says.
pub(super) fn follow_theme(app: &AppHandle, mut settings: watch::Receiver<SettingsState>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut in_force = Theme::System;
        loop {
            let wanted = settings.borrow_and_update().settings.theme;
            if wanted != in_force {
                in_force = wanted;
                app.set_theme(match wanted {
                    Theme::System => None,
                    Theme::Light => Some(tauri::Theme::Light),
                    Theme::Dark => Some(tauri::Theme::Dark),
                });
            }
            if settings.changed().await.is_err() {
                return;
            }
        }
    });
}
