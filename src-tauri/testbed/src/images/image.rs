//! One image: its archive, the name it goes by, and what it runs.

use std::io;
use std::path::{Path, PathBuf};

use crate::cache::{cache_folder, made_once};

/// How much of a digest tells one recipe's folder from another's.
const DIGITS: usize = 12;

/// An archive of a root file system that runs as a node of a lab.
#[derive(Clone, Debug)]
pub struct LabImage {
    path: PathBuf,
    reference: &'static str,
    command: &'static [&'static str],
}

impl LabImage {
    /// The archive `name`, in the folder of what the hexadecimal `digest` tells of.
    pub(super) fn new(
        digest: &str,
        name: &str,
        reference: &'static str,
        command: &'static [&'static str],
    ) -> Self {
        let path = cache_folder()
            .join("lab-images")
            .join(&digest[..DIGITS])
            .join(name);
        Self {
            path,
            reference,
            command,
        }
    }

    /// Lets `make` write the archive if it is not there.
    pub(super) fn made_by(self, make: impl FnOnce(&Path) -> io::Result<()>) -> Self {
        made_once(&self.path, make);
        self
    }

    /// The archive. Its file name is one that the product recognises.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name for it in an engine, `repository:tag`: the one that the product proposes for the file.
    pub fn reference(&self) -> &'static str {
        self.reference
    }

    /// What a container of it runs unless told otherwise; empty if the node's kind must tell. No archive carries it.
    pub fn command(&self) -> &'static [&'static str] {
        self.command
    }
}
