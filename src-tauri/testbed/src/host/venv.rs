//! Virtual environments of Debian's Python.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::cache::{cache_folder, made_once};

/// Debian's, whatever else is first on the path.
const PYTHON: &str = "/usr/bin/python3";

/// What a venv's content depends on.
const VERSIONS: &str = "import ensurepip, sys; \
     print('.'.join(map(str, sys.version_info[:3])) + '-pip-' + ensurepip.version())";

/// `bin/pip`, which finds its Python wherever it lies.
const PIP: &str = "#!/bin/sh\nexec \"${0%/*}/python3\" -m pip \"$@\"\n";

/// Makes a virtual environment with pip at `path`, whose parent must be there: what `python3 -m venv` makes.
///
/// Putting pip into one takes seconds, so it is done once and kept in the [`cache_folder`](crate::cache_folder).
pub fn make_venv(path: &Path) {
    let template = cache_folder().join(format!("venv-{}", python(&["-c", VERSIONS]).trim_end()));
    made_once(&template, |half_made| {
        // A test that was killed may have left one behind.
        let _absent = fs::remove_dir_all(half_made);
        make(&[], half_made);
        Ok(())
    });
    make(&["--without-pip"], path);
    copy(&template.join("lib"), path)
        .and_then(|()| write_pip(&path.join("bin")))
        .unwrap_or_else(|error| panic!("cannot put pip into {}: {error}", path.display()));
}

fn make(options: &[&str], path: &Path) {
    let mut arguments: Vec<&OsStr> = ["-m", "venv"].map(OsStr::new).into();
    arguments.extend(options.iter().map(OsStr::new));
    arguments.push(path.as_os_str());
    python(&arguments);
}

fn python<A: AsRef<OsStr>>(arguments: &[A]) -> String {
    let output = Command::new(PYTHON)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("cannot run {PYTHON} (package python3): {error}"));
    assert!(
        output.status.success(),
        "{PYTHON} failed; is Debian's python3-venv there? Run script/testbed-setup.\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Copies a folder into another one, over what is there.
fn copy(from: &Path, into: &Path) -> io::Result<()> {
    // With the times: compiled modules are good only for the sources of theirs.
    let output = Command::new("cp").arg("-a").args([from, into]).output()?;
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(message))
}

fn write_pip(programs: &Path) -> io::Result<()> {
    for name in ["pip", "pip3"] {
        let program = programs.join(name);
        fs::write(&program, PIP)?;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
