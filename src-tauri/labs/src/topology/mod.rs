//! Containerlab topologies: read, resolved and checked.

mod annotations;
mod edit;
mod environment_file;
mod identity;
mod link;
mod management;
mod model;
mod name;
mod node;
mod problem;
mod read;
mod resource;
mod seconds;
mod stage;
mod words;
mod yaml;

pub use annotations::{
    AnnotationsError, Position, annotations_file, read_positions, rename_annotated, write_positions,
};
pub use edit::{ChosenLink, Doubt, Edit, EditError, Need, edit};
pub use environment_file::{EnvironmentFileError, read_environment_file};
pub use identity::label_variable;
pub use link::*;
pub use management::{ManagementNetwork, Subnet, SubnetChoice};
pub use model::{GitHead, KeyPlace, Origin, Prefix, Source, Topology};
pub use name::{
    INTERFACE_NAME_BYTES, InterfaceName, LabName, NODE_NAME_BYTES, NameError, NodeName,
};
pub use node::*;
pub use problem::{Code, Place, Problem, Severity, TopologyError};
pub use resource::*;
pub use stage::*;
pub use words::{Word, WordsError, words};

use read::MOST_PROBLEMS;
