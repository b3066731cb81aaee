//! What every part of the reading may look at.

use super::problems::Problems;
use crate::kinds::Kinds;
use crate::topology::{LabName, Prefix};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What every part of the reading may look at.
pub(super) struct Context<'a> {
    pub(super) problems: &'a Problems,
    pub(super) kinds: &'a Kinds,
    pub(super) lab: &'a LabName,
    pub(super) prefix: &'a Prefix,
    /// The folder of the file.
    pub(super) base: &'a Path,
    /// The lab's own folder.
    pub(super) folder: &'a Path,
    pub(super) home: Option<&'a Path>,
    /// The nodes of the topology, by name as written.
    pub(super) nodes: &'a BTreeSet<&'a str>,
}

impl Context<'_> {
    /// A node's folder in the lab's.
    pub(super) fn node_folder(&self, node: &str) -> PathBuf {
        self.folder.join(node)
    }

    /// A text with its magic variables replaced.
    pub(super) fn magic(&self, text: &str, node: &str) -> String {
        if !text.contains("__clab") {
            return text.to_owned();
        }
        let lab = self
            .folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        text.replace("__clabDir__", &self.folder.to_string_lossy())
            .replace("__clabLabName__", &lab)
            .replace("__clabNodeDir__", &self.node_folder(node).to_string_lossy())
            .replace("__clabNodeName__", node)
    }

    /// "did you mean `leaf2`?", of the nodes.
    pub(super) fn similar_node(&self, word: &str) -> Option<String> {
        self.problems.did_you_mean(word, self.nodes.iter().copied())
    }
}
