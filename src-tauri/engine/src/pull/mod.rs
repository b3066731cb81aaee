//! Pulling: the request, what each engine says meanwhile, and what that means.

mod layer;
mod line;
mod refusal;
mod state;
mod stream;

pub use layer::{KnownLayer, LayerPhase, PullLayer};
pub use line::{LayerChange, PullLine};
pub(crate) use refusal::refusal;
pub use state::{DownloadTotals, PullState};
pub use stream::{PullOrder, PullStream};

#[cfg(test)]
mod tests;
