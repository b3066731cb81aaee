//! Servers with faults, on loopback and on Unix sockets.

mod content;
mod docker_answers;
mod http;
mod hung;
mod request;
mod response;

pub use http::{HttpServer, HttpServerBuilder};
pub(crate) use hung::wait_until_broken_off;
pub use hung::{HungEngine, Upload};
pub use request::Request;
