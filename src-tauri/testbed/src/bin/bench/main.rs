//! The benchmark of imports.
use labwright_testbed::archives::ceos_cached;
use std::process::ExitCode;

fn main() -> ExitCode {
    let _ = ceos_cached();
    ExitCode::SUCCESS
}
