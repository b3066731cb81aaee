//! What is wrong, and with which object.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind of thing it is, for code that branches.
    pub code: ProblemCode,
    /// The end, node, switch or link it is about; empty where it is about the whole request.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub object: String,
    /// The same in words, the object and the cause included.
    pub message: String,
}

impl Problem {
    /// A problem with `object`.
    pub fn new(code: ProblemCode, object: impl fmt::Display, message: impl Into<String>) -> Self {
        Self {
            code,
            object: object.to_string(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The line is no [`crate::Call`].
    BadRequest,
    /// A node's container is not named by 64 hexadecimal digits.
    ContainerIdInvalid,
    /// Two things have the same name, or two links the same end.
    Duplicate,
    /// A link, or a request, names an end that the wiring does not have.
    EndUnknown,
    /// The end has no link.
    EndNotLinked,
    /// A request names a node that the wiring does not have.
    NodeUnknown,
    /// Linux takes no interface of that name.
    InterfaceNameInvalid,
    /// The name of a node or switch is empty or holds a colon or a slash.
    NameInvalid,
    /// An interface cannot have that hardware address.
    MacInvalid,
    /// An MTU is outside 68 to 65535 bytes.
    MtuOutOfRange,
    /// An impairment is out of range, or there is jitter without a delay.
    ImpairmentInvalid,
    /// A vxlan's network number, port or remote address is out of range.
    VxlanInvalid,
    /// A link joins an end with itself, or ends that cannot be joined.
    LinkImpossible,
    /// The node, or the engine's host, already has an interface of that name, which is not the patchbay's.
    InterfaceExists,
    /// The engine's host has no interface or bridge of that name.
    HostInterfaceMissing,
    /// The kernel lacks `sch_netem`.
    KernelWithoutNetem,
    /// The kernel lacks another module.
    KernelWithoutModule,
    /// Transmit checksums of a port could not be set as wanted; the port works all the same.
    ChecksumOffload,
    /// The kernel refused a change of an interface.
    KernelRefused,
    /// The container's namespaces could not be entered.
    NamespaceUnreachable,
    /// The wiring could not be kept in the state folder.
    StateNotSaved,
    /// What was kept in the state folder could not be read.
    StateNotRead,
    /// Packets may not be captured: the container lacks `NET_RAW`.
    CaptureNotAllowed,
    /// A code that this side does not know.
    #[serde(other)]
    Other,
}
