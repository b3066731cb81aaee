//! Installs on a host: what is asked for, how it is done, and what is known of it at any moment.

mod error;
mod flow;
mod git_progress;
mod ledger;
mod link;
mod node_step;
mod request;
mod sending;
mod standing;
mod steps;
mod words;

pub use error::InstallError;
pub use ledger::{
    ConflictReport, Counts, FindingReport, HeadReport, InstallSummary, NodeReport, NodeResult,
    Origin,
};
pub use request::{Engines, InstallJob, InstallMode, InstallRequest, RequestedNode, Sources};
pub(crate) use standing::examine;
pub use standing::{NodeStanding, Prospect};
