//! Images that labs are tested with: a small host, a real router, and a stand-in for Arista's cEOS.
//!
//! Each is one archive in the cache folder, in a folder named after its content: what a changed recipe makes never
//! meets what an older one left.

mod busybox;
pub mod ceos;
mod frr;
mod image;

pub use image::LabImage;
