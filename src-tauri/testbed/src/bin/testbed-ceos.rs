//! Puts an archive as large as Arista's cEOS at a path: `testbed-ceos FILE`. Making it the first time takes minutes.
#![expect(
    clippy::expect_used,
    reason = "test support: a broken bench must stop the run at once"
)]

use std::env;
use std::path::PathBuf;

use labwright_testbed::archives::ceos_sized;

fn main() {
    let path = env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .expect("usage: testbed-ceos FILE");
    ceos_sized(&path);
}
