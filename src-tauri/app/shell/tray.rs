//! The icon in the system's tray: open, how many jobs run, quit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::menu::{MenuBuilder, MenuItem, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, Wry};

use super::{leaving, window};

const OPEN: &str = "open";
const QUIT: &str = "quit";

/// The line of the menu that tells how many jobs run.
struct JobsLine(MenuItem<Wry>);

/// Shows the icon where there is a tray. Without one the program is reached by starting it again.
pub(super) fn set_up(app: &AppHandle) {
    // The library that draws it panics where the system's own library is missing.
    let shown = catch_unwind(AssertUnwindSafe(|| show(app)));
    match shown {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::info!(%error, "there is no tray icon"),
        Err(_) => {
            tracing::info!("there is no tray icon: libayatana-appindicator3 is not installed");
        }
    }
}

fn show(app: &AppHandle) -> tauri::Result<()> {
    let jobs = MenuItemBuilder::with_id("jobs", words(0))
        .enabled(false)
        .build(app)?;
    let menu = MenuBuilder::new(app)
        .text(OPEN, "Open Labwright")
        .item(&jobs)
        .separator()
        .text(QUIT, "Quit")
        .build()?;
    let mut icon = TrayIconBuilder::new()
        .menu(&menu)
        .tooltip("Labwright")
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => window::show(app),
            QUIT => leaving::quit(app),
            _ => {}
        });
    if let Some(image) = app.default_window_icon() {
        icon = icon.icon(image.clone());
    }
    icon.build(app)?;
    app.manage(JobsLine(jobs));
    Ok(())
}

/// Says how many jobs run or wait.
pub(super) fn tell(app: &AppHandle, jobs: usize) {
    if let Some(line) = app.try_state::<JobsLine>()
        && let Err(error) = line.0.set_text(words(jobs))
    {
        tracing::debug!(%error, "the tray's menu stays as it was");
    }
}

fn words(jobs: usize) -> String {
    match jobs {
        0 => "No jobs running".to_owned(),
        1 => "1 job running".to_owned(),
        jobs => format!("{jobs} jobs running"),
    }
}
