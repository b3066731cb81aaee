//! Builds the patchbay's program, which is embedded and imported into engines.
//!
//! `LABWRIGHT_PATCHBAY` names one that was built before, for systems that cannot build for Linux.

use std::{
    env,
    error::Error,
    ffi::OsString,
    path::{Path, PathBuf},
};

#[path = "../patchbay/building.rs"]
mod building;

/// Where the path of a program that was built before may stand.
const GIVEN: &str = "LABWRIGHT_PATCHBAY";

fn main() {
    println!("cargo::rerun-if-env-changed={GIVEN}");
    match program() {
        Ok(program) => {
            println!(
                "cargo::rustc-env=LABWRIGHT_PATCHBAY_PROGRAM={}",
                program.display()
            );
        }
        Err(error) => {
            // Cargo takes one line; the others tell what the compiler said.
            for line in format!("the patchbay's program: {error}").lines() {
                println!("cargo::error={line}");
            }
        }
    }
}

fn program() -> Result<PathBuf, Box<dyn Error>> {
    if let Some(given) = variable(GIVEN) {
        let program = PathBuf::from(given);
        println!("cargo::rerun-if-changed={}", program.display());
        let found = program.canonicalize();
        return found.map_err(|error| format!("{GIVEN} is {}: {error}", program.display()).into());
    }
    let workspace = PathBuf::from(set_by_cargo("CARGO_MANIFEST_DIR")?).join("../..");
    // Not the program itself: it is younger than the script's start, and so all would be compiled a second time.
    for source in building::SOURCES {
        println!(
            "cargo::rerun-if-changed={}",
            workspace.join(source).display()
        );
    }
    // The engine's machine is taken to be like the app's.
    let architecture = set_by_cargo("CARGO_CFG_TARGET_ARCH")?;
    let architecture = architecture.to_str().ok_or("the architecture is no text")?;
    let target = target_folder(Path::new(&set_by_cargo("OUT_DIR")?));
    Ok(building::build(
        &set_by_cargo("CARGO")?,
        &workspace,
        architecture,
        &target,
    )?)
}

/// One inside the target folder of this build, which is locked itself: the same that the program's tests use.
fn target_folder(own: &Path) -> PathBuf {
    let shared = own
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").exists());
    shared.unwrap_or(own).join("patchbay")
}

fn set_by_cargo(name: &str) -> Result<OsString, String> {
    variable(name).ok_or_else(|| format!("cargo does not set {name}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts everything in variables"
)]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}
