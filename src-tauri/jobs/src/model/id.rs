//! Names of jobs and steps.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::Timestamp;

/// The last moment given to an id in this process: no two ids share one.
static LAST_MOMENT: AtomicI64 = AtomicI64::new(0);

/// Names one job, in all processes and for good.
///
/// Twenty lower-case hexadecimal digits: twelve of time in milliseconds, eight random. Ids sort by
/// the time of their making, and a prefix of about nine digits is enough to name a job to a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct JobId(pub String);

impl JobId {
    /// A new id, later than every id this process made before.
    pub fn generate() -> Self {
        let now = Timestamp::now().millis();
        let before = LAST_MOMENT
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(now.max(last + 1))
            })
            .unwrap_or(now);
        let moment = now.max(before + 1);
        let [.., a, b, c, d] = Uuid::now_v7().into_bytes();
        Self(format!(
            "{moment:012x}{:08x}",
            u32::from_be_bytes([a, b, c, d])
        ))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl From<&str> for JobId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Names one step within its job. Later steps have greater ids, a child a greater one than its
/// parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct StepId(pub u32);

impl fmt::Display for StepId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::JobId;

    #[test]
    fn ids_sort_by_the_time_of_their_making() {
        let made: Vec<JobId> = (0..200).map(|_| JobId::generate()).collect();
        assert!(made.is_sorted_by(|before, after| before < after));
        assert!(made.iter().all(|id| id.as_str().len() == 20));
    }
}
