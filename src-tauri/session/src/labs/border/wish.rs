//! What the window can want of a lab, and what it is answered.

use labwright_jobs::ErrorReport;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::LinkImpairments;

/// A deployment that the user wants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct DeployWish {
    /// The topology's file, absolute.
    pub file: String,
    /// Whether images that are missing are pulled.
    pub pull: bool,
    /// Archives that missing images are imported from: absolute paths or URLs.
    pub import: Vec<String>,
    /// Whether every node gets a new container.
    pub anew: bool,
}

/// What a deployment would do, or what is in its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabPlan {
    /// The steps, in their order; none where something is in the way.
    pub steps: Vec<PlannedStep>,
    /// Nodes that run as they should.
    pub kept: Vec<String>,
    /// What is odd but stops nothing.
    pub notes: Vec<String>,
    /// What is in the way.
    pub obstacles: Vec<LabObstacle>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct PlannedStep {
    /// What kind of step: `pull`, `import`, `remove_node`, `create_network`, `create_patchbay`, `replace_patchbay`,
    /// `create_volume`, `create_node`, `wire`, `start_node`, `run_commands`.
    pub kind: String,
    /// The node, image, network, volume or container that it is about.
    pub object: String,
    /// Why; empty where that goes without saying.
    pub why: String,
    /// The whole step in words.
    pub words: String,
}

/// Something in the way of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabObstacle {
    /// For code that branches: `image_missing`.
    pub code: String,
    /// The node, where it is one's.
    pub node: Option<String>,
    /// What.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Nodes that the user wants started or stopped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct PowerWish {
    /// The lab's name.
    pub lab: String,
    /// The nodes; all, if none is given.
    pub nodes: Vec<String>,
    /// What is done to them.
    pub action: LabPower,
}

/// What is done to nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum LabPower {
    /// Start those that do not run.
    Start,
    /// Stop those that run.
    Stop,
    /// Both.
    Restart,
}

/// What is to be changed at a link of a running lab.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum LinkWish {
    /// Join two ends that have no link.
    Connect {
        /// The two.
        ends: [String; 2],
    },
    /// Take the link of an end away.
    Disconnect {
        /// Either of the two.
        end: String,
    },
    /// Set the link of an end up or down.
    Set {
        /// Either of the two.
        end: String,
        /// Whether it passes frames.
        up: bool,
    },
    /// Change what is done to frames on their way to an end, wholly.
    Impair {
        /// The end.
        end: String,
        /// What is done.
        impairments: LinkImpairments,
    },
}

/// A node that saved its configuration, or why it did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct SavedConfiguration {
    /// The node.
    pub node: String,
    /// The file in the node; empty where its kind only prints the configuration.
    pub path: String,
    /// The volume that the file is in, as the engine calls it; empty where it is in none of the kind's.
    pub volume: String,
    /// How long it is.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What came of letting nodes save their configurations.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct SavedConfigurations {
    /// Those that did.
    pub nodes: Vec<SavedConfiguration>,
    /// Why others did not.
    pub failure: Option<ErrorReport>,
}

/// Configurations in a folder of the user's.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct SavedFiles {
    /// The folder.
    pub folder: String,
    /// The files that were written, by their names.
    pub written: Vec<String>,
    /// Files that are there already. While there is one nothing is written, unless the user says so.
    pub in_the_way: Vec<String>,
    /// Why some nodes have none.
    pub failure: Option<ErrorReport>,
}

/// A topology's text, as a file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabText {
    /// The text.
    pub text: String,
    /// Changes whenever the text does.
    pub revision: String,
}

/// A change of the file that the drawing asks for. It changes no more than the lines that it must.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum LabEdit {
    /// Add a node after the last.
    AddNode {
        /// Its name.
        name: String,
        /// Its kind.
        kind: String,
        /// Its image; empty to leave it to the kind or the defaults.
        image: String,
    },
    /// Add a link after the last.
    AddLink {
        /// Its ends, as files write them: `leaf1:eth1`.
        ends: [String; 2],
    },
    /// Give a node another name, wherever the file names it.
    RenameNode {
        /// Its name.
        from: String,
        /// The new one.
        to: String,
    },
    /// Remove nodes with the links that they have, and further links.
    Delete {
        /// Their names.
        nodes: Vec<String>,
        /// The links.
        links: Vec<LinkOfFile>,
    },
}

/// A link of the file, as it was when the user chose it. Another one may have its number since.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LinkOfFile {
    /// Its number, from 1.
    pub number: u32,
    /// Its ends, as in [`LabEnd`](super::LabEnd).
    pub ends: [String; 2],
}

/// What can be written in a topology's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct LabWords {
    /// The keys that are known, by where they stand.
    pub keys: Vec<KeyWord>,
    /// The kinds of node.
    pub kinds: Vec<KindWord>,
}

/// A key of a topology's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct KeyWord {
    /// The keys above it, with `*` for a name of the user's: `topology.nodes.*`.
    pub within: String,
    /// The key.
    pub key: String,
    /// What it says, in a sentence.
    pub about: String,
    /// The values that it takes, where they can be counted.
    pub values: Vec<String>,
}

/// A kind of node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct KindWord {
    /// Its name, `arista_ceos`.
    pub name: String,
    /// Further names.
    pub aliases: Vec<String>,
    /// For people.
    pub title: String,
    /// Whether it runs here.
    pub runs_here: bool,
    /// What it would need otherwise.
    pub needs: String,
}
