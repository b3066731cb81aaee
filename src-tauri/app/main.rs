//! The desktop program `labwright`: runs the shell and says why when it cannot.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match labwright_app::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "there is no window yet to show it in")]
fn complain(error: &tauri::Error) {
    eprintln!("labwright: the window could not be opened: {error}");
}
