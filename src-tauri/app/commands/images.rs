//! The engine's images.

use labwright_engine::ImageDetail;
use labwright_session::{PullWish, Session, Started};
use tauri::State;

use super::Failure;

/// Brings an image from its registry.
#[tauri::command]
pub(super) async fn pull(session: State<'_, Session>, wish: PullWish) -> Result<Started, Failure> {
    session.pull(wish).await
}

/// One image, by a name or its id.
#[tauri::command]
pub(super) async fn image(
    session: State<'_, Session>,
    name: String,
) -> Result<ImageDetail, Failure> {
    session.image(&name).await
}

/// Removes a name, or an image by its id.
#[tauri::command]
pub(super) async fn remove_image(
    session: State<'_, Session>,
    name: String,
    force: bool,
) -> Result<(), Failure> {
    session.remove_image(&name, force).await
}

/// Gives an image another name.
#[tauri::command]
pub(super) async fn rename_image(
    session: State<'_, Session>,
    from: String,
    to: String,
    replace: bool,
) -> Result<(), Failure> {
    session.rename_image(&from, &to, replace).await
}
