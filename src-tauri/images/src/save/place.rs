//! Where a file is to be: looked at before anything is asked of an engine.

use super::error::SaveError;
use super::packing::Packing;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file's place that can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The file; what a link leads to, not the link.
    pub(super) path: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) packing: Packing,
    /// Whether a file that exists is replaced.
    pub(super) replace: bool,
}

impl Place {
    /// Checks the name, what is there, and the folder.
    pub(super) fn of(path: &Path, replace: bool) -> Result<Self, SaveError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let packing = Packing::of_name(&name)?;
        let path = free_or_replaced(path, replace)?;
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let in_folder = |source| SaveError::Folder {
            folder: folder.clone(),
            source,
        };
        if !fs::metadata(&folder).map_err(in_folder)?.is_dir() {
            return Err(in_folder(io::ErrorKind::NotADirectory.into()));
        }
        Ok(Self {
            path,
            folder,
            packing,
            replace,
        })
    }

    /// Fails if at least `needed` bytes will be written, and fewer are free.
    pub(super) fn check_space(&self, needed: u64) -> Result<(), SaveError> {
        match free_space(&self.folder) {
            Some(available) if needed > available => Err(SaveError::NoSpace {
                folder: self.folder.clone(),
                needed,
                available,
            }),
            _ => Ok(()),
        }
    }
}

fn free_or_replaced(path: &Path, replace: bool) -> Result<PathBuf, SaveError> {
    let Ok(there) = fs::metadata(path) else {
        // Not there, or not to be seen: the folder tells.
        return Ok(path.to_owned());
    };
    let not_a_file = |what| SaveError::NotAFile {
        path: path.to_owned(),
        what,
    };
    if there.is_dir() {
        return Err(not_a_file("a folder"));
    }
    if !there.is_file() {
        return Err(not_a_file("a device or pipe"));
    }
    if !replace {
        return Err(SaveError::Exists {
            path: path.to_owned(),
        });
    }
    // A link stays, and leads to the new file.
    Ok(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
}

/// Bytes that are free for this user; none where the system does not tell.
#[cfg(unix)]
fn free_space(folder: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(folder).ok()?;
    space.f_bavail.checked_mul(space.f_frsize)
}

#[cfg(not(unix))]
fn free_space(_folder: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn code(path: &Path, replace: bool) -> &'static str {
        Place::of(path, replace).map_or_else(|error| error.code(), |_| "good")
    }

    #[test]
    fn what_is_there_decides() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("there.tar"), "old").unwrap();
        fs::create_dir(path("folder.tar")).unwrap();
        assert_eq!(code(&path("new.tar"), false), "good");
        assert_eq!(code(&path("there.tar"), false), "file_exists");
        assert_eq!(code(&path("there.tar"), true), "good");
        assert_eq!(code(&path("folder.tar"), true), "file_kind");
        assert_eq!(code(&path("none/new.tar"), false), "folder_unwritable");
        assert_eq!(code(&path("there.tar/new.tar"), false), "folder_unwritable");
        assert_eq!(code(&path("new.tar.xz"), false), "packing_xz");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_a_device_is_no_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("real.tar"), "old").unwrap();
        std::os::unix::fs::symlink(path("real.tar"), path("link.tar")).unwrap();
        std::os::unix::fs::symlink("/dev/null", path("null.tar")).unwrap();
        let place = Place::of(&path("link.tar"), true).unwrap();
        assert_eq!(place.path, fs::canonicalize(path("real.tar")).unwrap());
        assert_eq!(code(&path("null.tar"), true), "file_kind");
    }

    #[test]
    fn more_than_is_free_does_not_fit() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(&folder.path().join("new.tar"), false).unwrap();
        assert!(place.check_space(1).is_ok());
        let error = place.check_space(u64::MAX).unwrap_err();
        assert_eq!(error.code(), "no_space");
    }
}
