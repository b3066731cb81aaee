//! Containerlab topologies: read, resolved and checked.

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
mod yaml;

pub use environment_file::{EnvironmentFileError, read_environment_file};
pub use identity::label_variable;
pub use link::*;
pub use management::{ManagementNetwork, Subnet, SubnetChoice};
pub use model::{
    CertificateAuthority, GitHead, KeyPlace, LabSettings, Origin, Prefix, Source, Topology,
};
pub use name::{
    INTERFACE_NAME_BYTES, InterfaceName, LabName, NODE_NAME_BYTES, NameError, NodeName,
};
pub use node::*;
pub use problem::{Code, Place, Problem, Severity, TopologyError};
pub use resource::*;
pub use stage::*;

use read::MOST_PROBLEMS;
