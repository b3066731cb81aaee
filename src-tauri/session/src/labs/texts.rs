//! The text of a topology's file, read and written.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use labwright_labs::topology::Topology;
use thiserror::Error;

use super::LabText;
use super::file::{revision, text_of};

/// Why a text was not read or not written.
#[derive(Debug, Error)]
pub(crate) enum TextError {
    /// The disk, or who may do what.
    #[error("{} cannot be read", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It was removed, or has another name now.
    #[error("{} is not there any more", file.display())]
    Gone {
        /// The file.
        file: PathBuf,
    },
    /// Somebody else wrote it meanwhile.
    #[error("{} was changed by another program since it was read", file.display())]
    Changed {
        /// The file.
        file: PathBuf,
    },
    /// The disk, or who may do what.
    #[error("{} cannot be written", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl TextError {
    /// For people and programs.
    pub(crate) fn report(&self) -> ErrorReport {
        let (code, hint) = match self {
            Self::Read { .. } => (
                "topology_unreadable",
                "Check that the file is there, and that you may read it.",
            ),
            Self::Gone { .. } => (
                "topology_gone",
                "Save again to make it anew, if its folder is there.",
            ),
            Self::Changed { .. } => (
                "topology_changed",
                "Read it again, and make your changes in what it says now.",
            ),
            Self::Write { .. } => (
                "topology_unwritable",
                "Check that you may write to the file and its folder, and that the disk has room.",
            ),
        };
        ErrorReport::of(code, self).with_hint(hint)
    }
}

/// A file's text. Waits for the disk.
pub(crate) fn read(file: &Path) -> Result<LabText, TextError> {
    let failed = |source: io::Error| {
        let file = file.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => TextError::Gone { file },
            _ => TextError::Read { file, source },
        }
    };
    let text = text_of(file).map_err(failed)?;
    Ok(LabText {
        revision: revision(&text),
        text,
    })
}

/// Writes a file whole or not at all, if it is as it was at `since`; the new revision. With an empty `since` it is made, and
/// must not be there. Waits for the disk.
pub(crate) fn write(file: &Path, text: &str, since: &str) -> Result<String, TextError> {
    let failed = |source| TextError::Write {
        file: file.to_owned(),
        source,
    };
    // Where the path is a link, what it leads to is written, and the link stays.
    let target = match fs::canonicalize(file) {
        Ok(target) => target,
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        Err(_) if since.is_empty() => return make(file, text),
        Err(_) => {
            let file = file.to_owned();
            return Err(TextError::Gone { file });
        }
    };
    if read(&target)?.revision != since {
        let file = file.to_owned();
        return Err(TextError::Changed { file });
    }
    let folder = target.parent().unwrap_or(Path::new("/"));
    let permissions = fs::metadata(&target).map_err(failed)?.permissions();
    let mut beside = tempfile::Builder::new()
        .prefix(".labwright-")
        .tempfile_in(folder)
        .map_err(failed)?;
    let written = beside
        .write_all(text.as_bytes())
        .and_then(|()| beside.as_file().set_permissions(permissions))
        .and_then(|()| beside.as_file().sync_all());
    written.map_err(failed)?;
    beside
        .persist(&target)
        .map_err(|error| failed(error.error))?;
    Ok(revision(text))
}

/// Makes a file that is not there.
fn make(file: &Path, text: &str) -> Result<String, TextError> {
    let failed = |source| TextError::Write {
        file: file.to_owned(),
        source,
    };
    let mut new = fs::File::create_new(file).map_err(failed)?;
    let written = new.write_all(text.as_bytes()).and_then(|()| new.sync_all());
    if let Err(source) = written {
        // Half a file is none.
        let _left = fs::remove_file(file);
        return Err(failed(source));
    }
    Ok(revision(text))
}

/// The node that has another name now, if that is the only difference of the nodes.
pub(crate) fn renamed(before: &Topology, after: &Topology) -> Option<(String, String)> {
    if before.nodes.len() != after.nodes.len() {
        return None;
    }
    let both = before.nodes.iter().zip(&after.nodes);
    let mut others = both.filter(|(before, after)| before.name != after.name);
    let (from, to) = others.next()?;
    let only = others.next().is_none();
    only.then(|| (from.name.to_string(), to.name.to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn what_changed_outside_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dc1.clab.yml");
        fs::write(&file, "name: one\n").unwrap();
        let first = read(&file).unwrap().revision;
        let second = write(&file, "name: two\n", &first).unwrap();
        assert_eq!(read(&file).unwrap().revision, second);
        fs::write(&file, "name: three\n").unwrap();
        let refused = write(&file, "name: four\n", &second).unwrap_err();
        assert_eq!(refused.report().code, "topology_changed");
        assert_eq!(fs::read_to_string(&file).unwrap(), "name: three\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::remove_file(&file).unwrap();
        let refused = write(&file, "name: five\n", &second).unwrap_err();
        assert_eq!(refused.report().code, "topology_gone");
        assert_eq!(read(&file).unwrap_err().report().code, "topology_gone");
        assert!(!file.exists(), "what was removed comes back only by a wish");
        let anew = write(&file, "name: six\n", "").unwrap();
        assert_eq!(read(&file).unwrap().revision, anew);
        let refused = write(&file, "name: seven\n", "").unwrap_err();
        assert_eq!(
            refused.report().code,
            "topology_changed",
            "somebody made it"
        );
        fs::remove_dir_all(folder.path()).unwrap();
        let refused = write(&file, "name: eight\n", "").unwrap_err();
        assert_eq!(refused.report().code, "topology_unwritable");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (
            folder.path().join("a.yml"),
            folder.path().join("b.clab.yml"),
        );
        fs::write(&file, "a").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        write(&link, "b", &revision("a")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "b");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}
