//! Configurations of nodes as files in a folder of the user's.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use labwright_labs::running::SavedNode;
use thiserror::Error;

use super::store::beside;

/// What a file ends with where the node's own has no ending.
const ENDING: &str = "cfg";

/// Why configurations are not in a folder.
#[derive(Debug, Error)]
pub(crate) enum ConfigurationError {
    /// It is none that could be written to.
    #[error("{} is no folder", folder.display())]
    NoFolder {
        /// As it was given.
        folder: PathBuf,
    },
    /// The disk, or who may do what.
    #[error("the configuration of {node} cannot be written as {}", file.display())]
    Write {
        /// The node.
        node: String,
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl ConfigurationError {
    /// For people and programs.
    pub(crate) fn report(&self) -> ErrorReport {
        let code = match self {
            Self::NoFolder { .. } => "configuration_folder",
            Self::Write { .. } => "configuration_write",
        };
        let hint = "Choose a folder that you may write to and that has room.";
        ErrorReport::of(code, self).with_hint(hint)
    }
}

/// What became of files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Those that were written, by their names.
    pub(crate) written: Vec<String>,
    /// Those that were there already; with one of them nothing is written.
    pub(crate) in_the_way: Vec<String>,
}

/// Writes a file for each node: `leaf1.cfg`. What is there is replaced only where that is wanted. Waits for the disk.
pub(crate) fn write(
    nodes: &[SavedNode],
    folder: &Path,
    replace: bool,
) -> Result<Written, ConfigurationError> {
    if !(folder.is_absolute() && folder.is_dir()) {
        let folder = folder.to_owned();
        return Err(ConfigurationError::NoFolder { folder });
    }
    let is_there = |name: &String| folder.join(name).symlink_metadata().is_ok();
    let names = nodes.iter().map(name);
    let in_the_way: Vec<String> = names.filter(|name| !replace && is_there(name)).collect();
    let mut all = Written {
        written: Vec::new(),
        in_the_way,
    };
    if !all.in_the_way.is_empty() {
        return Ok(all);
    }
    for node in nodes {
        let name = name(node);
        let file = folder.join(&name);
        write_one(&node.text, &file, replace).map_err(|source| ConfigurationError::Write {
            node: node.node.clone(),
            file,
            source,
        })?;
        all.written.push(name);
    }
    Ok(all)
}

/// The node's name is one that files can have: it was checked when it saved.
fn name(node: &SavedNode) -> String {
    let own = Path::new(&node.file).extension();
    let ending = own.map_or(ENDING.into(), |ending| ending.to_string_lossy());
    format!("{}.{ending}", node.node)
}

/// A file has its name only when it is whole.
fn write_one(text: &str, file: &Path, replace: bool) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("/"));
    let mut copy = beside(folder)?;
    copy.write_all(text.as_bytes())?;
    copy.as_file().sync_all()?;
    if replace {
        copy.persist(file)?;
    } else {
        copy.persist_noclobber(file)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs;

    use super::*;

    fn saved(node: &str, file: &str) -> SavedNode {
        SavedNode {
            node: node.to_owned(),
            file: file.to_owned(),
            text: format!("of {node}\n"),
        }
    }

    #[test]
    fn nothing_is_overwritten_without_being_asked() {
        let folder = tempfile::tempdir().unwrap();
        let nodes = [
            saved("leaf1", "startup-config"),
            saved("srl1", "config.json"),
        ];
        let both = ["leaf1.cfg".to_owned(), "srl1.json".to_owned()];
        let first = write(&nodes[..1], folder.path(), false).unwrap();
        assert_eq!(first.written, both[..1]);
        let leaf = folder.path().join("leaf1.cfg");
        fs::write(&leaf, "mine").unwrap();

        let again = write(&nodes, folder.path(), false).unwrap();
        assert_eq!(again.in_the_way, both[..1]);
        assert_eq!(again.written, [""; 0]);
        assert_eq!(fs::read_to_string(&leaf).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

        let asked = write(&nodes, folder.path(), true).unwrap();
        assert_eq!(asked.written, both);
        assert_eq!(fs::read_to_string(&leaf).unwrap(), "of leaf1\n");

        let gone = folder.path().join("gone");
        let refused = write(&nodes, &gone, false).unwrap_err().report();
        assert_eq!(refused.code, "configuration_folder");
    }
}
