//! Files that the program is opened with, by the command line or a file manager.

use std::path::Path;

use labwright_session::{Session, source_of};
use tauri::{AppHandle, Manager};

use super::window;

/// Opens or offers what a program was given, in the session that there is.
pub(crate) fn offer_arguments(app: &AppHandle, arguments: &[String], here: &Path) {
    let given = arguments
        .iter()
        .filter(|argument| !argument.starts_with('-'));
    // What is no source is offered as it is: the offer says why it cannot be.
    let sources: Vec<String> = given
        .map(|given| source_of(given, here).unwrap_or_else(|_| given.clone()))
        .collect();
    if sources.is_empty() {
        return;
    }
    let session = app.state::<Session>().inner().clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = session.open_given(sources).await {
            tracing::warn!(error = error.message, "what the program was opened with");
        }
    });
}

/// Another instance was started: it hands over its files, and this one comes to the front.
pub(crate) fn second_instance(app: &AppHandle, arguments: &[String], here: &str) {
    window::show(app);
    offer_arguments(
        app,
        arguments.get(1..).unwrap_or_default(),
        Path::new(&here),
    );
}
