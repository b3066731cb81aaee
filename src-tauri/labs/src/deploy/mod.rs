//! Deploying a lab: doing its plan.

mod error;
mod files;
mod flow;
mod images;
mod node;
mod read;
mod remotes;
mod request;
mod shared;
mod undo;
mod whole;

pub use error::{DeployError, NodeError};
pub use read::{read, topology_file, topology_files};
pub use request::{
    DeployJob, DeployRequest, DeployResult, DeployedNode, Lookup, OnFailure, Surroundings,
};
