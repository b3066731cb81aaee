//! YAML with places: what stands where, so that every problem can say so.

mod expand;
mod load;
mod places;
mod scalar;
mod tree;

pub(super) use expand::expand;
pub(super) use load::load;
pub(super) use scalar::as_bool;
pub(super) use tree::{Data, Entry, Mapping, Value};
