//! The private folder that a tunnel's socket is in.

use std::{
    fs::{self, DirEntry, File, Permissions},
    io,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

use crate::podman_service::private_folder;

/// Below the folder for sockets of this user.
const OWN: &str = "labwright";
/// Where there is no folder for sockets, or its path is too long for one. Everybody may make folders in it, which the
/// others cannot enter, and nobody can remove another's.
const FALLBACK: &str = "/tmp";
const PREFIX: &str = "labwright-ssh-";
/// Characters that make the name one that nobody has.
const RANDOM: usize = 8;
const SOCKET: &str = "s";
/// The longest path of a socket, in bytes: macOS allows 103, Linux 107.
const LONGEST: usize = 103;
/// A folder that is younger may belong to somebody who is about to lock it.
const GRACE: Duration = Duration::from_secs(60);

/// A folder that only this user may enter. It is removed when this is dropped, and locked until then: what a killed
/// process left is known by its lock, and removed by the next one.
#[derive(Debug)]
pub(super) struct SocketFolder {
    folder: TempDir,
    _lock: File,
}

impl SocketFolder {
    /// Makes one below the folder for sockets, or in the fallback.
    pub(super) fn make(runtime_dir: Option<&Path>) -> io::Result<Self> {
        let preferred = runtime_dir.map(|folder| folder.join(OWN));
        let preferred = preferred.filter(|folder| fits(folder));
        let made =
            preferred.map(|folder| private_folder(&folder).and_then(|()| Self::below(&folder)));
        match made {
            Some(Ok(folder)) => Ok(folder),
            _ => Self::below(Path::new(FALLBACK)),
        }
    }

    fn below(parent: &Path) -> io::Result<Self> {
        sweep(parent);
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .rand_bytes(RANDOM)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(parent)?;
        let lock = File::open(folder.path())?;
        lock.lock()?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where the socket goes.
    pub(super) fn socket(&self) -> PathBuf {
        self.folder.path().join(SOCKET)
    }
}

fn fits(parent: &Path) -> bool {
    let own = PREFIX.len() + RANDOM + SOCKET.len() + "//".len();
    parent.as_os_str().as_bytes().len() + own <= LONGEST
}

/// Removes what killed processes left. What cannot be removed stays: it is an empty folder with a dead socket.
fn sweep(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries.filter(is_left_behind) {
        let _ = fs::remove_dir_all(entry.path());
    }
}

fn is_left_behind(entry: &DirEntry) -> bool {
    let ours = entry.file_name().as_bytes().starts_with(PREFIX.as_bytes());
    let old = |entry: &DirEntry| {
        let changed = entry.metadata().and_then(|data| data.modified()).ok()?;
        changed.elapsed().ok().filter(|age| *age > GRACE)
    };
    let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
    ours && is_folder
        && old(entry).is_some()
        && File::open(entry.path()).is_ok_and(|folder| folder.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::{fs::FileTimes, time::SystemTime};

    use super::*;

    #[test]
    fn nobody_else_may_enter_and_nothing_stays() {
        let runtime = tempfile::tempdir().unwrap();
        let folder = SocketFolder::make(Some(runtime.path())).unwrap();
        let path = folder.folder.path().to_owned();
        assert!(path.starts_with(runtime.path().join(OWN)));
        for private in [path.as_path(), path.parent().unwrap()] {
            let mode = fs::metadata(private).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", private.display());
        }
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn a_path_that_is_too_long_or_cannot_be_used_has_another_place() {
        let runtime = tempfile::tempdir().unwrap();
        let long = runtime.path().join("x".repeat(LONGEST));
        let file = runtime.path().join("file");
        fs::write(&file, "").unwrap();
        for unusable in [Some(long.as_path()), Some(file.as_path()), None] {
            let folder = SocketFolder::make(unusable).unwrap();
            let socket = folder.socket();
            assert!(socket.starts_with(FALLBACK), "{}", socket.display());
            assert!(socket.as_os_str().len() <= LONGEST);
            let mode = fs::metadata(folder.folder.path()).unwrap().permissions();
            assert_eq!(mode.mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let runtime = tempfile::tempdir().unwrap();
        let parent = runtime.path().join(OWN);
        let living = SocketFolder::make(Some(runtime.path())).unwrap();
        let left = parent.join(format!("{PREFIX}left"));
        let young = parent.join(format!("{PREFIX}young"));
        let other = parent.join("other");
        for folder in [&left, &young, &other] {
            fs::create_dir(folder).unwrap();
        }
        fs::write(left.join(SOCKET), "").unwrap();
        for old in [left.as_path(), other.as_path(), living.folder.path()] {
            let long_ago = FileTimes::new().set_modified(SystemTime::UNIX_EPOCH);
            File::open(old).unwrap().set_times(long_ago).unwrap();
        }
        sweep(&parent);
        assert!(!left.exists());
        assert!(young.exists() && other.exists() && living.folder.path().exists());
    }
}
