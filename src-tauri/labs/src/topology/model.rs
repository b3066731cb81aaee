//! A topology with every setting resolved.

use super::{LabName, NodeName};
use super::{Link, ManagementNetwork, Node, Place, Problem};
use crate::kinds::Kinds;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Where a topology's text came from, and what it is read with.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The file, absolute: what it names is relative to its folder.
    pub file: &'a Path,
    /// The kinds of node that are known.
    pub kinds: &'a Kinds,
    /// What `__gitBranch__` and `__gitHash__` in a lab's name become; `none` where it is none.
    pub git: Option<GitHead<'a>>,
    /// The user's home folder, for paths that begin with `~`; they stay as they are where it is none.
    pub home: Option<&'a Path>,
}

/// Where a Git repository stands.
#[derive(Debug, Clone, Copy)]
pub struct GitHead<'a> {
    /// The branch's short name.
    pub branch: &'a str,
    /// The commit, at least seven digits.
    pub hash: &'a str,
}

/// A lab as its file describes it, resolved and checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topology {
    /// The lab's name.
    pub name: LabName,
    /// What container names begin with.
    pub prefix: Prefix,
    /// The file, absolute.
    pub file: PathBuf,
    /// The lab's folder beside the file, `clab-<lab>`; `__clabDir__`. Nothing here makes it.
    pub folder: PathBuf,
    /// The management network.
    pub management: ManagementNetwork,
    /// The nodes, in the order of the file.
    pub nodes: Vec<Node>,
    /// The links, in the order of the file.
    pub links: Vec<Link>,
    /// What is odd but stops nothing, in the order of the file.
    pub warnings: Vec<Problem>,
    /// The text as it was written, for an editor; not serialised.
    #[serde(skip)]
    pub source: Source,
}

impl Topology {
    /// The node of that name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name.as_str() == name)
    }

    /// What the container of a node is called.
    pub fn container_name(&self, node: &NodeName) -> String {
        self.prefix.container_name(&self.name, node)
    }
}

/// What container names begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prefix(
    /// As it was written: `clab` where nothing was, `__lab-name` and the empty text have meanings of their own.
    pub String,
);

impl Default for Prefix {
    fn default() -> Self {
        Self("clab".to_owned())
    }
}

impl Prefix {
    /// `clab-<lab>-<node>`, `<lab>-<node>` for the prefix `__lab-name`, `<node>` for an empty one.
    pub fn container_name(&self, lab: &LabName, node: &NodeName) -> String {
        match self.0.as_str() {
            "" => node.to_string(),
            "__lab-name" => format!("{lab}-{node}"),
            prefix => format!("{prefix}-{lab}-{node}"),
        }
    }
}

/// The text of a topology file, and where its parts stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The text as it was written, before any expansion.
    pub text: String,
    /// Every key and list item, in the order of the file.
    pub keys: Vec<KeyPlace>,
}

/// Where one key or list item stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPlace {
    /// From the top: `topology.nodes.leaf1.image`, `topology.links[3].endpoints[0]`.
    pub path: String,
    /// Where the key begins; for a list item, where the item begins.
    pub key: Place,
    /// Where the value begins.
    pub value: Place,
    /// Where the value ends.
    pub end: Place,
}

impl Source {
    /// Where the key with that path stands.
    pub fn find(&self, path: &str) -> Option<&KeyPlace> {
        self.keys.iter().find(|key| key.path == path)
    }
}
