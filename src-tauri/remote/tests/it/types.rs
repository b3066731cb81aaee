//! The generated TypeScript is committed, and is that of the Rust types.

use std::path::PathBuf;

use labwright_remote::host::{Host, HostFacts, HostKey};
use labwright_remote::install::{
    ConflictReport, Counts, FindingReport, HeadReport, InstallSummary, NodeReport, NodeResult,
    NodeStanding, Origin, Prospect,
};
use labwright_remote::plan::{ImageSource, InstallPlan, NodeSource, PlanFormat, PlanNode};
use labwright_testbed::assert_committed;
use ts_rs::{Config, TS};

fn generated<T: TS + 'static>() -> (PathBuf, String) {
    let text = T::export_to_string(&Config::new()).unwrap();
    (T::output_path().unwrap(), text)
}

#[test]
fn the_committed_types_are_up_to_date() {
    assert_committed([
        generated::<ConflictReport>(),
        generated::<Counts>(),
        generated::<FindingReport>(),
        generated::<HeadReport>(),
        generated::<Host>(),
        generated::<HostFacts>(),
        generated::<HostKey>(),
        generated::<ImageSource>(),
        generated::<InstallPlan>(),
        generated::<InstallSummary>(),
        generated::<NodeReport>(),
        generated::<NodeResult>(),
        generated::<NodeSource>(),
        generated::<NodeStanding>(),
        generated::<Origin>(),
        generated::<PlanFormat>(),
        generated::<PlanNode>(),
        generated::<Prospect>(),
    ]);
}
