//! Test support: private engines and registries, archive makers, images for labs, servers with faults, a machine that is
//! reached by SSH, and a desktop with a real window.
//!
//! Nothing here is part of the product, and nothing here knows the product's crates. Everything is blocking: an
//! asynchronous test calls it plainly, or from a thread where it would wait for long. What cannot be set up panics with
//! a message that says what is missing: a broken bench must stop the test, never let it pass.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "test support: a broken bench must stop the test at once, with a message that says why"
)]

pub mod archives;
mod cache;
pub mod desktop;
mod enclosure;
pub mod engine;
mod folder;
mod generated;
pub mod host;
pub mod images;
mod keyring;
pub mod registry;
pub mod servers;

pub use cache::cache_folder;
pub use desktop::{Display, DragSource, Launch, Window};
pub use engine::{Engine, Kind};
pub use generated::assert_committed;
pub use images::LabImage;
pub use keyring::Keyring;
pub use registry::{Gate, Registry, RegistryImage};
