//! What each kind of node needs: a table with one interpreter.

mod error;
mod facts;
mod interfaces;
mod kind;
mod readiness;
mod table;
mod template;

pub use error::KindsError;
pub use facts::{ManagementFacts, NodeFacts, Rendered, RenderedFile};
pub use interfaces::{InterfaceRule, InterfaceRules, PortError};
pub use kind::*;
pub use readiness::*;
pub use table::Kinds;
