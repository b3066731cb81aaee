//! What crosses from the program to the webview.

use labwright_jobs::{JobEvent, JobState, Snapshot};
use labwright_session::hosts::HostsState;
use labwright_session::labs::{LabTraffic, LabView, LabsState};
use labwright_session::{
    EngineState, HandedOver, ImagesState, Offer, ReferenceState, SettingsState,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything as it is when a window opens its stream.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub(crate) struct Opening {
    /// The stream's number: batches of other streams are not for this page.
    #[ts(type = "number")]
    pub(crate) stream: u64,
    /// The jobs of this process. Every event after `jobs.seq` follows in a batch.
    pub(crate) jobs: Snapshot,
    /// Jobs of other processes.
    pub(crate) others: Vec<JobState>,
    /// The engine.
    pub(crate) engine: EngineState,
    /// Its images.
    pub(crate) images: ImagesState,
    /// References that were pulled or are to be, and how they stand; the newest first.
    pub(crate) references: Vec<ReferenceState>,
    /// Settings and places.
    pub(crate) settings: SettingsState,
    /// Files that are offered right now.
    pub(crate) offer: Option<Offer>,
    /// The labs.
    pub(crate) labs: LabsState,
    /// The lab that is open; none while none is.
    pub(crate) lab: Option<LabView>,
    /// The hosts.
    pub(crate) hosts: HostsState,
    /// Labs that were handed over since the last window was told.
    pub(crate) handed_over: Option<HandedOver>,
    /// The question that is open.
    pub(crate) leaving: Option<LeaveQuestion>,
    /// The program's version.
    pub(crate) version: String,
}

/// What changed since the last batch: at most one for each frame.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub(crate) struct Batch {
    /// The stream it belongs to.
    #[ts(type = "number")]
    pub(crate) stream: u64,
    /// Consecutive from 1. Where one is missing, or the first event does not follow the last one
    /// known, the window opens a new stream.
    #[ts(type = "number")]
    pub(crate) number: u64,
    /// Events of jobs, in their order, without a gap.
    pub(crate) jobs: Vec<JobEvent>,
    /// What else changed, each whole.
    pub(crate) parts: Vec<Part>,
}

/// Something else than a job that changed, as it is now.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "part", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub(crate) enum Part {
    /// Jobs that other processes run or let wait; up to a second old.
    Others {
        /// As they are now.
        state: Vec<JobState>,
    },
    /// The engine in use, and the others.
    Engine {
        /// As it is now.
        state: EngineState,
    },
    /// The engine's images.
    Images {
        /// As they are now.
        state: ImagesState,
    },
    /// References that were pulled or are to be; the newest first.
    References {
        /// As they are now.
        state: Vec<ReferenceState>,
    },
    /// The settings.
    Settings {
        /// As they are now.
        state: SettingsState,
    },
    /// Files that are offered; none when the offer ended.
    Offer {
        /// As it is now.
        state: Option<Offer>,
    },
    /// The labs.
    Labs {
        /// As they are now.
        state: LabsState,
    },
    /// The lab that is open; none when it was closed.
    Lab {
        /// As it is now.
        state: Option<LabView>,
    },
    /// What passes the links of the open lab.
    Traffic {
        /// As it is now.
        state: LabTraffic,
    },
    /// The hosts.
    Hosts {
        /// As they are now.
        state: HostsState,
    },
    /// Labs that were handed over: the window goes there.
    HandedOver {
        /// None where it was told already.
        state: Option<HandedOver>,
    },
    /// The question whether to leave; none when it was answered.
    Leaving {
        /// As it is now.
        state: Option<LeaveQuestion>,
    },
}

/// The window is to close, or the program to end, and jobs run or work is not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub(crate) struct LeaveQuestion {
    /// Whether the program is to end; otherwise the window is to close.
    pub(crate) quit: bool,
    /// How many jobs run or wait.
    #[ts(type = "number")]
    pub(crate) jobs: usize,
    /// What would be lost with the page.
    pub(crate) unsaved: Unsaved,
}

/// What the page has that is in no file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub(crate) struct Unsaved {
    /// Files with changes that are not saved.
    #[ts(type = "number")]
    pub(crate) files: usize,
    /// Captures with packets that are not saved.
    #[ts(type = "number")]
    pub(crate) captures: usize,
}

impl Unsaved {
    /// Whether there is nothing.
    pub(crate) fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// What the user answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub(crate) enum LeaveAnswer {
    /// The window goes, the jobs go on, the program stays in the tray until they ended.
    Keep,
    /// The jobs are cancelled and the program ends.
    Quit,
    /// Nothing happens.
    Stay,
}

/// A file or folder that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub(crate) enum Place {
    /// The settings' folder.
    Settings,
    /// The user's own recognition rules; made with an example if there are none.
    Kinds,
    /// The history's folder.
    History,
    /// The log.
    Log,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::path::PathBuf;

    use labwright_testbed::assert_committed;
    use ts_rs::{Config, TS};

    use super::{Batch, LeaveAnswer, LeaveQuestion, Opening, Part, Place, Unsaved};

    fn generated<T: TS + 'static>() -> (PathBuf, String) {
        let text = T::export_to_string(&Config::new()).unwrap();
        (T::output_path().unwrap(), text)
    }

    #[test]
    fn the_committed_types_are_up_to_date() {
        assert_committed([
            generated::<Batch>(),
            generated::<LeaveAnswer>(),
            generated::<LeaveQuestion>(),
            generated::<Opening>(),
            generated::<Part>(),
            generated::<Place>(),
            generated::<Unsaved>(),
        ]);
    }
}
