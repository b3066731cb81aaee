//! One stream of changes for the window.

mod border;
mod stream;

pub(crate) use border::{LeaveAnswer, LeaveQuestion, Opening, Place, Unsaved};
pub(crate) use stream::Bridge;
