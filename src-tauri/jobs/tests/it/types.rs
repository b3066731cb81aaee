//! The generated TypeScript is committed, and is that of the Rust types.

use std::path::PathBuf;

use labwright_jobs::{
    CancelReason, Change, ErrorReport, HistoryPage, HistoryQuery, JobEvent, JobId, JobRecord,
    JobState, LogLine, Outcome, OutcomeCounts, OutcomeKind, ProcessIdentity, Progress, Snapshot,
    StepId, StepOutcome, StepState, StepStatus, Timestamp, Unit,
};
use labwright_testbed::assert_committed;
use ts_rs::{Config, TS};

fn generated<T: TS + 'static>() -> (PathBuf, String) {
    let text = T::export_to_string(&Config::new()).unwrap();
    (T::output_path().unwrap(), text)
}

#[test]
fn the_committed_types_are_up_to_date() {
    assert_committed([
        generated::<CancelReason>(),
        generated::<Change>(),
        generated::<ErrorReport>(),
        generated::<HistoryPage>(),
        generated::<HistoryQuery>(),
        generated::<JobEvent>(),
        generated::<JobId>(),
        generated::<JobRecord>(),
        generated::<JobState>(),
        generated::<LogLine>(),
        generated::<Outcome>(),
        generated::<OutcomeCounts>(),
        generated::<OutcomeKind>(),
        generated::<ProcessIdentity>(),
        generated::<Progress>(),
        generated::<Snapshot>(),
        generated::<StepId>(),
        generated::<StepOutcome>(),
        generated::<StepState>(),
        generated::<StepStatus>(),
        generated::<Timestamp>(),
        generated::<Unit>(),
    ]);
}
