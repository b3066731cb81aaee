//! The rules of a wiring: what can be told to be wrong before anything is touched.

mod check;
mod links;
mod names;
#[cfg(test)]
mod tests;

pub use names::interface_name_fault;
