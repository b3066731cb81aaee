//! The generated TypeScript is committed, and is that of the Rust types.

use std::path::PathBuf;

use labwright_session::{
    Closing, EngineProblem, EngineState, HandedOver, ImagesState, ImportWish, LogLevel,
    Notifications, Offer, OfferPhase, OfferedFile, Places, PullWish, ReferenceState,
    SelectedEngine, Settings, SettingsState, Started, Theme, UnaskedEngine, UnreachableEngine,
    Verdict,
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
        generated::<Closing>(),
        generated::<EngineProblem>(),
        generated::<EngineState>(),
        generated::<HandedOver>(),
        generated::<ImagesState>(),
        generated::<ImportWish>(),
        generated::<LogLevel>(),
        generated::<Notifications>(),
        generated::<Offer>(),
        generated::<OfferPhase>(),
        generated::<OfferedFile>(),
        generated::<Places>(),
        generated::<PullWish>(),
        generated::<ReferenceState>(),
        generated::<SelectedEngine>(),
        generated::<Settings>(),
        generated::<SettingsState>(),
        generated::<Started>(),
        generated::<Theme>(),
        generated::<UnaskedEngine>(),
        generated::<UnreachableEngine>(),
        generated::<Verdict>(),
    ]);
}

#[test]
fn the_committed_types_of_labs_are_up_to_date() {
    use labwright_session::labs::*;

    assert_committed([
        generated::<CaptureEvent>(),
        generated::<CaptureWish>(),
        generated::<DeployWish>(),
        generated::<EndRate>(),
        generated::<ExampleLab>(),
        generated::<FileProblem>(),
        generated::<KeyWord>(),
        generated::<KindWord>(),
        generated::<LabCounts>(),
        generated::<LabEdit>(),
        generated::<LabEnd>(),
        generated::<LabLink>(),
        generated::<LabLinkStanding>(),
        generated::<LabNode>(),
        generated::<LabNodeStanding>(),
        generated::<LabObstacle>(),
        generated::<LabPlan>(),
        generated::<LabPort>(),
        generated::<LabPower>(),
        generated::<LabSummary>(),
        generated::<LabText>(),
        generated::<LabTraffic>(),
        generated::<LabView>(),
        generated::<LabWords>(),
        generated::<LabsState>(),
        generated::<LinkImpairments>(),
        generated::<LinkOfFile>(),
        generated::<LinkWish>(),
        generated::<NodeForm>(),
        generated::<NodePosition>(),
        generated::<Packet>(),
        generated::<PageId>(),
        generated::<PlannedStep>(),
        generated::<PowerWish>(),
        generated::<RunEvent>(),
        generated::<RunWish>(),
        generated::<SavedConfiguration>(),
        generated::<SavedConfigurations>(),
        generated::<SavedFiles>(),
        generated::<TerminalEvent>(),
        generated::<TerminalKind>(),
        generated::<TerminalWish>(),
        generated::<TextPlace>(),
        generated::<Turn>(),
    ]);
}

#[test]
fn the_committed_types_of_hosts_are_up_to_date() {
    use labwright_session::hosts::*;

    assert_committed([
        generated::<HostHistory>(),
        generated::<HostStanding>(),
        generated::<HostView>(),
        generated::<HostsState>(),
        generated::<InstallWish>(),
        generated::<PlanView>(),
        generated::<PlanWish>(),
    ]);
}
