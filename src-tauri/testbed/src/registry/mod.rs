//! A real registry for one test, images to put into it, and a gate in front of it that is slow, breaks, or answers
//! with what a registry says when it refuses.

mod access;
mod configuration;
mod documents;
mod exchange;
mod fault;
mod flow;
mod gate;
mod image;
mod media_types;
mod push;
mod pushed;
mod server;

pub use fault::Fault;
pub use gate::Gate;
pub use image::RegistryImage;
pub use pushed::{Blob, PushedImage, PushedPlatform};
pub use server::{Registry, RegistryBuilder};
