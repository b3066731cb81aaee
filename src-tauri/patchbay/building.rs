//! Building the program as it is shipped: static, small, for Linux. For whoever embeds or tests it.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

/// What would make the inner build another one than it is elsewhere.
const ELSEWHERE: [&str; 5] = [
    "RUSTFLAGS",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_RUSTFLAGS",
];

/// What decides about the program, below the workspace's folder.
pub(crate) const SOURCES: [&str; 4] = [
    "Cargo.lock",
    "Cargo.toml",
    "src-tauri/patchbay/Cargo.toml",
    "src-tauri/patchbay/src",
];

/// Builds the program for an architecture, as Rust calls it, and returns where it is. `target` is a folder of its own:
/// the one of a build that runs is locked.
pub(crate) fn build(
    cargo: &OsStr,
    workspace: &Path,
    architecture: &str,
    target: &Path,
) -> Result<PathBuf, String> {
    let triple = format!("{architecture}-unknown-linux-gnu");
    let arguments = [
        "build",
        "--quiet",
        "--locked",
        "--package",
        "labwright-patchbay",
        "--features",
        "program",
        "--profile",
        "patchbay",
        "--target",
        &triple,
        "--target-dir",
    ];
    let mut command = Command::new(cargo);
    command.current_dir(workspace).args(arguments).arg(target);
    command.env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+crt-static");
    for variable in ELSEWHERE {
        command.env_remove(variable);
    }
    let output = command
        .output()
        .map_err(|error| format!("{}: {error}", cargo.display()))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the program for {triple} was not built:\n{errors}"));
    }
    Ok(target.join(triple).join("patchbay/labwright-patchbay"))
}
