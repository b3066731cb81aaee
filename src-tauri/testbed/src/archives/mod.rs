//! Makers of every archive shape the product meets: good ones, bent ones and hostile ones. All are deterministic.

mod bomb;
mod ceos;
mod compression;
mod docker;
mod filler;
pub mod hostile;
mod index;
mod nested;
mod oci;
mod rootfs;
mod store;

pub use bomb::{gzip_bomb, xz_bomb};
pub use ceos::{CEOS_FILE_NAME, ceos_cached, ceos_sized};
pub use compression::Compression;
pub use docker::DockerArchive;
pub use filler::{Filler, noise};
pub use nested::nested;
pub use oci::OciArchive;
pub use rootfs::RootFs;
pub(crate) use store::{configuration, sha256};
