//! Containerlab topologies: read, resolved and checked.

mod link;
mod management;
mod model;
mod name;
mod node;
mod problem;
mod seconds;

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
