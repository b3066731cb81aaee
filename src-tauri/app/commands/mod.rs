//! What the webview can ask for. Each command takes its arguments apart, calls one function, and
//! hands the answer back.

mod engines;
mod images;
mod jobs;
mod offers;
mod window;

use labwright_jobs::ErrorReport;
use tauri::Wry;
use tauri::ipc::Invoke;

/// How a command fails, for the webview.
type Failure = ErrorReport;

/// All commands.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        window::open,
        window::leave,
        window::change_settings,
        window::open_place,
        window::diagnostics,
        offers::offer,
        offers::choose_files,
        offers::settle_offer,
        offers::dismiss_offer,
        jobs::cancel_job,
        jobs::retry_job,
        jobs::history,
        images::pull,
        images::image,
        images::remove_image,
        images::rename_image,
        engines::select_engine,
        engines::find_engines,
    ]
}
