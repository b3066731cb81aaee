//! What there is.

use serde::{Deserialize, Serialize};

use crate::{EndName, Impairments, MacAddress, Problem};

/// How a patchbay stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// The SHA-256 of the program's file, in hexadecimal digits.
    pub program: String,
    /// [`crate::PROTOCOL`] of the program.
    pub protocol: u32,
    /// [`crate::Wiring::fingerprint`] of what is wanted.
    pub wiring: String,
    /// Every port and every end outside, by name.
    pub ends: Vec<EndStatus>,
    /// Every link, in the wiring's order.
    pub links: Vec<LinkStatus>,
    /// What is wrong with the patchbay as a whole, such as a state that could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// How a port or an end outside stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndStatus {
    /// The end.
    pub end: EndName,
    /// How it stands.
    pub state: EndState,
    /// Since when, in milliseconds of Unix time.
    pub since_ms: u64,
}

/// How a port or an end outside stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum EndState {
    /// Its container does not run.
    Waiting,
    /// It exists.
    Wired {
        /// Whether both sides of it are up: whether the node sees a carrier.
        carrier: bool,
        /// The MTU in bytes.
        mtu: u32,
        /// The hardware address in the node, or of the end outside.
        mac: Option<MacAddress>,
        /// The interface's number in the node or the engine's host; 0 for an end that has none there.
        ifindex: u32,
        /// What could not be had, while the end works all the same.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<Problem>,
    },
    /// It cannot be made. It is tried again from time to time, and when its node is looked for.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// How a link stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkStatus {
    /// Its ends, in the wiring's order.
    pub ends: [EndName; 2],
    /// How it stands.
    pub state: LinkState,
    /// What is done to frames on their way to each end.
    pub impairments: [Impairments; 2],
}

/// How a link stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum LinkState {
    /// It passes frames.
    Up,
    /// It was set down.
    Down,
    /// It waits for ends that do not exist.
    Waiting {
        /// Those ends.
        missing: Vec<EndName>,
    },
    /// It cannot be made.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// What has passed an end since it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// The end.
    pub end: EndName,
    /// Bytes that the node sent.
    pub sent_bytes: u64,
    /// Frames that the node sent.
    pub sent_frames: u64,
    /// Bytes that the node was sent.
    pub received_bytes: u64,
    /// Frames that the node was sent.
    pub received_frames: u64,
}
