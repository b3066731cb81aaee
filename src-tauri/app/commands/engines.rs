//! The engine in use.

use labwright_session::Session;
use tauri::State;

use super::Failure;

/// Uses the engine of this name or address, or the first that answers.
#[tauri::command]
pub(super) async fn select_engine(
    session: State<'_, Session>,
    name: Option<String>,
) -> Result<(), Failure> {
    session.select_engine(name)
}

/// Looks for engines again; where there is none, an installed Podman is started.
#[tauri::command]
pub(super) async fn find_engines(session: State<'_, Session>) -> Result<(), Failure> {
    session.look_for_engines();
    Ok(())
}
