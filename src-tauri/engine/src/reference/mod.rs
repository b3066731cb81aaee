//! Names of images: what a person types, what the engine stores, and when two of them are the same.

mod error;
mod image_id;
mod image_reference;
mod parse;
mod same;

pub use error::ReferenceError;
pub use image_id::{ImageId, ImageIdError};
pub use image_reference::ImageReference;
pub use same::same_reference;
