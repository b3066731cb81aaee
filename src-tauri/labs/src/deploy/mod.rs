//! Deploying a lab: doing its plan.

mod error;
mod files;
mod flow;
mod gates;
mod images;
mod node;
mod read;
mod remotes;
mod request;
mod shared;
mod turns;
mod undo;
mod whole;

pub use error::{DeployError, NodeCause, NodeError};
pub use read::{read, topology_file};
pub use request::{
    DeployJob, DeployRequest, DeployResult, DeployedNode, Lookup, OnFailure, Surroundings,
};
