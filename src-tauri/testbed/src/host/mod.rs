//! A machine that is reached by SSH, the network between, and what is installed there: repositories and packages.
//!
//! The machine is a real OpenSSH server on loopback, alone in its own namespaces: it can lose its connections, be rebooted
//! and change its key, and nothing of it outlives the test process.

mod builder;
mod client;
mod far_side;
mod index;
mod keys;
mod line;
mod machine;
mod package;
mod port;
mod process;
mod repositories;
mod repository;
mod sdist;
mod venv;
mod wheel;
mod wire;
mod zip;

pub use builder::HostBuilder;
pub use index::PackageIndex;
pub use machine::Host;
pub use package::Package;
pub use process::Process;
pub use repositories::Repositories;
pub use repository::Repository;
pub use venv::make_venv;
pub use wire::Wire;
