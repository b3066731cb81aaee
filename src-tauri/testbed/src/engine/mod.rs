//! Real engines, each alone in its own namespaces, folder and socket.

mod client;
mod kind;
mod ping;
mod private;

pub use kind::Kind;
pub use private::Engine;
