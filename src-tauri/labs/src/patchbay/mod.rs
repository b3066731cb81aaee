//! Talking to the program that wires a lab's links, and bringing it into the engine.

pub(crate) mod container;
mod error;
mod image;
mod talk;

pub use error::PatchbayError;
pub use talk::Patchbay;
