//! Which vendor's image a file is: a table of rules with one interpreter.

mod name;
mod rules;

pub use name::file_stem;
pub use rules::{KindEntry, Recognised, Rules, RulesError};
