//! The runner on a host: started, followed, stopped. `docs/runner.md` is the contract with the script.

mod event;
mod far_plan;
mod folder;
mod follow;

pub(crate) use event::{
    Event, Found, HeadState, NodeOutcome, Phase, PhaseState, Requirement, What,
};
pub(crate) use far_plan::{FarNode, FarPlan, Mode};
pub(crate) use folder::{Started, cancel, forget, node_log, start};
pub(crate) use follow::{Follower, News};
