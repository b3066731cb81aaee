//! What the window sees of a session: one description for each thing that can change.
//!
//! Each is pushed whole when it changes. Only jobs are pushed as events, because they change often.

use std::path::PathBuf;

use labwright_engine::{EngineInfo, Health, WayOut};
use labwright_images::recognition::KindEntry;
use labwright_images::{LibraryImage, Presence, Proposal};
use labwright_jobs::{ErrorReport, JobId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Settings;

/// The engine in use, and the others that were found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct EngineState {
    /// Whether engines are being looked for, or one is being started.
    pub searching: bool,
    /// The engine that everything is done with.
    pub selected: Option<SelectedEngine>,
    /// All engines that answered, in order of precedence.
    pub found: Vec<EngineInfo>,
    /// Engines of hosts, which are asked only when one is chosen.
    pub unasked: Vec<UnaskedEngine>,
    /// Places that were asked and did not answer as an engine.
    pub unreachable: Vec<UnreachableEngine>,
    /// Why none is selected.
    pub problem: Option<EngineProblem>,
}

/// An engine that is in use.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct SelectedEngine {
    /// What it said of itself.
    pub info: EngineInfo,
    /// Bytes that are free for its images; none where that cannot be known from here.
    #[ts(type = "number | null")]
    pub free_space: Option<u64>,
    /// Whether it is there.
    pub health: Health,
}

/// The engine of a host that nobody chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct UnaskedEngine {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// A place where no engine answered.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct UnreachableEngine {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Why not.
    pub error: ErrorReport,
}

/// There is no engine to use.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct EngineProblem {
    /// Why.
    pub error: ErrorReport,
    /// How this system gets one; none where the user chose an engine that cannot be used.
    pub way_out: Option<WayOut>,
}

/// The images of the selected engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ImagesState {
    /// The engine's id; none while there is no engine.
    pub engine: Option<String>,
    /// Whether they were listed at least once since the engine was selected.
    pub listed: bool,
    /// The images as they were listed last.
    pub images: Vec<LibraryImage>,
    /// Why they could not be listed again; `images` may be out of date then.
    pub error: Option<ErrorReport>,
}

/// A reference that was pulled, or is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ReferenceState {
    /// The reference, in its familiar form.
    pub reference: String,
    /// How it stands on the engine in use.
    pub presence: Presence,
}

/// A pull that the user wants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct PullWish {
    /// The image; a short name is Docker Hub's.
    pub reference: String,
    /// `linux/arm64`; the engine's own platform if none or empty.
    pub platform: Option<String>,
}

/// Files that were dragged over the window, or chosen, and what would become of them.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Offer {
    /// Its name, for the answer.
    #[ts(type = "number")]
    pub id: u64,
    /// Whether they are still held, or an answer is waited for.
    pub phase: OfferPhase,
    /// Whether folders are still being searched for files.
    pub searching: bool,
    /// The name of the engine that they would go to.
    pub engine: Option<String>,
    /// Bytes that are free there.
    #[ts(type = "number | null")]
    pub free_space: Option<u64>,
    /// The files, folders replaced by the archives in them.
    pub files: Vec<OfferedFile>,
    /// How many more there were than are looked at.
    #[ts(type = "number")]
    pub left_out: usize,
}

/// Where an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum OfferPhase {
    /// The files are held over the window.
    Dragged,
    /// They were let go or chosen, and are still being looked at; what is clear starts by itself.
    Looking,
    /// The user is asked what to do with those that are left.
    Asking,
}

/// One file of an offer.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct OfferedFile {
    /// Its path or URL.
    pub source: String,
    /// Its name.
    pub name: String,
    /// What is known of it.
    pub verdict: Verdict,
}

/// What is known of an offered file.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Verdict {
    /// It is being looked into; what its name says is known already.
    Looking {
        /// From its name alone.
        proposal: Proposal,
    },
    /// It can be imported.
    Importable {
        /// As what.
        proposal: Proposal,
    },
    /// Its import was started.
    Started {
        /// As what.
        proposal: Proposal,
    },
    /// It is a lab, or a folder with some: they are opened, not imported.
    Lab {
        /// The lab's name, or the folder's.
        name: String,
        /// How many labs it stands for.
        #[ts(type = "number")]
        labs: usize,
        /// Whether it is the only lab that is offered, which opens; several go on the list.
        opens: bool,
    },
    /// It cannot.
    Refused {
        /// Why, and what to do instead.
        error: ErrorReport,
    },
}

/// What came of labs that were dropped, or given to the program when it was started. The window goes there.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum HandedOver {
    /// It is open.
    Lab {
        /// Its key.
        key: String,
    },
    /// They are on the list.
    Labs {
        /// How many.
        #[ts(type = "number")]
        count: usize,
    },
    /// They cannot be opened.
    Failed {
        /// Why.
        error: ErrorReport,
    },
}

/// What the user decided on one file of an offer, or wants imported without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ImportWish {
    /// An absolute path or a URL.
    pub source: String,
    /// The reference it shall get; proposed by the rules without one.
    pub reference: Option<String>,
    /// The kind that it shall be taken for.
    pub kind: Option<String>,
    /// Whether a reference that exists is moved to the new image.
    pub replace: bool,
}

/// A job that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Started {
    /// The job.
    pub job: JobId,
    /// Whether it ran or waited before.
    pub resumed: bool,
}

/// Settings, and what they rest on.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct SettingsState {
    /// As they are in force.
    pub settings: Settings,
    /// Why the file could not be read; the defaults are in force then, and nothing is written.
    pub error: Option<ErrorReport>,
    /// Files and folders.
    pub places: Places,
    /// The kinds that are known, the user's own first.
    pub kinds: Vec<KindEntry>,
    /// Why the user's own kinds are not used.
    pub kinds_error: Option<ErrorReport>,
    /// Why past jobs cannot be read; new ones are kept in memory then.
    pub history_error: Option<ErrorReport>,
}

/// Where things are on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Places {
    /// The user's home, which paths are told from.
    pub home: Option<PathBuf>,
    /// The settings.
    pub settings: PathBuf,
    /// The user's own recognition rules; the file need not be there.
    pub kinds: PathBuf,
    /// The history of jobs.
    pub history: PathBuf,
    /// The log.
    pub log: PathBuf,
}
