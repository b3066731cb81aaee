//! All jobs at one moment, and how they follow the events after it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{JobEvent, JobId, JobState};

/// All jobs of a monitor after the event numbered `seq`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Snapshot {
    /// The number of the last event that is in here; 0 before the first.
    #[ts(type = "number")]
    pub seq: u64,
    /// The jobs, the oldest first: all that run or wait, and the last that ended.
    pub jobs: Vec<JobState>,
}

/// Events are missing: the state can only be had again with a new snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("events after number {after} are missing")]
pub struct Gap {
    /// The number of the last event that was seen.
    pub after: u64,
}

impl Snapshot {
    /// One of its jobs.
    pub fn job(&self, id: &JobId) -> Option<&JobState> {
        self.jobs.iter().find(|job| job.id == *id)
    }

    /// Follows one event. An event that is already in here changes nothing; one that is not the
    /// next is a gap.
    pub fn apply(&mut self, event: &JobEvent) -> Result<(), Gap> {
        if event.seq <= self.seq {
            return Ok(());
        }
        if event.seq != self.seq + 1 {
            return Err(Gap { after: self.seq });
        }
        self.seq = event.seq;
        match self.jobs.iter_mut().find(|job| job.id == event.job) {
            Some(job) => {
                job.apply(event);
            }
            None => self.jobs.extend(JobState::begin(event)),
        }
        Ok(())
    }
}
