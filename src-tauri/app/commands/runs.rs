//! One command in many nodes, told on a channel of its own.

use labwright_session::Session;
use labwright_session::labs::{PageId, RunEvent, RunWish};
use tauri::State;
use tauri::ipc::Channel;

use super::Failure;

/// Runs a command in nodes; the run's number.
#[tauri::command]
pub(super) async fn run_in_nodes(
    session: State<'_, Session>,
    page: PageId,
    wish: RunWish,
    channel: Channel<RunEvent>,
) -> Result<u64, Failure> {
    let (run, mut told) = session.run_in_nodes(&page, wish).await?;
    tauri::async_runtime::spawn(async move {
        while let Some(event) = told.recv().await {
            if channel.send(event).is_err() {
                return;
            }
        }
    });
    Ok(run)
}

/// Ends a run, and what it still does in nodes.
#[tauri::command]
pub(super) async fn end_run(session: State<'_, Session>, run: u64) -> Result<(), Failure> {
    session.end_run(run);
    Ok(())
}
