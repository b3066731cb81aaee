//! A Python environment of a test's own, and packages for it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::Bench;

/// Writes a wheel by hand: Python's own zip module is quicker than a build.
const WHEEL: &str = r#"
import sys, zipfile
folder, name, version, requires = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
info = f"{name}-{version}.dist-info"
lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"] + [f"Requires-Dist: {one}" for one in requires]
files = {
    f"{name}.py": f"version = '{version}'\n",
    f"{info}/METADATA": "\n".join(lines) + "\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    for file, text in files.items():
        wheel.writestr(file, text)
"#;

impl Bench {
    /// Offers a package in the host's index.
    pub(crate) fn offer(&self, name: &str, version: &str, requires: &[&str]) {
        let status = Command::new("python3")
            .args([
                "-c",
                WHEEL,
                self.path("wheels").to_str().unwrap(),
                name,
                version,
            ])
            .args(requires)
            .status();
        assert!(status.unwrap().success());
    }

    /// Makes a Python environment that has pip and nothing else. pip is this machine's own: to install it takes longer
    /// than all the rest.
    pub(crate) fn environment(path: &Path) -> PathBuf {
        let made = Command::new("python3")
            .args(["-m", "venv", "--without-pip"])
            .arg(path)
            .status();
        assert!(made.unwrap().success());
        let site = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
        let [from, to] = [Path::new("python3"), &path.join("bin/python")].map(|python| {
            let output = Command::new(python).args(["-c", site]).output().unwrap();
            PathBuf::from(String::from_utf8(output.stdout).unwrap().trim_end())
        });
        let pip = fs::read_dir(from).unwrap().map(|entry| entry.unwrap());
        for entry in pip {
            let name = entry.file_name().into_string().unwrap();
            if name == "pip" || (name.starts_with("pip-") && name.ends_with(".dist-info")) {
                symlink(entry.path(), to.join(name)).unwrap();
            }
        }
        path.to_owned()
    }
}

/// The version of a package that an environment has, as its own Python finds it.
pub(crate) fn installed(environment: &Path, name: &str) -> Option<String> {
    let output = Command::new(environment.join("bin/python"))
        .args(["-c", &format!("import {name}; print({name}.version)")])
        .output()
        .unwrap();
    output.status.success().then(|| {
        String::from_utf8(output.stdout)
            .unwrap()
            .trim_end()
            .to_owned()
    })
}
