//! Jobs beyond the process: one SQLite file, shared by the window and the terminal.

mod claim;
mod error;
mod follow;
mod process;
mod query;
mod record;
mod schema;
mod search;
mod store;

pub(crate) use claim::{Claim, JobEntry};
pub use error::HistoryError;
pub use process::ProcessIdentity;
pub use query::JobFilter;
pub use record::JobRecord;
pub use search::{HistoryPage, HistoryQuery, OutcomeCounts, OutcomeKind};
pub use store::History;
