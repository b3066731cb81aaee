//! The program, built once.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::OnceLock,
};

#[path = "../../../building.rs"]
mod building;

/// Where the program is. Several test processes may ask at once: cargo lets one of them build.
pub(crate) fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for source in building::SOURCES {
            assert!(workspace.join(source).exists(), "{source} has moved");
        }
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../patchbay");
        let cargo = OsStr::new(env!("CARGO"));
        building::build(cargo, &workspace, std::env::consts::ARCH, &target).unwrap()
    })
}
