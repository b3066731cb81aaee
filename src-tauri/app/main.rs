//! The desktop program `labwright`: runs the shell and says why when it cannot.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use labwright_jobs::ErrorReport;
use labwright_session::Environment;

mod renderer;

fn main() -> ExitCode {
    renderer::choose();
    let environment = Environment::from_variables(|name| std::env::var_os(name));
    let environment = environment.for_topologies(|name| std::env::var(name).ok());
    match labwright_app::run(environment) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "there is no window to show it in")]
fn complain(error: &labwright_app::AppError) {
    let report = ErrorReport::of("window", error);
    eprintln!("labwright: {}", report.message);
    for cause in &report.chain {
        eprintln!("  {cause}");
    }
}
