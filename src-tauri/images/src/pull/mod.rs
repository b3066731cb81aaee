//! The pull: the engine's own, what the registry says of the image beside it, then a look at what came.
//!
//! The engine fetches; we only ask. Sizes come from the registry's manifest, so that the total is known from the start;
//! where the registry does not answer us, amounts are shown without one.

mod check;
mod error;
mod flow;
mod manifest;
mod presence;
mod request;
mod steps;

pub use error::PullError;
pub use presence::{Presence, presence};
pub use request::{PullJob, PullRequest, PullResult, RegistryPlaces};
