//! What the window sees of hosts, and what it wishes.

use labwright_jobs::{ErrorReport, JobId, JobState};
use labwright_remote::host::{Host, HostFacts, HostKey};
use labwright_remote::plan::InstallPlan;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The hosts that were added, in the order of their names. Pushed whole when anything of it changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct HostsState {
    /// The hosts.
    pub hosts: Vec<HostView>,
    /// Aliases of `~/.ssh/config` that were not added yet.
    pub suggestions: Vec<String>,
    /// Why the file of hosts cannot be read; nothing is written over it.
    pub problem: Option<ErrorReport>,
}

/// One host.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct HostView {
    /// What the user said of it.
    pub host: Host,
    /// Where ssh goes, as its configuration resolves it: `root@gpu-7.lab:2207`.
    pub resolved: Option<String>,
    /// How it stands.
    pub standing: HostStanding,
    /// What the last test found.
    pub facts: Option<HostFacts>,
    /// What is done there now, by this program or another one of this user: the newest last.
    pub jobs: Vec<JobId>,
}

/// How a host stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum HostStanding {
    /// Nobody asked yet.
    #[default]
    Unknown,
    /// It is being asked.
    Asking,
    /// It answers.
    Connected {
        /// Milliseconds for a question and its answer, measured last.
        #[ts(type = "number")]
        round_trip: u64,
    },
    /// ssh does not know its key: the user has to compare the fingerprint.
    KeyUnknown {
        /// What it shows.
        key: HostKey,
    },
    /// It cannot be used, and why.
    Unreachable {
        /// Why. The code `host_key_changed` is no question: it is refused.
        error: ErrorReport,
    },
}

/// A plan that the user opened for a host.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct PlanWish {
    /// The host's name.
    pub host: String,
    /// The plan's file.
    pub file: String,
    /// ComfyUI's folder on the host, or what the plan itself names if none.
    pub target: Option<String>,
    /// The Python environment on the host; looked for if none.
    pub venv: Option<String>,
}

/// A plan, as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct PlanView {
    /// What it says.
    pub plan: InstallPlan,
    /// The plan's file.
    pub file: String,
    /// The folder that nodes would go to; none if nobody named one.
    pub target: Option<String>,
}

/// An install that the user wants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct InstallWish {
    /// The plan, its host and where to.
    pub plan: PlanWish,
    /// The nodes to install, by name.
    pub only: Vec<String>,
    /// Those of them whose existing folder is replaced, as the user confirmed.
    pub replace: Vec<String>,
    /// How many clones at once; 4 if none.
    pub jobs: Option<u8>,
}

/// What was done on a host, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct HostHistory {
    /// Jobs that ended.
    pub jobs: Vec<JobState>,
}
