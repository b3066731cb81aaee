//! Changes of a topology's text, as a drawing asks for them: whole entries are put in or taken out, or names changed, at
//! places that the reader gave. Comments, order, unknown keys and layout stay as they are, and the outcome is read before
//! anybody gets it: it means exactly what was asked for, or there is none.

mod change;
mod error;
mod lines;
mod link;
mod mask;
mod names;
mod new;
mod node;
mod outcome;
mod put;
mod script;
mod splice;
mod syntax;
mod take;
mod wish;

pub use change::edit;
pub use error::{Doubt, EditError, Need};
pub use wish::{ChosenLink, Edit};
