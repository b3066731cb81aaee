//! What a plan says, whatever its format.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A plan that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct InstallPlan {
    /// The name of its file.
    pub name: String,
    /// What it was read as.
    pub format: PlanFormat,
    /// The folder on the host that nodes' folders stand in, where the plan names one.
    pub target: Option<String>,
    /// The Python environment on the host, where the plan names one.
    pub venv: Option<String>,
    /// What can be installed, and what cannot and why; in the plan's order.
    pub nodes: Vec<PlanNode>,
    /// What the user should know of the plan as a whole.
    pub notes: Vec<String>,
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum PlanFormat {
    /// `Name,RepoUrl,Subfolder,RequirementsFile`.
    Csv,
    /// A snapshot of ComfyUI-Manager.
    Snapshot,
    /// A list of ComfyUI-Manager: thousands of nodes to pick from.
    List,
    /// Labwright's own, in TOML.
    Own,
}

/// One entry of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct PlanNode {
    /// What it is called; unique in its plan.
    pub name: String,
    /// What longer title the plan gives it, if it differs.
    pub title: Option<String>,
    /// What is installed.
    pub source: NodeSource,
    /// Whether it is installed unless the user says otherwise: not out of a list to pick from, and not what the plan
    /// calls disabled.
    pub chosen: bool,
    /// Why it cannot be installed.
    pub obstacle: Option<String>,
    /// What the user should know: system packages that it wants, say.
    pub notes: Vec<String>,
}

/// Where a node comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum NodeSource {
    /// A repository.
    Git {
        /// What git clones.
        url: String,
        /// Its folder below the target; with a `/` in it, it stands inside another node.
        folder: String,
        /// The commit, tag or branch that it is pinned to.
        reference: Option<String>,
        /// The requirements' file, where it is not `requirements.txt`.
        requirements: Option<String>,
        /// Python packages that the plan wants besides those of the file.
        packages: Vec<String>,
    },
    /// Python packages alone.
    Packages {
        /// As pip takes them.
        packages: Vec<String>,
    },
    /// A container image.
    Image {
        /// Where it comes from.
        image: ImageSource,
    },
    /// Something that Labwright does not install: the node's obstacle says why.
    Other,
}

/// Where an image comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "from", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum ImageSource {
    /// The host's engine pulls it.
    Registry {
        /// Its name.
        reference: String,
    },
    /// An archive on this machine is sent.
    File {
        /// Its path; relative ones are relative to the plan's folder.
        path: String,
        /// The name that it gets there; proposed by recognition if none.
        reference: Option<String>,
    },
    /// An image of this machine's engine is sent.
    Engine {
        /// Its name.
        reference: String,
    },
}
