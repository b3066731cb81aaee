//! One topology's file as it is now.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use labwright_jobs::ErrorReport;
use labwright_labs::deploy::Surroundings;
use labwright_labs::kinds::Kinds;
use labwright_labs::topology::{Origin, Position, Problem, Severity, Topology, read_positions};
use sha2::{Digest, Sha256};

use super::NodePosition;

/// More than any topology has: reading on would only fill memory.
const MOST_BYTES: u64 = 16 << 20;

/// What files are read with.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    /// The kinds of node.
    pub(crate) kinds: Arc<Kinds>,
    /// What they may refer to.
    pub(crate) surroundings: Surroundings,
}

/// A topology's file as it is now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LabFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Changes whenever its text does; empty where it cannot be read.
    pub(crate) revision: String,
    /// What is wrong or odd in it, in its order.
    pub(crate) problems: Vec<Problem>,
    /// What it says; with a mistake, what it said before that.
    pub(crate) topology: Option<Arc<Topology>>,
    /// Where nodes were put.
    pub(crate) positions: Vec<NodePosition>,
    /// Whether it is there.
    pub(crate) is_there: bool,
    /// Why it cannot be read.
    pub(crate) error: Option<ErrorReport>,
}

impl LabFile {
    /// The lab's name; none where no text without a mistake was seen.
    pub(crate) fn name(&self) -> Option<&str> {
        self.topology
            .as_ref()
            .map(|topology| topology.name.as_str())
    }

    /// Its mistakes.
    pub(crate) fn mistakes(&self) -> impl Iterator<Item = &Problem> {
        let is_error = |problem: &&Problem| problem.severity == Severity::Error;
        self.problems.iter().filter(is_error)
    }
}

impl Reader {
    /// Reads a file again. What did not change is not looked at.
    pub(crate) fn read(&self, path: &Path, before: Option<&LabFile>) -> LabFile {
        let positions = positions(path);
        let text = match text_of(path) {
            Ok(text) => text,
            Err(error) => return unread(path, before, positions, &error),
        };
        let same = before.filter(|before| before.revision == revision(&text));
        match same {
            Some(before) => LabFile {
                positions,
                ..before.clone()
            },
            None => LabFile {
                positions,
                ..self.parse(path, &text, before)
            },
        }
    }

    /// What a text would be as this file.
    pub(crate) fn parse(&self, path: &Path, text: &str, before: Option<&LabFile>) -> LabFile {
        let origin = Origin {
            file: path,
            kinds: &self.kinds,
            git: None,
            home: self.surroundings.home.as_deref(),
        };
        let variable = |name: &str| (self.surroundings.variable)(name);
        let (topology, problems) = match Topology::parse(text, &origin, &variable) {
            Ok(topology) => {
                let problems = topology.warnings.clone();
                (Some(Arc::new(topology)), problems)
            }
            Err(error) => (None, error.problems),
        };
        LabFile {
            path: path.to_owned(),
            revision: revision(text),
            problems,
            topology: topology.or_else(|| before?.topology.clone()),
            positions: before.map_or_else(Vec::new, |before| before.positions.clone()),
            is_there: true,
            error: None,
        }
    }
}

/// Changes whenever a text does.
pub(crate) fn revision(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// The whole text of a file.
pub(crate) fn text_of(path: &Path) -> io::Result<String> {
    let refused = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidData, why));
    // To open a pipe would wait for its other side.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return refused("it is no file");
    }
    if metadata.len() > MOST_BYTES {
        return refused("it is too large for a topology");
    }
    let mut text = String::new();
    File::open(path)?
        .take(MOST_BYTES)
        .read_to_string(&mut text)?;
    Ok(text)
}

fn unread(
    path: &Path,
    before: Option<&LabFile>,
    positions: Vec<NodePosition>,
    error: &io::Error,
) -> LabFile {
    let message = format!("{} cannot be read", path.display());
    let report = ErrorReport::new("topology_unreadable", message).with_cause(error.to_string());
    LabFile {
        path: path.to_owned(),
        revision: String::new(),
        problems: Vec::new(),
        topology: before.and_then(|before| before.topology.clone()),
        positions,
        is_there: error.kind() != io::ErrorKind::NotFound,
        error: Some(report),
    }
}

/// Where nodes were put, as the file beside the topology tells it. One that cannot be read tells nothing.
fn positions(path: &Path) -> Vec<NodePosition> {
    let positions = read_positions(path).unwrap_or_else(|error| {
        tracing::debug!(%error, "where nodes were put");
        Vec::new()
    });
    let position = |position: Position| NodePosition {
        node: position.node,
        x: position.x,
        y: position.y,
    };
    positions.into_iter().map(position).collect()
}
