//! The readers of the formats.

pub(super) mod csv;
mod items;
pub(super) mod json;
mod list;
pub(super) mod own;
mod packages;
mod snapshot;
mod table;

use super::model::{NodeSource, PlanNode};

/// A node that nothing more is known of than what it is.
fn node(name: String, source: NodeSource) -> PlanNode {
    PlanNode {
        name,
        title: None,
        source,
        chosen: true,
        obstacle: None,
        notes: Vec::new(),
    }
}

/// Where requirements stand if nobody says otherwise: then the file need not be there.
fn other_requirements(file: Option<String>) -> Option<String> {
    file.filter(|file| file != "requirements.txt")
}
