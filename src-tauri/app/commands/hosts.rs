//! Hosts, and what is installed on them.

use labwright_jobs::JobId;
use labwright_session::hosts::{Host, HostHistory, InstallWish, NodeStanding, PlanView, PlanWish};
use labwright_session::{Session, Started};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;

use super::Failure;

/// Notes a host.
#[tauri::command]
pub(super) async fn add_host(session: State<'_, Session>, host: Host) -> Result<(), Failure> {
    session.add_host(host).await
}

/// Forgets a host. Nothing on it is touched.
#[tauri::command]
pub(super) async fn remove_host(session: State<'_, Session>, name: String) -> Result<(), Failure> {
    session.remove_host(name).await
}

/// Begins to ask a host how it stands.
#[tauri::command]
pub(super) async fn test_host(session: State<'_, Session>, name: String) -> Result<(), Failure> {
    session.test_host(&name)
}

/// Trusts the key that a host shows, if it is this one.
#[tauri::command]
pub(super) async fn accept_host_key(
    session: State<'_, Session>,
    name: String,
    fingerprint: String,
) -> Result<(), Failure> {
    session.accept_host_key(&name, &fingerprint).await
}

/// Lets the user choose a private key's file. Only its path is read.
#[tauri::command]
pub(super) async fn choose_key_file(app: AppHandle) -> Result<Option<String>, Failure> {
    Ok(choose(&app, "The private key for this host").await)
}

/// Lets the user choose a plan.
#[tauri::command]
pub(super) async fn choose_plan(app: AppHandle) -> Result<Option<String>, Failure> {
    Ok(choose(&app, "The plan to install").await)
}

async fn choose(app: &AppHandle, title: &str) -> Option<String> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let dialog = app.dialog().file().set_title(title);
    dialog.pick_file(move |file| drop(tell.send(file)));
    let file = told.await.ok().flatten();
    file.map(|file| file.to_string())
}

/// Reads a plan.
#[tauri::command]
pub(super) async fn open_plan(
    session: State<'_, Session>,
    wish: PlanWish,
) -> Result<PlanView, Failure> {
    session.open_plan(wish).await
}

/// Looks at what stands on the host where nodes would go.
#[tauri::command]
pub(super) async fn examine_plan(
    session: State<'_, Session>,
    wish: PlanWish,
    only: Vec<String>,
) -> Result<Vec<NodeStanding>, Failure> {
    session.examine_plan(wish, only).await
}

/// Installs nodes of a plan.
#[tauri::command]
pub(super) async fn install(
    session: State<'_, Session>,
    wish: InstallWish,
) -> Result<Started, Failure> {
    session.install(wish).await
}

/// Looks at how nodes of a plan stand.
#[tauri::command]
pub(super) async fn verify(
    session: State<'_, Session>,
    wish: PlanWish,
    only: Vec<String>,
) -> Result<Started, Failure> {
    session.verify(wish, only).await
}

/// Brings nodes to what the plan and their requirements say.
#[tauri::command]
pub(super) async fn repair(
    session: State<'_, Session>,
    wish: PlanWish,
    only: Vec<String>,
) -> Result<Started, Failure> {
    session.repair(wish, only).await
}

/// What was done on a host.
#[tauri::command]
pub(super) async fn host_history(
    session: State<'_, Session>,
    name: String,
) -> Result<HostHistory, Failure> {
    session.host_history(name).await
}

/// The last of what a node's programs printed on the host.
#[tauri::command]
pub(super) async fn node_log(
    session: State<'_, Session>,
    job: JobId,
    node: String,
) -> Result<String, Failure> {
    session.node_log(&job, &node).await
}
