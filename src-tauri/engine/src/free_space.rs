//! Free disk space where the engine keeps its data, as far as it can be known from here.

use std::path::Path;

use crate::EngineInfo;

/// Bytes that are free for the engine's images, or none where that cannot be known: the engine is
/// on another machine, in a virtual machine, or sees another file system than we do.
///
/// A data root that this process may not enter is measured at the nearest folder it can see: that
/// is nearly always the same file system.
pub(crate) fn free_space(info: &EngineInfo) -> Option<u64> {
    let root = info.data_root.as_deref().filter(|_| info.local)?;
    let in_virtual_machine = cfg!(not(target_os = "linux")) || desktop(info);
    if in_virtual_machine {
        return None;
    }
    available(root)
}

/// Docker Desktop and its like keep their data in a virtual machine, at a path that may well exist
/// here too.
fn desktop(info: &EngineInfo) -> bool {
    const MARKS: &[&str] = &["desktop", "/.colima/", "/colima/", "/.rd/", "/.lima/"];
    MARKS
        .iter()
        .any(|mark| info.address.contains(mark) || info.name.contains(mark))
}

#[cfg(unix)]
fn available(root: &Path) -> Option<u64> {
    let seen = root
        .ancestors()
        .find_map(|folder| match folder.try_exists() {
            Ok(true) => Some(Some(folder)),
            // Not here at all: the engine looks at another file system.
            Ok(false) => Some(None),
            // Not for us to see: its parent tells as much.
            Err(_) => None,
        })??;
    let space = rustix::fs::statvfs(seen).ok()?;
    space.f_bavail.checked_mul(space.f_frsize)
}

#[cfg(not(unix))]
fn available(_root: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::{EngineKind, Store};

    fn info(address: &str, root: Option<&Path>) -> EngineInfo {
        EngineInfo {
            id: "id".into(),
            name: "docker".into(),
            address: address.into(),
            kind: EngineKind::Docker,
            version: "1".into(),
            api_version: "1".into(),
            store: Store::Classic,
            architecture: "amd64".into(),
            os: "linux".into(),
            data_root: root.map(Into::into),
            local: address.starts_with("unix"),
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn known_for_a_local_folder() {
        let folder = tempfile::tempdir().unwrap();
        let socket = "unix:///run/docker.sock";
        assert!(free_space(&info(socket, Some(folder.path()))).unwrap() > 0);
    }

    #[test]
    fn unknown_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let root = Some(folder.path());
        for (address, root) in [
            ("tcp://10.0.0.1:2375", root),
            ("unix:///home/me/.docker/desktop/docker.sock", root),
            ("unix:///home/me/.colima/default/docker.sock", root),
            ("unix:///run/docker.sock", None),
            (
                "unix:///run/docker.sock",
                Some(Path::new("/no-such-folder/data")),
            ),
        ] {
            assert_eq!(free_space(&info(address, root)), None, "{address} {root:?}");
        }
    }
}
