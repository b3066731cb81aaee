//! Archives, recognition, import and the image library.

pub mod archive;
pub mod recognition;
mod source;
