//! Files that might be imported.

use labwright_session::{ImportWish, Session, Started};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::{DialogExt, FilePath};

use super::Failure;

/// Offers what the user typed or pasted.
#[tauri::command]
pub(super) async fn offer(
    session: State<'_, Session>,
    sources: Vec<String>,
) -> Result<(), Failure> {
    session.offer(&sources)
}

/// Lets the user choose files, and offers them.
#[tauri::command]
pub(super) async fn choose_files(
    app: AppHandle,
    session: State<'_, Session>,
) -> Result<(), Failure> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let dialog = app.dialog().file().set_title("Import images");
    dialog.pick_files(move |files| drop(tell.send(files)));
    let files = told.await.ok().flatten().unwrap_or_default();
    let paths: Vec<String> = files.iter().map(FilePath::to_string).collect();
    if paths.is_empty() {
        return Ok(());
    }
    session.offer(&paths)
}

/// Imports what the user decided on.
#[tauri::command]
pub(super) async fn settle_offer(
    session: State<'_, Session>,
    offer: u64,
    wishes: Vec<ImportWish>,
) -> Result<Vec<Started>, Failure> {
    session.settle_offer(offer, wishes).await
}

/// Forgets an offer.
#[tauri::command]
pub(super) async fn dismiss_offer(session: State<'_, Session>, offer: u64) -> Result<(), Failure> {
    session.dismiss_offer(offer);
    Ok(())
}
