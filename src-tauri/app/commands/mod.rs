//! What the webview can ask for. Each command takes its arguments apart, calls one function, and
//! hands the answer back.

mod engines;
mod hosts;
mod images;
mod jobs;
mod labs;
mod offers;
mod runs;
mod streams;
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
        window::note_unsaved,
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
        labs::open_lab,
        labs::close_lab,
        labs::watch_traffic,
        labs::choose_lab,
        labs::add_labs,
        labs::forget_lab,
        labs::examples,
        labs::make_example,
        labs::plan_lab,
        labs::deploy_lab,
        labs::destroy_lab,
        labs::power_lab,
        labs::save_lab,
        labs::save_lab_into,
        labs::change_link,
        labs::read_lab,
        labs::write_lab,
        labs::check_lab,
        labs::edit_lab,
        labs::place_nodes,
        labs::lab_words,
        streams::open_terminal,
        streams::type_into,
        streams::resize_terminal,
        streams::close_terminal,
        streams::start_capture,
        streams::stop_capture,
        streams::save_capture,
        streams::open_capture,
        streams::drop_capture,
        runs::run_in_nodes,
        runs::end_run,
        hosts::add_host,
        hosts::remove_host,
        hosts::test_host,
        hosts::accept_host_key,
        hosts::choose_key_file,
        hosts::choose_plan,
        hosts::open_plan,
        hosts::examine_plan,
        hosts::install,
        hosts::verify,
        hosts::repair,
        hosts::host_history,
        hosts::node_log,
        engines::select_engine,
        engines::find_engines,
    ]
}
