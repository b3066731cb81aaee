//! Labs that are there: looking at them, starting and stopping them, removing them.

mod destroy;
mod doctor;
mod error;
mod find;
mod inspect;
mod power;
mod save;
mod standing;
mod standings;

pub(crate) use destroy::is_unused;
pub use destroy::{DestroyJob, DestroyRequest, DestroyResult};
pub use doctor::{Finding, doctor};
pub use error::{LabError, PartError};
pub use find::{RunningLab, RunningNode, lab, labs};
pub(crate) use inspect::link_view;
pub use inspect::{LabState, LinkView, NodeStanding, NodeState, PortView, inspect};
pub use power::{PowerAction, PowerJob, PowerRequest, PowerResult};
pub use save::{SaveError, Saved, SavedNode, save};
pub(crate) use standing::port;
pub use standings::{LabStanding, Standings, Touched};

use labwright_engine::Engine;
use labwright_jobs::JobSpec;

/// What the monitor needs to know of work on a lab. Two pieces of it never run at once, in no process: who asks for the
/// second is told of the first.
pub(crate) fn spec(
    kind: &str,
    title: String,
    engine: &Engine,
    object: &str,
    request: serde_json::Value,
) -> JobSpec {
    let lab = format!("lab:{}:{object}", engine.info().id);
    JobSpec {
        kind: kind.to_owned(),
        title,
        subject: Some(object.to_owned()),
        key: Some(lab.clone()),
        queue: Some(lab),
        request,
    }
}
