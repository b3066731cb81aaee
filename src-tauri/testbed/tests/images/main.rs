//! The images of labs run on every engine: hosts and routers reach each other, and the stand-in for cEOS fails where cEOS
//! does.
#![expect(
    clippy::unwrap_used,
    reason = "a failed step is a failed test, and says where"
)]

#[macro_use]
#[path = "../each_engine/mod.rs"]
mod each_engine;

mod ceos;
mod hosts;
mod node;
mod routers;
