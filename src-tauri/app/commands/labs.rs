//! Labs: the list, the one that is open, and work on them.

use labwright_session::labs::{
    DeployWish, ExampleLab, LabEdit, LabPlan, LabText, LabView, LabWords, LinkWish, NodePosition,
    PowerWish, SavedConfigurations, SavedFiles, Turn,
};
use labwright_session::{Session, Started};
use serde::Deserialize;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;

use super::Failure;

/// What the user is to choose.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Chosen {
    /// A topology's file.
    File,
    /// A folder with some in it.
    Folder,
}

/// Follows a lab from now on.
#[tauri::command]
pub(super) async fn open_lab(
    session: State<'_, Session>,
    turn: Turn,
    key: String,
) -> Result<(), Failure> {
    session.wish_lab(&turn, Some(key)).await;
    Ok(())
}

/// Follows none any more.
#[tauri::command]
pub(super) async fn close_lab(session: State<'_, Session>, turn: Turn) -> Result<(), Failure> {
    session.wish_lab(&turn, None).await;
    Ok(())
}

/// Whether traffic is measured.
#[tauri::command]
pub(super) async fn watch_traffic(
    session: State<'_, Session>,
    turn: Turn,
    watched: bool,
) -> Result<(), Failure> {
    session.wish_traffic(&turn, watched);
    Ok(())
}

/// Lets the user choose a topology's file or a folder; the key of the lab to open.
#[tauri::command]
pub(super) async fn choose_lab(
    app: AppHandle,
    session: State<'_, Session>,
    what: Chosen,
) -> Result<Option<String>, Failure> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let dialog = app.dialog().file();
    match what {
        Chosen::File => dialog
            .set_title("Open a lab")
            .add_filter("Topologies", &["yml", "yaml"])
            .pick_file(move |file| drop(tell.send(file))),
        Chosen::Folder => dialog
            .set_title("Add a folder with labs")
            .pick_folder(move |folder| drop(tell.send(folder))),
    }
    match told.await.ok().flatten() {
        Some(path) => session.add_labs(&[path.to_string()]).await,
        None => Ok(None),
    }
}

/// Takes files and folders into the list; the key of the lab to open, if it is only one.
#[tauri::command]
pub(super) async fn add_labs(
    session: State<'_, Session>,
    paths: Vec<String>,
) -> Result<Option<String>, Failure> {
    session.add_labs(&paths).await
}

/// The labs that come with Labwright.
#[tauri::command]
pub(super) async fn examples(session: State<'_, Session>) -> Result<Vec<ExampleLab>, Failure> {
    Ok(session.examples())
}

/// Writes one of them where the user keeps documents; the key of the lab to open.
#[tauri::command]
pub(super) async fn make_example(
    session: State<'_, Session>,
    name: String,
) -> Result<String, Failure> {
    session.make_example(name).await
}

/// Takes a lab off the list.
#[tauri::command]
pub(super) async fn forget_lab(session: State<'_, Session>, key: String) -> Result<(), Failure> {
    session.forget_lab(&key).await
}

/// What a deployment would do.
#[tauri::command]
pub(super) async fn plan_lab(
    session: State<'_, Session>,
    wish: DeployWish,
) -> Result<LabPlan, Failure> {
    session.plan_lab(wish).await
}

/// Deploys a lab.
#[tauri::command]
pub(super) async fn deploy_lab(
    session: State<'_, Session>,
    wish: DeployWish,
) -> Result<Started, Failure> {
    session.deploy_lab(wish).await
}

/// Removes a lab.
#[tauri::command]
pub(super) async fn destroy_lab(
    session: State<'_, Session>,
    lab: String,
    keep_state: bool,
) -> Result<Started, Failure> {
    session.destroy_lab(&lab, keep_state).await
}

/// Starts or stops nodes.
#[tauri::command]
pub(super) async fn power_lab(
    session: State<'_, Session>,
    wish: PowerWish,
) -> Result<Started, Failure> {
    session.power_lab(wish).await
}

/// Lets nodes save their configurations.
#[tauri::command]
pub(super) async fn save_lab(
    session: State<'_, Session>,
    lab: String,
    nodes: Vec<String>,
) -> Result<SavedConfigurations, Failure> {
    session.save_lab(&lab, &nodes).await
}

/// Lets nodes save their configurations, and writes these into a folder that the user chooses. A folder that is given was
/// chosen before: what is in the way there is replaced. None where the user chose none.
#[tauri::command]
pub(super) async fn save_lab_into(
    app: AppHandle,
    session: State<'_, Session>,
    lab: String,
    nodes: Vec<String>,
    folder: Option<String>,
) -> Result<Option<SavedFiles>, Failure> {
    let replace = folder.is_some();
    let folder = match folder {
        Some(folder) => Some(folder),
        None => configurations_folder(&app).await,
    };
    let Some(folder) = folder else {
        return Ok(None);
    };
    let saved = session.save_lab_into(&lab, &nodes, folder.into(), replace);
    saved.await.map(Some)
}

async fn configurations_folder(app: &AppHandle) -> Option<String> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let dialog = app.dialog().file().set_title("Save configurations into");
    dialog.pick_folder(move |folder| drop(tell.send(folder)));
    Some(told.await.ok().flatten()?.to_string())
}

/// Changes a link.
#[tauri::command]
pub(super) async fn change_link(
    session: State<'_, Session>,
    lab: String,
    wish: LinkWish,
) -> Result<(), Failure> {
    session.change_link(&lab, wish).await
}

/// The text of a lab's file.
#[tauri::command]
pub(super) async fn read_lab(
    session: State<'_, Session>,
    file: String,
) -> Result<LabText, Failure> {
    session.read_lab(file).await
}

/// Writes it, unless it has changed; the new revision.
#[tauri::command]
pub(super) async fn write_lab(
    session: State<'_, Session>,
    file: String,
    text: String,
    revision: String,
) -> Result<String, Failure> {
    session.write_lab(file, text, revision).await
}

/// What a text would be as this file.
#[tauri::command]
pub(super) async fn check_lab(
    session: State<'_, Session>,
    file: String,
    text: String,
) -> Result<LabView, Failure> {
    Ok(session.check_lab(&file, &text))
}

/// The text after an edit.
#[tauri::command]
pub(super) async fn edit_lab(
    session: State<'_, Session>,
    file: String,
    text: String,
    edit: LabEdit,
) -> Result<String, Failure> {
    session.edit_lab(&file, &text, edit)
}

/// Keeps where nodes were put.
#[tauri::command]
pub(super) async fn place_nodes(
    session: State<'_, Session>,
    turn: Turn,
    file: String,
    positions: Vec<NodePosition>,
) -> Result<(), Failure> {
    session.place_nodes(&turn, file, positions).await
}

/// What can be written in a topology's file.
#[tauri::command]
pub(super) async fn lab_words(session: State<'_, Session>) -> Result<LabWords, Failure> {
    session.lab_words()
}
