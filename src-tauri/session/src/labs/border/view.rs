//! Labs as the window sees them.

use labwright_jobs::{ErrorReport, JobId, JobState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Labs: those of the engine in use, and those in files that are known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabsState {
    /// The engine's id; none while there is no engine.
    pub engine: Option<String>,
    /// Whether the engine's labs were listed at least once since it was selected.
    pub listed: bool,
    /// The labs: those that the engine has, then those that were opened last, then the others by name.
    pub labs: Vec<LabSummary>,
    /// Jobs that are about labs of another engine: a lab of this one may have the same name.
    pub elsewhere: Vec<JobId>,
    /// Why the engine's could not be listed again; `labs` may be out of date then.
    pub error: Option<ErrorReport>,
}

/// One lab of the list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabSummary {
    /// Names it when it is opened: its file's path, or `lab:NAME` of one whose file is not known.
    pub key: String,
    /// Its name; the file's where that cannot be read.
    pub name: String,
    /// Its topology's file, absolute; empty where nobody knows it.
    pub file: String,
    /// Whether the file is there.
    pub file_is_there: bool,
    /// When it was opened last, in milliseconds of Unix time; none where nobody knows.
    #[ts(type = "number | null")]
    pub opened: Option<u64>,
    /// Who deployed it; empty where nobody said, or it is not deployed.
    pub owner: String,
    /// Whether Labwright deployed it, or may: another tool's labs can only be looked at.
    pub ours: bool,
    /// Whether the engine has any of it.
    pub deployed: bool,
    /// How its nodes stand.
    pub counts: LabCounts,
    /// How many mistakes its file has.
    #[ts(type = "number")]
    pub mistakes: usize,
    /// The first of them, with its place.
    pub mistake: Option<String>,
    /// The job that ended last on it, whoever ran it, without steps, output and result.
    pub last_job: Option<JobState>,
}

/// How the nodes of a lab stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabCounts {
    /// Nodes of the file, and those that only the engine has.
    #[ts(type = "number")]
    pub nodes: usize,
    /// They run, and all checks of their kinds succeed.
    #[ts(type = "number")]
    pub ready: usize,
    /// They run, and the checks do not yet.
    #[ts(type = "number")]
    pub booting: usize,
    /// They were stopped, or never started.
    #[ts(type = "number")]
    pub stopped: usize,
    /// They ended with an error.
    #[ts(type = "number")]
    pub failed: usize,
}

/// The lab that is open, as its file and the engine have it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[expect(clippy::struct_excessive_bools, reason = "each is shown for itself")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabView {
    /// As in [`LabSummary`].
    pub key: String,
    /// As in [`LabSummary`].
    pub name: String,
    /// As in [`LabSummary`].
    pub file: String,
    /// As in [`LabSummary`]. One that is not there cannot be edited, unless it was edited before.
    pub file_is_there: bool,
    /// Changes whenever the file's text does; empty where there is no file.
    pub revision: String,
    /// As in [`LabSummary`].
    pub owner: String,
    /// As in [`LabSummary`].
    pub ours: bool,
    /// As in [`LabSummary`].
    pub deployed: bool,
    /// As in [`LabSummary`].
    pub last_job: Option<JobState>,
    /// Whether the engine was asked about it since it was opened.
    pub known: bool,
    /// Mistakes and warnings of the file, in its order. With a mistake, nodes and links are those of the last text without
    /// one, if there was any.
    pub problems: Vec<FileProblem>,
    /// Nodes of the file in its order, then those that only the engine has.
    pub nodes: Vec<LabNode>,
    /// Links of the file in its order, then those that only the engine has.
    pub links: Vec<LabLink>,
    /// Where nodes were put, in the drawing's pixels; the others are laid out by the window.
    pub positions: Vec<NodePosition>,
    /// Why it cannot be shown as it is: the file cannot be read, the patchbay does not answer.
    pub error: Option<ErrorReport>,
}

/// A place in a file, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct TextPlace {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// Something wrong or odd in a topology's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct FileProblem {
    /// Whether it stops a deployment.
    pub is_error: bool,
    /// Where.
    pub place: TextPlace,
    /// What.
    pub message: String,
    /// What would be right.
    pub suggestion: Option<String>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabNode {
    /// Its name.
    pub name: String,
    /// Its kind, `arista_ceos`.
    pub kind: String,
    /// The kind's name for people, `Arista cEOS`.
    pub kind_title: String,
    /// Its image; empty where it has none.
    pub image: String,
    /// What it is here: a container, a switch of the patchbay, the host itself, or nothing that runs here.
    pub form: NodeForm,
    /// Where its name stands in the file; none for a node that only the engine has.
    pub place: Option<TextPlace>,
    /// How it stands.
    pub standing: LabNodeStanding,
    /// Why, where it failed or boots.
    pub reason: String,
    /// Its container's name.
    pub container: String,
    /// Its address in the management network; empty where it has none.
    pub ipv4: String,
    /// Its address in the management network; empty where it has none.
    pub ipv6: String,
    /// Since when it runs, RFC 3339; empty where it does not.
    pub since: String,
    /// How often the engine started it again by itself.
    pub restarts: u32,
    /// Its ports, those of links first.
    pub ports: Vec<LabPort>,
    /// Whether its kind can save its configuration.
    pub saves: bool,
}

/// What a node is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum NodeForm {
    /// A container.
    Container,
    /// A switch in the patchbay.
    Switch,
    /// The engine's host.
    Host,
    /// Its kind does not run here.
    Elsewhere,
}

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum LabNodeStanding {
    /// The engine does not have it.
    Absent,
    /// It runs, and all checks of its kind succeed.
    Ready,
    /// It runs, and they do not yet.
    Booting,
    /// It was stopped, or never started.
    Stopped,
    /// It ended with an error.
    Failed,
}

/// A port of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabPort {
    /// Its name as Linux knows it.
    pub name: String,
    /// Its name as the file has it.
    pub written: String,
    /// Whether it exists.
    pub wired: bool,
    /// Whether the node sees a carrier.
    pub carrier: bool,
    /// What is wrong with it; empty where nothing is.
    pub problem: String,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabLink {
    /// Its ends.
    pub ends: [LabEnd; 2],
    /// Its number in the file, from 1; none for a link that only the engine has.
    pub number: Option<u32>,
    /// Where it stands in the file.
    pub place: Option<TextPlace>,
    /// How it stands.
    pub standing: LabLinkStanding,
    /// Why, where it waits or failed, or is not known.
    pub reason: String,
    /// What is done to frames on their way to each end.
    pub impairments: [LinkImpairments; 2],
}

/// An end of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabEnd {
    /// As `lw link` takes it: `leaf1:eth1`, `host:uplink`, `vxlan-leaf1/eth3:vx100`.
    pub end: String,
    /// The node; empty for an end outside of the lab.
    pub node: String,
    /// The port as the file has it; for an end outside, what it is: `uplink of the host`.
    pub port: String,
}

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum LabLinkStanding {
    /// The patchbay does not have it.
    Absent,
    /// Nobody tells: another tool wired it, or the patchbay is not heard.
    Unknown,
    /// It passes frames.
    Up,
    /// It was set down.
    Down,
    /// It waits for an end.
    Waiting,
    /// It cannot be made.
    Failed,
}

/// What is done to frames on their way to one end; nothing, where every value is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LinkImpairments {
    /// Delay in microseconds.
    pub delay_us: u32,
    /// By how much the delay varies, in microseconds.
    pub jitter_us: u32,
    /// How many of a million frames are lost.
    pub loss_ppm: u32,
    /// Of how many of a million frames one bit is turned over.
    pub corruption_ppm: u32,
    /// How many bits pass in a second; 0 for as many as there are.
    #[ts(type = "number")]
    pub rate_bps: u64,
}

/// Where a node is in the drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct NodePosition {
    /// The node.
    pub node: String,
    /// To the right, in pixels.
    pub x: f64,
    /// Downwards, in pixels.
    pub y: f64,
}

/// What passes the links of the open lab, measured by the patchbay at most once a second.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabTraffic {
    /// The open lab; empty while none is, or nobody looks.
    pub lab: String,
    /// Ends that something passes; the others are left out.
    pub ends: Vec<EndRate>,
}

/// What passes an end.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct EndRate {
    /// The end, as in [`LabEnd`].
    pub end: String,
    /// Bits that its node sent, in a second.
    #[ts(type = "number")]
    pub sent_bps: u64,
    /// Bits that its node was sent, in a second.
    #[ts(type = "number")]
    pub received_bps: u64,
}
