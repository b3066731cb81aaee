//! The protocol of a lab's patchbay: what is wanted, what is asked, what is told.
//!
//! The program (feature `program`) runs in one helper container per lab and keeps the lab's links wired. Whoever
//! speaks to it starts `labwright-patchbay talk` in that container and exchanges JSON, one document a line:
//! [`Call`] in, [`Message`] out. This library holds those types and the rules of a [`Wiring`]; it opens nothing.

mod container;
mod end_name;
mod impairments;
mod mac_address;
mod message;
mod problem;
mod status;
mod validation;
mod wiring;

pub use container::{
    CAPABILITIES, CAPTURE_COMMAND, PROGRAM, SECURITY_OPTIONS, SERVE_COMMAND, STATE_FOLDER,
    TALK_COMMAND, VERSION_COMMAND, VersionLine,
};
pub use end_name::{EndName, EndNameError};
pub use impairments::Impairments;
pub use mac_address::{MacAddress, MacAddressError};
pub use message::{Answer, Call, Event, Message, Outcome, Reply, Request};
pub use problem::{Problem, ProblemCode};
pub use status::{Counters, EndState, EndStatus, LinkState, LinkStatus, Status};
pub use validation::interface_name_fault;
pub use wiring::{
    DEFAULT_MTU, DEFAULT_VXLAN_PORT, Link, LinkEnd, MacvlanMode, Node, Outside, OutsideKind, Port,
    Switch, Wiring,
};

/// The protocol's number. It changes when an older program could misunderstand.
pub const PROTOCOL: u32 = 1;
