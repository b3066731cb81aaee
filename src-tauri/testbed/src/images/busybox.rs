//! A host for labs: busybox and nothing else.

use std::fs::File;
use std::process::Command;

use super::LabImage;
use crate::archives::RootFs;

const NAME: &str = "busybox-1.tar";
const REFERENCE: &str = "busybox:1";
/// With a terminal it waits for what is typed, so the container stays.
const COMMAND: &[&str] = &["/bin/sh"];

const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n";
const GROUP: &str = "root:x:0:\nnobody:x:65534:\n";

impl LabImage {
    /// A linux node of 2 MB: this machine's static busybox under the names of all its programs (`sh`, `ip`, `ping`, `nc`,
    /// `httpd`, `sleep` …). Made in no time when it is first asked for.
    pub fn busybox() -> Self {
        let root = root();
        Self::new(&root.digest(), NAME, REFERENCE, COMMAND)
            .made_by(|path| root.write_tar(File::create(path)?).map(drop))
    }

    /// The same host as a file system, for a layer in a registry.
    pub fn busybox_root() -> RootFs {
        root()
    }
}

/// The root file system, for other images to build on.
pub(super) fn root() -> RootFs {
    let folders = ["root", "run", "sbin", "usr/bin", "usr/sbin"];
    let root = folders.into_iter().fold(RootFs::tiny(), RootFs::folder);
    let root = root.file("etc/passwd", PASSWD).file("etc/group", GROUP);
    programs().lines().fold(root, |root, name| match name {
        "busybox" => root,
        _ => root.symlink(&format!("bin/{name}"), "busybox"),
    })
}

/// The names that this machine's busybox answers to, one a line.
fn programs() -> String {
    let output = Command::new("/bin/busybox")
        .arg("--list")
        .output()
        .expect("no /bin/busybox (package busybox-static)");
    String::from_utf8(output.stdout).expect("busybox's programs have plain names")
}
