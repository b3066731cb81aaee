//! Files dragged over the window.

use std::path::PathBuf;

use labwright_session::Session;
use tauri::{DragDropEvent, Manager, Window};

/// Passes a drag on to the session.
pub(crate) fn drag(window: &Window, event: &DragDropEvent) {
    let session = window.state::<Session>().inner().clone();
    let event = event.clone();
    // The session's tasks need the runtime's context, which the window's thread has not.
    tauri::async_runtime::spawn(async move {
        match event {
            DragDropEvent::Enter { paths, .. } => session.drag(texts(&paths)),
            DragDropEvent::Drop { paths, .. } => session.drop_files(texts(&paths)),
            DragDropEvent::Leave => session.drag_left(),
            _ => {}
        }
    });
}

fn texts(paths: &[PathBuf]) -> Vec<String> {
    let texts = paths.iter().map(|path| path.to_string_lossy().into_owned());
    texts.collect()
}
