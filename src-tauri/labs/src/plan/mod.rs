//! What is to be done to an engine so that it runs a lab: pure.

mod address;
mod check;
mod check_wiring;
mod container;
mod error;
mod images;
mod make;
mod steps;
#[cfg(test)]
mod tests;
mod wiring;

pub use address::{Addresses, Ranges, addresses, gateways};
pub use container::NodePlan;
pub use error::{Obstacle, PlanError};
pub use images::Bring;
pub(crate) use images::bring_hint;
pub use make::{Plan, Planner};
pub(crate) use steps::count;
pub use steps::{PlanStep, Undo, Why};
pub use wiring::{LinkEnds, Surroundings, link_ends, wiring};
