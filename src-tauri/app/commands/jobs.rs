//! Jobs that run, and past ones.

use labwright_jobs::{HistoryPage, HistoryQuery, JobId};
use labwright_session::{Session, Started};
use tauri::State;

use super::Failure;

/// Tells a job to stop; says whether it ran or waited.
#[tauri::command]
pub(super) async fn cancel_job(session: State<'_, Session>, job: JobId) -> Result<bool, Failure> {
    session.cancel(&job).await
}

/// Does again what a job was asked to do.
#[tauri::command]
pub(super) async fn retry_job(session: State<'_, Session>, job: JobId) -> Result<Started, Failure> {
    session.retry(&job).await
}

/// Past jobs.
#[tauri::command]
pub(super) async fn history(
    session: State<'_, Session>,
    query: HistoryQuery,
) -> Result<HistoryPage, Failure> {
    session.history(query).await
}
