//! Terminals and captures: streams, each of one view.

use labwright_jobs::ErrorReport;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A terminal that the user wants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct TerminalWish {
    /// The lab's name.
    pub lab: String,
    /// The node.
    pub node: String,
    /// What is in it.
    pub what: TerminalKind,
    /// Its width in characters.
    pub columns: u16,
    /// Its height in lines.
    pub rows: u16,
}

/// What is in a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum TerminalKind {
    /// The kind's command line.
    Console,
    /// A shell.
    Shell,
    /// What the node prints, from its last lines on.
    Logs,
}

/// What is told of a terminal besides its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum TerminalEvent {
    /// The program in it ended.
    Ended {
        /// How; 0 of a log whose node ended.
        #[ts(type = "number")]
        exit_code: i64,
    },
    /// It broke off.
    Failed {
        /// Why.
        error: ErrorReport,
    },
}

/// A capture that the user wants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct CaptureWish {
    /// The lab's name.
    pub lab: String,
    /// The end that is listened to.
    pub end: String,
}

/// What a capture has, pushed while it runs.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum CaptureEvent {
    /// Packets that came.
    Packets {
        /// In their order.
        packets: Vec<Packet>,
        /// How many came so far, also those that the window was not told of.
        #[ts(type = "number")]
        count: u64,
        /// Bytes of the capture file so far.
        #[ts(type = "number")]
        bytes: u64,
    },
    /// It was stopped.
    Ended,
    /// It broke off. What it has can be saved.
    Failed {
        /// Why.
        error: ErrorReport,
    },
}

/// A packet of a capture.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Packet {
    /// From 1.
    #[ts(type = "number")]
    pub number: u64,
    /// When it passed, in microseconds of Unix time.
    #[ts(type = "number")]
    pub at_us: u64,
    /// Who sent it: the innermost address that is known.
    pub source: String,
    /// Whom it is for.
    pub destination: String,
    /// What it is, in the field's word: `OSPF`, `LLDP`, `TCP`.
    pub protocol: String,
    /// Its length in bytes.
    pub length: u32,
    /// The rest in a line.
    pub summary: String,
    /// Whether the node at the end sent it.
    pub sent: bool,
}
